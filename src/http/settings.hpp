// How patient the client is.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>

namespace http {

using Milliseconds = std::chrono::milliseconds;

struct Settings {
  /// Name resolution, connection and TLS handshake together.
  Milliseconds connect_timeout = std::chrono::seconds(20);
  /// A transfer that was slower than `stall_bytes` a second for that long is given up. GitHub packs an
  /// archive of half a gigabyte while we wait for its first byte.
  std::chrono::seconds stall_timeout{60};
  long stall_bytes = 256;
  /// One attempt, from the first byte to the last.
  std::chrono::seconds total_timeout = std::chrono::hours(2);
  /// How often a request is made in all, while its failures look temporary.
  int attempts = 4;
  Milliseconds first_delay{500};
  Milliseconds longest_delay = std::chrono::seconds(20);
  /// A server that asks with Retry-After for more than this is one that is down for now.
  std::chrono::seconds longest_retry_after{120};
  /// Waits between two attempts; false means that a stop was requested. base::sleep_for unless a test counts.
  std::function<bool(Milliseconds, const std::stop_token&)> wait = {};
};

}  // namespace http
