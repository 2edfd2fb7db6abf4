// Whether a document has the structure it must have.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"

namespace merge {

/// What is wrong with a merged document, one line each; empty where nothing is. Checks what the OSV schema
/// 1.7.5 asks for (https://github.com/ossf/osv-schema, validation/schema.json), but for the list of id
/// prefixes, and what we promise beyond it: times in UTC with 'Z', vectors that their specification accepts,
/// no empty members, sorted ids, GIT ranges last, and that provenance says of every member where it came from
/// and names no record that is not among the sources.
std::vector<std::string> complaints_about(const base::json::Value& document);

}  // namespace merge
