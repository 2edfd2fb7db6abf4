// The ranges of one entry of `affected`; the rules are in parse/normalize.hpp.
#pragma once

#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/json.hpp"

namespace parse {

struct NormalizedRanges {
  base::json::Value ranges;                      // an array, those of type GIT last; null when none is left
  std::vector<base::json::Value> misfits;        // the originals of what was changed or left out
  std::vector<std::string_view> fixed_versions;  // of the ranges that are not GIT, without repeats
};

NormalizedRanges normalize_ranges(const base::json::Value& ranges, base::Arena& arena);

}  // namespace parse
