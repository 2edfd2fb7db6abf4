// What the two sources of JSON records have in common: bytes to a JSON object, and the id in a file name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/arena.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "parse/parse.hpp"

namespace parse {

struct JsonRecord {
  base::json::Value value;  // an object
  bool sanitized = false;
  base::Sha256 content_sha256{};  // of its canonical text; zeros where only the identity is wanted
};

/// Reads `bytes` into `record`. Returns a refusal (empty, invalid_utf8, invalid_json, too_deep or
/// not_an_object) when they are no JSON object.
std::optional<Refusal> read_json_record(std::string_view bytes, base::Arena& arena, Extent extent,
                                        JsonRecord& record);

/// The file name of `location` without directories and ".json", percent-decoded: "ALSA-2025:10873" for
/// "AlmaLinux/ALSA-2025%3A10873.json".
std::string id_in_location(std::string_view location);

/// Removes every item but the first of those that are equal. Linear, because hostile records are long.
void remove_repeats(std::vector<std::string_view>& texts);

}  // namespace parse
