#include "parse/cve_package.hpp"

#include <string>

#include "advisory/purl.hpp"
#include "base/percent.hpp"
#include "base/utf8.hpp"
#include "parse/json_record.hpp"
#include "parse/type_check.hpp"

namespace parse {

namespace {

using base::json::Value;

struct Registry {
  std::string_view host;  // or package URL type
  std::string_view ecosystem;
};

constexpr Registry registries[] = {
    {"api.nuget.org", "NuGet"},
    {"central.sonatype.com", "Maven"},
    {"cran.r-project.org", "CRAN"},
    {"crates.io", "crates.io"},
    {"hackage.haskell.org", "Hackage"},
    {"hex.pm", "Hex"},
    {"mvnrepository.com", "Maven"},
    {"npmjs.com", "npm"},
    {"nuget.org", "NuGet"},
    {"packagist.org", "Packagist"},
    {"pkg.go.dev", "Go"},
    {"proxy.golang.org", "Go"},
    {"pub.dev", "Pub"},
    {"pypi.org", "PyPI"},
    {"pypi.python.org", "PyPI"},
    {"registry.npmjs.org", "npm"},
    {"repo.hex.pm", "Hex"},
    {"repo.maven.apache.org", "Maven"},
    {"repo.packagist.org", "Packagist"},
    {"repo1.maven.org", "Maven"},
    {"rubygems.org", "RubyGems"},
    {"search.maven.org", "Maven"},
};

// The type is what the package URL specification calls the registry; `join` is what stands between namespace
// and name in the ecosystem's own names.
struct PurlType {
  std::string_view type;
  std::string_view ecosystem;
  char join;
};

constexpr PurlType purl_types[] = {
    {"cargo", "crates.io", '/'},   {"composer", "Packagist", '/'},
    {"conan", "ConanCenter", '/'}, {"cran", "CRAN", '/'},
    {"gem", "RubyGems", '/'},      {"golang", "Go", '/'},
    {"hackage", "Hackage", '/'},   {"hex", "Hex", '/'},
    {"maven", "Maven", ':'},       {"npm", "npm", '/'},
    {"nuget", "NuGet", '/'},       {"pub", "Pub", '/'},
    {"pypi", "PyPI", '/'},         {"swift", "SwiftURL", '/'},
};

std::string_view host_of(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  if (url.starts_with("www.")) url.remove_prefix(4);
  return url.substr(0, url.find_first_of(":/?#"));
}

std::optional<PackageIdentity> from_collection(const Value& product) {
  const std::string_view name = member(product, "packageName").text();
  const std::string_view host = host_of(member(product, "collectionURL").text());
  if (name.empty()) return std::nullopt;
  for (const Registry& each : registries)
    if (each.host == host) return PackageIdentity{each.ecosystem, name, {}};
  return std::nullopt;
}

std::optional<PackageIdentity> from_purl(std::string_view purl, base::Arena& arena) {
  // The canonical form is "pkg:TYPE/NAMESPACE/NAME" with each segment percent-encoded.
  const auto canonical = advisory::versionless_purl(purl, arena);
  if (!canonical) return std::nullopt;
  const std::string_view text = canonical->substr(std::string_view("pkg:").size());
  const auto slash = text.find('/');
  for (const PurlType& each : purl_types) {
    if (each.type != text.substr(0, slash)) continue;
    std::string name = base::percent_decoded(text.substr(slash + 1));
    // Escapes can spell what no text column holds.
    if (!base::is_valid_utf8(name) || name.find('\0') != std::string::npos) return std::nullopt;
    if (const auto last = name.rfind('/'); last != std::string::npos) name[last] = each.join;
    return PackageIdentity{each.ecosystem, arena.copy(name), *canonical};
  }
  return std::nullopt;
}

}  // namespace

std::optional<PackageIdentity> package_of(const Value& product, base::Arena& arena) {
  const std::string_view purl = member(product, "packageURL").text();
  return purl.empty() ? from_collection(product) : from_purl(purl, arena);
}

}  // namespace parse
