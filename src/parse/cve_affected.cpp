#include "parse/cve_affected.hpp"

#include "parse/cve_package.hpp"
#include "parse/cve_versions.hpp"
#include "parse/normalize.hpp"
#include "parse/type_check.hpp"

namespace parse {

namespace {

using base::json::Member;
using base::json::ObjectBuilder;
using base::json::Value;

Value package_value(const PackageIdentity& package, base::Arena& arena) {
  ObjectBuilder builder(arena);
  builder.add("ecosystem", package.ecosystem).add("name", package.name);
  return builder.add_unless_empty("purl", Value::string(package.purl)).finish();
}

Value entry_of(const Value& product, const PackageIdentity* package, const CveVersions& versions,
               std::string_view origin, base::Arena& arena) {
  ObjectBuilder rest(arena);
  for (const Member& each : product.members()) {
    // A package URL that says more than the package (a version, a repository) stays beside it.
    const bool mapped =
        (each.key == "versions" && versions.complete) ||
        (package != nullptr &&
         (each.key == "packageName" || (each.key == "packageURL" && each.value.text() == package->purl)));
    if (!mapped) rest.add_unless_empty(each.key, each.value);
  }
  ObjectBuilder specific(arena);
  specific.add_unless_empty("cve", rest.finish()).add("container", origin);
  ObjectBuilder entry(arena);
  if (package != nullptr) entry.add("package", package_value(*package, arena));
  entry.add("ranges", base::json::make_array(arena, versions.ranges));
  entry.add("versions", base::json::make_array(arena, versions.versions));
  return entry.add("database_specific", specific.finish()).finish();
}

}  // namespace

std::vector<Value> read_products(std::span<const Value> products, std::string_view origin, base::Arena& arena,
                                 std::vector<advisory::Affected>& affected) {
  std::vector<Value> others;
  for (const Value& product : products) {
    const auto package = package_of(product, arena);
    if (!package && member(product, "repo").text().empty()) {
      others.push_back(product);
      continue;
    }
    const CveVersions versions = ranges_of(product, package.has_value(), arena);
    if (!versions.affected || (!package && versions.ranges.empty())) {
      others.push_back(product);
      continue;
    }
    const Value entry = entry_of(product, package ? &*package : nullptr, versions, origin, arena);
    affected.push_back(normalize_affected(entry, arena));
  }
  return others;
}

}  // namespace parse
