// What a record says of the versions of one package, in a form that can be compared with another record's.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "advisory/advisory.hpp"
#include "base/json.hpp"
#include "merge/work.hpp"

namespace merge {

/// From `introduced` (included) to `bound`, which `kind` names: "fixed", "last_affected", "limit"; without
/// one, `kind` is empty.
struct Interval {
  std::string_view introduced;
  std::string_view kind;
  std::string_view bound;
  friend auto operator<=>(const Interval&, const Interval&) = default;
};

/// Sorted, without repeats. Versions are as the record writes them, but for a 'v' before the first digit, and
/// zero ("0", "0.0.0", "0.0.0-0"), which is "0": the order of versions is the package manager's, so
/// intervals are the same only where their bounds are.
struct VersionsSaid {
  std::vector<Interval> intervals;
  std::vector<std::string_view> fixed;
};

/// What the entries say together: of the ranges of a package those that are not of type GIT, of an entry
/// without a package those that are.
VersionsSaid versions_said(std::span<const advisory::Affected* const> entries);

/// One record's entries for one package.
struct PackageVoice {
  const Speaker* speaker = nullptr;
  std::vector<const advisory::Affected*> entries;
};

/// Adds a conflict when the losers, of which only those count that give a range at all, differ from the
/// winners in their fixed versions ("fixed_versions"), or else in their ranges ("ranges").
void find_range_conflict(Work& work, std::span<const PackageVoice> winners,
                         std::span<const PackageVoice> losers);

}  // namespace merge
