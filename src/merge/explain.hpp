// Why a merged vulnerability says what it says.
#pragma once

#include <span>
#include <string>

#include "base/json.hpp"
#include "merge/merge.hpp"

namespace merge {

/// Merges as merge() does, with the same arguments, and tells how it was decided:
///
///   id, aliases   as in the document
///   sources       the records in order of precedence: {"from": "osv/…", "own_id", "modified", "retracted"?,
///                 "stale"?}
///   links         per record and id that it names: {"from", "id", "followed", "reason"?}
///   fields        per field that anybody gives: {"field", "rule", "value"?, "won": [{"from", "value"}…],
///                 "lost": [{"from", "value", "why"}…]}. Of a union `value` are all elements and each `won`
///                 or `lost` holds those of one record; the field of a package is "affected ECOSYSTEM NAME".
///   conflicts     as in the document
///
/// The answers are taken down by the code that decides, not worked out again.
base::json::Value explain(const resolve::Group& group, std::span<const Contributor> contributors,
                          std::span<const resolve::Record> resolved, base::Arena& arena);

/// An explanation as text for people. Long values are cut.
std::string explanation_text(const base::json::Value& explanation);

}  // namespace merge
