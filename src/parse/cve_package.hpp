// Which products of a CVE record are packages of an OSV ecosystem.
#pragma once

#include <optional>
#include <string_view>

#include "base/arena.hpp"
#include "base/json.hpp"

namespace parse {

struct PackageIdentity {
  std::string_view ecosystem;
  std::string_view name;
  std::string_view purl;  // canonical and versionless, where the record gives one
};

/// The package that a product names by `packageURL` (CVE record format 5.2) or by `collectionURL` and
/// `packageName`, when the registry is that of an OSV ecosystem; nothing otherwise.
std::optional<PackageIdentity> package_of(const base::json::Value& product, base::Arena& arena);

}  // namespace parse
