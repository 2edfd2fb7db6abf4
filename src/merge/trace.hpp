// What each contributor said about each field, and why it was taken or not. The code that decides writes it
// while it decides, when somebody asks for it (merge/explain.hpp); the merge itself runs without.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace merge {

enum class Verdict : std::uint8_t {
  won,            // this is the value
  joined,         // part of the union
  repeated,       // in the union already
  own_id,         // an id of the vulnerability itself
  retracted,      // the record is retracted, and others are not
  precedence,     // another record is heard first
  derived,        // cut from a description, and another record has a real one
  implausible,    // before 1990 or after 2100, and another record has a plausible time
  not_latest,     // another record has a later time
  not_earliest,   // another record has an earlier time
  older_version,  // another vector is of a newer CVSS version
};

struct Opinion {
  std::string_view field;  // "summary", "affected npm/left-pad"
  std::string_view from;   // the speaker's key
  base::json::Value value;
  Verdict verdict = Verdict::won;
};

using Trace = std::vector<Opinion>;

}  // namespace merge
