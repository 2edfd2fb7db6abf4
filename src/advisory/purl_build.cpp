// Package URLs from the names of OSV ecosystems.
#include <algorithm>
#include <iterator>

#include "advisory/package.hpp"
#include "advisory/purl.hpp"
#include "advisory/purl_parts.hpp"

namespace advisory {

namespace purl {

namespace {

/// How a name in an OSV ecosystem is cut into namespace and name.
enum class Shape : std::uint8_t {
  plain,    // all of it is the name
  path,     // up to the last '/' is the namespace, if there is one
  scoped,   // npm: "@scope/name" or "name"
  two,      // exactly "namespace/name"
  colon,    // Maven: "group:artifact"
  dot,      // VSCode: "publisher.name"
  location  // SwiftURL: a repository's URL
};

struct Ecosystem {
  std::string_view name;
  std::string_view type;
  std::string_view fixed_namespace;
  Shape shape = Shape::plain;
};

constexpr Ecosystem ecosystems[] = {
    {"AlmaLinux", "rpm", "almalinux"},
    {"Alpaquita", "apk", "alpaquita"},
    {"Alpine", "apk", "alpine"},
    {"Azure Linux", "rpm", "azure-linux"},
    {"BellSoft Hardened Containers", "apk", "bellsoft-hardened-containers"},
    {"Bitnami", "bitnami", ""},
    {"CRAN", "cran", ""},
    {"Chainguard", "apk", "chainguard"},
    {"ConanCenter", "conan", ""},
    {"Debian", "deb", "debian"},
    {"Echo", "deb", "echo"},
    {"GitHub Actions", "github", "", Shape::two},
    {"Go", "golang", "", Shape::path},
    {"Hackage", "hackage", ""},
    {"Hex", "hex", "", Shape::path},
    {"Julia", "julia", ""},
    {"Mageia", "rpm", "mageia"},
    {"Maven", "maven", "", Shape::colon},
    {"MinimOS", "apk", "minimos"},
    {"NuGet", "nuget", ""},
    {"OSS-Fuzz", "generic", ""},
    {"Packagist", "composer", "", Shape::two},
    {"Pub", "pub", ""},
    {"PyPI", "pypi", ""},
    {"Red Hat", "rpm", "redhat"},
    {"Rocky Linux", "rpm", "rocky-linux"},
    {"RubyGems", "gem", ""},
    {"SUSE", "rpm", "suse"},
    {"SwiftURL", "swift", "", Shape::location},
    {"Ubuntu", "deb", "ubuntu"},
    {"VSCode", "vscode-extension", "", Shape::dot},
    {"Wolfi", "apk", "wolfi"},
    {"crates.io", "cargo", ""},
    {"npm", "npm", "", Shape::scoped},
    {"openEuler", "rpm", "openeuler"},
    {"openSUSE", "rpm", "opensuse"},
    {"opam", "opam", ""},
};

/// Puts a path's last segment into the name and the others into the namespace.
bool take_path(std::string_view path, Parts& parts) {
  const auto segments = split_path(path);
  if (segments.empty()) return false;
  parts.segments.assign(segments.begin(), segments.end() - 1);
  parts.name = segments.back();
  return true;
}

/// Puts what stands before and after the first `separator` into namespace and name.
bool take_pair(std::string_view text, char separator, Parts& parts) {
  const std::size_t at = text.find(separator);
  if (at == 0 || at == std::string_view::npos || at + 1 == text.size()) return false;
  parts.segments.emplace_back(text.substr(0, at));
  parts.name = text.substr(at + 1);
  return true;
}

bool cut_name(Shape shape, std::string_view name, Parts& parts) {
  const bool has_slash = name.find('/') != std::string_view::npos;
  switch (shape) {
    case Shape::plain:
      parts.name = name;
      return !name.empty();
    case Shape::path:
      return take_path(name, parts);
    case Shape::location:
      return take_path(swift_location(name), parts);
    case Shape::scoped:
      return (has_slash == (name.substr(0, 1) == "@")) && take_path(name, parts) &&
             parts.segments.size() <= 1;
    case Shape::two:
      return take_path(name, parts) && parts.segments.size() == 1;
    case Shape::colon:
      return !has_slash && take_pair(name, ':', parts);
    case Shape::dot:
      return !has_slash && take_pair(name, '.', parts);
  }
  return false;
}

}  // namespace

}  // namespace purl

std::string_view package_purl(std::string_view ecosystem, std::string_view name, base::Arena& arena) {
  const std::string_view wanted = ecosystem_base(ecosystem);
  const auto* const found = std::find_if(std::begin(purl::ecosystems), std::end(purl::ecosystems),
                                         [&](const purl::Ecosystem& e) { return e.name == wanted; });
  if (found == std::end(purl::ecosystems)) return {};
  purl::Parts parts;
  parts.type = purl::type_called(found->type);
  if (!purl::cut_name(found->shape, name, parts)) return {};
  if (!found->fixed_namespace.empty()) parts.segments.emplace_back(found->fixed_namespace);
  if (!purl::has_right_namespace(parts)) return {};
  purl::normalize(parts);
  return arena.copy(purl::build(parts));
}

}  // namespace advisory
