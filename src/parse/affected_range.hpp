// GitLab's `affected_range`: a text that says which versions of one package are affected.
//
// Its documentation promises the syntax of each package manager. The files of the database themselves
// (https://gitlab.com/gitlab-org/advisories-community) use these two grammars and no other:
//
//   comparators   all package types but maven and nuget
//     range       = alternative *("||" alternative)
//     alternative = comparator *(("," / blanks) comparator)   ; all of them hold
//     comparator  = ("<" / "<=" / ">" / ">=" / "=" / "==") version
//   brackets      maven and nuget
//     range       = interval *("," interval)
//     interval    = ("[" / "(") [version] "," [version] ("]" / ")") / "[" version "]" / "(0)"
//
// A version begins with a letter or digit and goes on to the next blank or mark of the grammar. Blanks may
// stand between all tokens. An alternative has either one equality or at most one lower and one
// upper bound: to say which of two lower bounds counts would need the order of versions, which belongs to the
// package manager. `<0` (which nuget files use too) and `(0)` match no version at all.
//
// Everything else that package managers know (`~> ^ != ~=`, hyphen ranges, `1.x`, `*`, bare versions, empty
// alternatives) is not read, so that nothing is guessed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace parse {

enum class RangeGrammar : std::uint8_t { comparators, brackets };

/// A set of versions without gaps. Views of the text it was read from.
struct Interval {
  enum class Kind : std::uint8_t {
    bounded,  // between `lower` and `upper`, each of which may be absent
    exact,    // the one version `lower`, written as an equality; no `upper`
    nothing,  // no version, because it ends before "0"; no bounds
  };
  Kind kind = Kind::bounded;
  std::string_view lower;        // empty: from the first version on
  std::string_view upper;        // empty: without end
  bool lower_inclusive = true;   // true without `lower`
  bool upper_inclusive = false;  // false without `upper`
  std::string_view text;         // verbatim
};

/// The intervals of `text` in its order, whose union is the range. Nothing when the grammar does not have it.
std::optional<std::vector<Interval>> read_affected_range(RangeGrammar grammar, std::string_view text);

/// Whether `version` means "before every version" as a bound: "0", or "v0" as Go writes it.
bool is_zero(std::string_view version);

}  // namespace parse
