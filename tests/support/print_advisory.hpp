// What a parser answered, as text that a golden file can hold.
#pragma once

#include <string>

#include "advisory/advisory.hpp"
#include "base/arena.hpp"
#include "base/json.hpp"
#include "parse/parse.hpp"

namespace support {

/// Every member of `advisory` that is not empty, but for the content hash (it is tested on its own).
base::json::Value to_json(const advisory::Advisory& advisory, base::Arena& arena);

/// The same as indented canonical JSON with a line end; a refusal is
/// {"refusal": {"reason", "detail", "record_id"}}.
std::string print(const parse::Parsed& parsed);

}  // namespace support
