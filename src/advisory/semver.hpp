// Strict SemVer 2.0 (https://semver.org/spec/v2.0.0.html), the only form that an OSV range of type SEMVER may
// hold (https://ossf.github.io/osv-schema/#affectedrangestype-field).
#pragma once

#include <compare>
#include <string_view>

namespace advisory {

/// True when `text` is a version by the grammar of SemVer 2.0 (its section "Backus-Naur Form Grammar"): three
/// numbers without leading zeros, an optional pre-release whose numeric identifiers have no leading zeros, an
/// optional build part. No leading "v", no blanks, nothing left out: "1.0" is no SemVer.
bool is_semver(std::string_view text);

/// Precedence of two versions for which is_semver() is true, by SemVer 2.0 section 11: less when `a` comes
/// before `b`. Builds do not count. Numbers may have any length.
std::strong_ordering compare_semver(std::string_view a, std::string_view b);

}  // namespace advisory
