// Requests and answers as handlers see them: no sockets, no library's types.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fd.hpp"
#include "base/json.hpp"

namespace api {

using Field = std::pair<std::string, std::string>;

struct Request {
  std::string method;
  std::string target;         // as received
  std::vector<Field> fields;  // names in lower case, in the order received
  std::string body;
  std::string peer;  // the address that connected, without port
  bool is_loopback = false;

  // Filled in by Service::begin.
  std::string id;                // X-Request-Id
  std::vector<Field> query;      // decoded
  std::vector<Field> variables;  // of the route's pattern, decoded

  /// The value of a header field, or nullptr.
  const std::string* field(std::string_view name) const { return find(fields, name); }
  /// The value of a query parameter, or nullptr.
  const std::string* parameter(std::string_view name) const { return find(query, name); }
  /// The value of a variable of the pattern.
  const std::string& variable(std::string_view name) const;

 private:
  static const std::string* find(const std::vector<Field>& fields, std::string_view name);
};

/// Bytes of a file, sent in pieces.
struct FileBody {
  std::shared_ptr<const base::Fd> file;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// One piece of an answer that goes on (server-sent events).
struct Event {
  std::string text;
  bool last = false;
};

/// There is nothing yet: hold the request until the change feed has gone beyond a cursor, at most so long,
/// and ask the handler again.
struct Hold {
  std::int64_t after = 0;
  std::chrono::seconds longest{0};
};

struct Response {
  int status = 200;
  std::vector<Field> fields = {};  // besides those that the service adds
  std::string body = {};
  std::shared_ptr<const std::string> shared = {};  // instead of `body`: bytes that others use too
  std::optional<FileBody> file = {};               // instead of `body`
  /// Instead of `body`: asked every second, on a worker, for what to send next.
  std::function<Event()> events = {};
  std::optional<Hold> hold = {};

  std::string_view content() const { return shared ? std::string_view(*shared) : std::string_view(body); }
  void set(std::string_view name, std::string value) { fields.emplace_back(name, std::move(value)); }
  const std::string* field(std::string_view name) const;
};

/// An answer in JSON.
Response json_response(const base::json::Value& value, int status = 200);
Response json_response(std::string text, int status = 200);

/// {"error": {"code": …, "message": …}} and what `more` adds beside them.
Response error_response(int status, std::string_view code, std::string_view message,
                        const std::vector<std::pair<std::string_view, base::json::Value>>& more = {});

/// 503: too much is waiting.
Response busy_response();

/// A request that cannot be answered as asked; thrown by handlers, answered by the service.
class Refusal : public std::exception {
 public:
  Refusal(int status, std::string_view code, const std::string& message)
      : response_(std::make_shared<Response>(error_response(status, code, message))) {}
  explicit Refusal(Response response) : response_(std::make_shared<Response>(std::move(response))) {}
  const Response& response() const { return *response_; }
  const char* what() const noexcept override { return "request refused"; }

 private:
  std::shared_ptr<const Response> response_;  // copying an exception must not throw
};

/// "Not Found" for 404.
std::string_view reason_phrase(int status);

}  // namespace api
