// Types of the members of a CVE record that the parser reads.
#pragma once

#include "base/json.hpp"
#include "parse/type_check.hpp"

namespace parse {

/// Looks at every member of `record` that is read anywhere in parse_cve, in the CNA and in every ADP
/// container; members that only go to the rest may be anything.
void check_cve_types(const base::json::Value& record, TypeCheck& types);

}  // namespace parse
