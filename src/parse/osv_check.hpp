// The types of the members that the OSV schema names, wherever they stand.
#pragma once

#include "base/json.hpp"
#include "parse/type_check.hpp"

namespace parse {

/// Complains to `types` about every member of the OSV record `record` (an object) that has another type than
/// its schema says (https://ossf.github.io/osv-schema/); `id` and the times are the parser's.
void check_osv_types(const base::json::Value& record, TypeCheck& types);

}  // namespace parse
