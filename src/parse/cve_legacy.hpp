// `x_legacyV4Record`: in records that were converted from format 4 of before 2022, the converter of the CVE
// Program left the whole record once more in that format.
#pragma once

#include "base/arena.hpp"
#include "base/json.hpp"

namespace parse {

/// `legacy` without the texts that also stand in another member of `container`, and without what is empty
/// then; null when nothing is left. That is all but a fifth of it.
base::json::Value without_repetition(const base::json::Value& legacy, const base::json::Value& container,
                                     base::Arena& arena);

}  // namespace parse
