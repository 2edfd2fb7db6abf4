#include "advisory/package.hpp"

#include <algorithm>
#include <string>

#include "base/ascii.hpp"

namespace advisory {

namespace {

using base::is_alphanumeric;
using base::lower;

/// `name` with every character replaced by what `change` makes of it, copied only where that differs.
template <typename Change>
std::string_view transformed(std::string_view name, base::Arena& arena, Change change) {
  if (std::all_of(name.begin(), name.end(), [&](char c) { return change(c) == c; })) return name;
  auto* const copy = static_cast<char*>(arena.allocate(name.size(), 1));
  std::transform(name.begin(), name.end(), copy, change);
  return {copy, name.size()};
}

/// PEP 503: re.sub(r"[-_.]+", "-", name).lower()
std::string_view pypi_name(std::string_view name, base::Arena& arena) {
  const std::string_view dashed =
      transformed(name, arena, [](char c) { return c == '_' || c == '.' ? '-' : lower(c); });
  if (dashed.find("--") == std::string_view::npos) return dashed;
  std::string single;
  std::unique_copy(dashed.begin(), dashed.end(), std::back_inserter(single),
                   [](char a, char b) { return a == '-' && b == '-'; });
  return arena.copy(single);
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

std::string_view ecosystem_base(std::string_view ecosystem) {
  return ecosystem.substr(0, ecosystem.find(':'));
}

std::string_view normalized_name(std::string_view ecosystem, std::string_view name, base::Arena& arena) {
  const std::string_view base = ecosystem_base(ecosystem);
  if (base == "PyPI") return pypi_name(name, arena);
  if (base == "crates.io") return transformed(name, arena, [](char c) { return c == '_' ? '-' : lower(c); });
  if (base == "Pub")
    return transformed(name, arena, [](char c) { return is_alphanumeric(lower(c)) ? lower(c) : '_'; });
  if (base == "SwiftURL") return transformed(swift_location(name), arena, lower);
  for (const std::string_view insensitive :
       {"NuGet", "Packagist", "Hex", "Bitnami", "VSCode", "GitHub Actions"})
    if (base == insensitive) return transformed(name, arena, lower);
  return name;
}

std::string_view swift_location(std::string_view url) {
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos)
    url.remove_prefix(scheme + 3);
  if (const std::size_t user = url.substr(0, url.find('/')).find('@'); user != std::string_view::npos)
    url.remove_prefix(user + 1);
  while (ends_with(url, "/")) url.remove_suffix(1);
  if (ends_with(url, ".git")) url.remove_suffix(4);
  return url;
}

}  // namespace advisory
