// Query parameters and bodies as values, or a Refusal that says what was expected.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/message.hpp"
#include "base/arena.hpp"
#include "base/json.hpp"
#include "pg/types.hpp"

namespace api {

/// A whole number from `least` to `most`, or `otherwise` where it is not given.
std::int64_t number_parameter(const Request& request, std::string_view name, std::int64_t least,
                              std::int64_t most, std::int64_t otherwise);

/// "1", "true", "yes"; "0", "false", "no", and what is not given.
bool flag_parameter(const Request& request, std::string_view name);

/// The text, or "" where it is not given. Refuses one that is given and empty, or longer than `most` bytes.
std::string text_parameter(const Request& request, std::string_view name, std::size_t most = 512);

/// An RFC 3339 time or a date.
std::optional<pg::Timestamp> time_parameter(const Request& request, std::string_view name);

/// Whether `include` names documents, which is all that it can name.
bool includes_documents(const Request& request);

/// The body as a JSON object in `arena`; an empty body is {}. Refuses other media types and members that are
/// not among `known`.
base::json::Value object_body(const Request& request, base::Arena& arena,
                              std::initializer_list<std::string_view> known);

}  // namespace api
