#include "advisory/purl_parts.hpp"

#include <algorithm>
#include <iterator>

#include "advisory/package.hpp"
#include "base/ascii.hpp"
#include "base/percent.hpp"

namespace advisory::purl {

namespace {

constexpr Type types[] = {
    {"alpm", Namespace::required, true, true},
    {"apk", Namespace::required, true, true},
    {"bazel", Namespace::prohibited, false, false},
    {"bitbucket", Namespace::required, true, true},
    {"bitnami", Namespace::prohibited, false, true},
    {"brew", Namespace::optional, true, true},
    {"cargo", Namespace::prohibited, false, false},
    {"chrome-extension", Namespace::prohibited, false, true},
    {"cocoapods", Namespace::prohibited, false, false},
    {"composer", Namespace::required, true, true},
    {"conan", Namespace::optional, false, false},
    {"conda", Namespace::prohibited, false, false},
    {"cpan", Namespace::optional, false, false},
    {"cran", Namespace::prohibited, false, false},
    {"deb", Namespace::required, true, true},
    {"docker", Namespace::optional, false, false},
    {"gem", Namespace::prohibited, false, false},
    {"generic", Namespace::optional, false, false},
    {"git", Namespace::required, false, false},
    {"github", Namespace::required, true, true},
    {"golang", Namespace::optional, false, false},
    {"hackage", Namespace::prohibited, false, false},
    {"hex", Namespace::optional, true, true},
    {"huggingface", Namespace::required, false, false},
    {"julia", Namespace::prohibited, false, false},
    {"luarocks", Namespace::optional, true, true},
    {"maven", Namespace::required, false, false},
    {"mlflow", Namespace::prohibited, false, false},
    {"npm", Namespace::optional, false, false},
    {"nuget", Namespace::prohibited, false, false},
    {"oci", Namespace::prohibited, false, true},
    {"opam", Namespace::prohibited, false, false},
    {"otp", Namespace::prohibited, false, true},
    {"pub", Namespace::prohibited, false, true},
    {"pypi", Namespace::prohibited, false, true},
    {"qpkg", Namespace::required, true, false},
    {"rpm", Namespace::required, true, false},
    {"swid", Namespace::optional, false, false},
    {"swift", Namespace::required, false, false},
    {"vcpkg", Namespace::prohibited, false, false},
    {"vscode-extension", Namespace::required, true, true},
    {"yocto", Namespace::optional, true, false},
};

}  // namespace

Type type_called(std::string_view name) {
  for (const Type& type : types)
    if (type.name == name) return type;
  return {name};
}

void normalize(Parts& parts) {
  if (parts.type.lower_namespace)
    for (std::string& segment : parts.segments) segment = base::lowered(segment);
  if (parts.type.lower_name) parts.name = base::lowered(parts.name);
  base::Arena arena;
  if (parts.type.name == "pypi") parts.name = std::string(normalized_name("PyPI", parts.name, arena));
  if (parts.type.name == "pub") parts.name = std::string(normalized_name("Pub", parts.name, arena));
  if (parts.type.name == "hackage") std::replace(parts.name.begin(), parts.name.end(), '_', '-');
}

bool has_right_namespace(const Parts& parts) {
  switch (parts.type.namespace_rule) {
    case Namespace::required:
      return !parts.segments.empty();
    case Namespace::prohibited:
      return parts.segments.empty();
    case Namespace::optional:
      break;
  }
  return true;
}

std::string build(const Parts& parts) {
  constexpr std::string_view kept = ":";  // specification, "Character encoding"
  std::string purl = "pkg:";
  purl += parts.type.name;
  for (const std::string& segment : parts.segments) (purl += '/') += base::percent_encoded(segment, kept);
  return (purl += '/') += base::percent_encoded(parts.name, kept);
}

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> segments;
  while (true) {
    const std::size_t slash = path.find('/');
    if (slash != 0 && !path.empty()) segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace advisory::purl
