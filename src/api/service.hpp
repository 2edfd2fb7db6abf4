// From a request to its answer, without sockets: who asks, whether they may, what they ask for, and what
// every answer carries.
//
//   begin()   request id, rate limit, route, authorization; many an answer is known then
//   answer    the route's handler, on whatever thread it runs (Route::runs)
//   finish()  conditions, ranges, compression, common fields, metrics, log
#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include "api/backend.hpp"
#include "api/message.hpp"
#include "api/rate_limit.hpp"
#include "api/route.hpp"
#include "api/tokens.hpp"

namespace api {

class Service {
 public:
  using Clock = std::chrono::steady_clock;

  /// Throws base::Error where the settings are not safe: listening beyond loopback without tokens.
  explicit Service(const Settings& settings);

  Backend& backend() { return backend_; }
  const Settings& settings() const { return backend_.settings(); }
  /// Reads the file of tokens again. Throws as Tokens::reload.
  void reload_tokens() { tokens_.reload(); }

  /// Where a request goes: to a route, or nowhere because the answer is known.
  struct Begun {
    const Route* route = nullptr;
    Runs runs = Runs::now;
    std::optional<Response> response;
    Clock::time_point at;
  };
  Begun begin(Request& request);

  /// Runs a handler; what it throws becomes an answer. Never throws.
  Response run(const Route& route, const Request& request) noexcept;
  /// The answer of a lookup route.
  Response run(const Route& route, const Request& request, const FoundPtr& found) noexcept;
  Response failed(const Request& request, const std::exception_ptr& failure) noexcept;

  /// Makes the answer what is sent, and counts it.
  void finish(const Request& request, const Begun& begun, Response& response) noexcept;

  /// The whole way on the calling thread: for tests.
  Response answer(Request request);

 private:
  void admit(Request& request);
  void authorize(const Request& request) const;
  bool is_allowed_origin(const std::string& origin) const;
  void add_cors(const Request& request, Response& response) const;
  Response options(const Request& request, std::string allow) const;

  Backend backend_;
  Tokens tokens_;
  RateLimit rate_limit_;
  std::string id_prefix_;  // of request ids: differs from process to process
  std::atomic<std::uint64_t> next_id_ = 0;
};

/// "127.0.0.1", "::1" and what else never leaves this machine.
bool is_loopback(std::string_view address);

}  // namespace api
