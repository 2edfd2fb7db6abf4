// A stop request ends what a connection is executing, instead of waiting for it.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <system_error>
#include <thread>

#include "pg/connection.hpp"

namespace pg {

/// While it lives, a stop request cancels the statement that `connection` is executing, whose thread then
/// gets Error with SQLSTATE 57014. Statements begun after the request run: ask the token before beginning
/// one. Whoever requests the stop does not wait for the server, which may hang; the end of this object does.
class CancelOnStop {
 public:
  CancelOnStop(const Connection& connection, const std::stop_token& stop)
      : canceller_(connection.canceller()) {
    if (!stop.stop_requested()) callback_.emplace(stop, [this] { begin(); });
  }

 private:
  void begin() noexcept {
    try {
      thread_ = std::jthread([this] { canceller_.cancel(); });
    } catch (const std::system_error&) {  // no more threads
      canceller_.cancel();
    }
  }

  Canceller canceller_;
  std::jthread thread_;
  std::optional<std::stop_callback<std::function<void()>>> callback_;  // last: it begins the thread
};

}  // namespace pg
