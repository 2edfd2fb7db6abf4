#include "api/parameters.hpp"

#include <algorithm>
#include <charconv>

#include "advisory/timestamp.hpp"
#include "base/ascii.hpp"
#include "base/format.hpp"

namespace api {

namespace {

[[noreturn]] void refuse(std::string_view name, std::string_view expected) {
  throw Refusal(400, "bad_parameter", base::format("'{}' must be {}", name, expected));
}

}  // namespace

std::int64_t number_parameter(const Request& request, std::string_view name, std::int64_t least,
                              std::int64_t most, std::int64_t otherwise) {
  const std::string* const text = request.parameter(name);
  if (text == nullptr) return otherwise;
  std::int64_t number = 0;
  const char* const end = text->data() + text->size();
  const auto [stopped, error] = std::from_chars(text->data(), end, number);
  if (text->empty() || error != std::errc() || stopped != end || number < least || number > most)
    refuse(name, base::format("a number from {} to {}", least, most));
  return number;
}

bool flag_parameter(const Request& request, std::string_view name) {
  const std::string* const text = request.parameter(name);
  if (text == nullptr || *text == "0" || *text == "false" || *text == "no") return false;
  if (*text == "1" || *text == "true" || *text == "yes") return true;
  refuse(name, "1 or 0");
}

std::string text_parameter(const Request& request, std::string_view name, std::size_t most) {
  const std::string* const text = request.parameter(name);
  if (text == nullptr) return {};
  if (text->empty() || text->size() > most) refuse(name, base::format("a text of 1 to {} bytes", most));
  return *text;
}

std::optional<pg::Timestamp> time_parameter(const Request& request, std::string_view name) {
  const std::string* const text = request.parameter(name);
  if (text == nullptr) return std::nullopt;
  const auto instant = advisory::parse_instant(*text);
  if (!instant) refuse(name, "a time such as 2024-05-01T12:00:00Z, or a date");
  return pg::Timestamp(std::chrono::microseconds(advisory::to_microseconds(*instant)));
}

bool includes_documents(const Request& request) {
  const std::string* const text = request.parameter("include");
  if (text == nullptr) return false;
  if (*text != "document") refuse("include", "document");
  return true;
}

base::json::Value object_body(const Request& request, base::Arena& arena,
                              std::initializer_list<std::string_view> known) {
  if (request.body.find_first_not_of(" \t\r\n") == std::string::npos)
    return base::json::ObjectBuilder(arena).finish();
  if (const std::string* const type = request.field("content-type")) {
    const std::string_view media = std::string_view(*type).substr(0, type->find_first_of("; "));
    // The other is what curl says of everything that it is not told otherwise about.
    if (!base::equal_ignoring_case(media, "application/json") &&
        !base::equal_ignoring_case(media, "application/x-www-form-urlencoded"))
      throw Refusal(415, "unsupported_media_type", "the body must be application/json");
  }
  const base::json::Parsed parsed = base::json::parse(request.body, arena);
  if (parsed.error)
    throw Refusal(
        400, "bad_json",
        base::format("the body is no JSON: {} at byte {}", parsed.error->what, parsed.error->offset));
  if (!parsed.value.is_object()) throw Refusal(400, "bad_body", "the body must be a JSON object");
  for (const auto& member : parsed.value.members())
    if (std::find(known.begin(), known.end(), member.key) == known.end())
      throw Refusal(400, "bad_body",
                    base::format("the body has a member '{}' that is not known here", member.key));
  return parsed.value;
}

}  // namespace api
