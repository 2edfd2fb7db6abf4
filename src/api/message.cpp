#include "api/message.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"

namespace api {

const std::string* Request::find(const std::vector<Field>& fields, std::string_view name) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.first == name; });
  return found == fields.end() ? nullptr : &found->second;
}

const std::string& Request::variable(std::string_view name) const {
  static const std::string none;
  const std::string* const value = find(variables, name);
  return value == nullptr ? none : *value;
}

const std::string* Response::field(std::string_view name) const {
  for (const Field& field : fields)
    if (base::equal_ignoring_case(field.first, name)) return &field.second;
  return nullptr;
}

Response json_response(std::string text, int status) {
  Response response;
  response.status = status;
  response.body = std::move(text);
  response.set("Content-Type", "application/json");
  return response;
}

Response json_response(const base::json::Value& value, int status) {
  return json_response(base::json::write(value), status);
}

Response error_response(int status, std::string_view code, std::string_view message,
                        const std::vector<std::pair<std::string_view, base::json::Value>>& more) {
  base::Arena arena;
  base::json::ObjectBuilder error(arena);
  error.add("code", code).add("message", message);
  for (const auto& [name, value] : more) error.add(name, value);
  return json_response(base::json::ObjectBuilder(arena).add("error", error.finish()).finish(), status);
}

Response busy_response() {
  Response response = error_response(503, "busy", "too many requests are waiting; try again");
  response.set("Retry-After", "1");
  return response;
}

std::string_view reason_phrase(int status) {
  struct Phrase {
    int status;
    std::string_view text;
  };
  static constexpr std::array phrases{
      Phrase{200, "OK"},
      Phrase{202, "Accepted"},
      Phrase{204, "No Content"},
      Phrase{206, "Partial Content"},
      Phrase{302, "Found"},
      Phrase{304, "Not Modified"},
      Phrase{400, "Bad Request"},
      Phrase{401, "Unauthorized"},
      Phrase{403, "Forbidden"},
      Phrase{404, "Not Found"},
      Phrase{405, "Method Not Allowed"},
      Phrase{408, "Request Timeout"},
      Phrase{409, "Conflict"},
      Phrase{410, "Gone"},
      Phrase{413, "Content Too Large"},
      Phrase{414, "URI Too Long"},
      Phrase{415, "Unsupported Media Type"},
      Phrase{416, "Range Not Satisfiable"},
      Phrase{417, "Expectation Failed"},
      Phrase{429, "Too Many Requests"},
      Phrase{431, "Request Header Fields Too Large"},
      Phrase{500, "Internal Server Error"},
      Phrase{501, "Not Implemented"},
      Phrase{503, "Service Unavailable"},
      Phrase{505, "HTTP Version Not Supported"},
  };
  const auto* const found = std::find_if(phrases.begin(), phrases.end(),
                                         [status](const Phrase& phrase) { return phrase.status == status; });
  return found == phrases.end() ? std::string_view("Unknown") : found->text;
}

}  // namespace api
