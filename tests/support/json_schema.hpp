// As much of JSON Schema (draft 2020-12) as the official OSV schema uses, for the test that asks it.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"

namespace support {

/// What `schema` does not accept in `value`, one line each with the path. A keyword of the schema that is not
/// known here is a complaint too, so that nothing passes unseen. `format` is an annotation, as the draft's
/// default has it.
std::vector<std::string> schema_complaints(const base::json::Value& schema, const base::json::Value& value);

}  // namespace support
