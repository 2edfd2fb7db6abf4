// Which parts of a document differ, for the change feed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/json.hpp"

namespace pipeline {

/// The top-level members that were added, removed or changed between `before` (JSON text as the database
/// gives it) and `after`, sorted. Text that is no JSON counts as an empty document.
std::vector<std::string> changed_fields(std::string_view before, const base::json::Value& after,
                                        base::Arena& arena);

/// Every top-level member, sorted: the fields of a document that was not there before.
std::vector<std::string> all_fields(const base::json::Value& document);

}  // namespace pipeline
