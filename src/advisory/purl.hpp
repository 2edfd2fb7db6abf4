// Package URLs (https://github.com/package-url/purl-spec, also ECMA-427): "pkg:npm/%40angular/core".
//
// Here they are keys to find packages by, so they stand without version, qualifiers and subpath, in one
// canonical form: type in lower case, namespace and name as their type's definition says. Where a type
// says more than one thing, the registry decides: PyPI names follow PEP 503 (so '.' is '-' as well), golang
// and npm names keep their letter case (their definitions have case_sensitive: true, and modules that differ
// in case are different modules).
#pragma once

#include <optional>
#include <string_view>

#include "base/arena.hpp"

namespace advisory {

/// The versionless package URL of a package of an OSV ecosystem (with or without suffix), in `arena`. Empty
/// where the specification has no type for the ecosystem, or none can be built from the name: a Maven name
/// without a group, a Packagist name without a vendor. Namespaces of distributions are those that OSV.dev
/// writes (google/osv.dev, osv/purl_helpers.py).
std::string_view package_purl(std::string_view ecosystem, std::string_view name, base::Arena& arena);

/// Reads a package URL and gives its versionless canonical form, in `arena` where it differs from `text`.
/// Nothing when it is not valid: another scheme, no type or name, a bad percent code, a key of a qualifier
/// that is none, a namespace where the type has none or none where it needs one. As in the specification's
/// own tests, an "@" that begins a segment before the last is part of it ("pkg:npm/@angular/core").
std::optional<std::string_view> versionless_purl(std::string_view text, base::Arena& arena);

}  // namespace advisory
