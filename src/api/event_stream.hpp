// Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) as bytes to send,
// chunks for HTTP/1.1.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "api/message.hpp"

namespace api {

class EventStream {
 public:
  using Clock = std::chrono::steady_clock;

  /// Events come from `source`; `request` is the id that the log names.
  EventStream(std::function<Event()> source, std::string request, bool is_http_1_0)
      : source_(std::move(source)), request_(std::move(request)), is_http_1_0_(is_http_1_0) {}

  /// What to send next: an event, a comment where nothing was sent for 15 seconds, or nothing. A database
  /// that is away is no end: the stream waits for it. Any other failure is one, and nothing is sent then, so
  /// that the client sees an answer cut short. Throws nothing.
  std::string next(Clock::time_point now) noexcept;

  /// Whether that was all.
  bool is_over() const { return is_over_; }

 private:
  Event ask();
  std::string chunk(const Event& event) const;

  std::function<Event()> source_;
  std::string request_;
  bool is_http_1_0_;
  bool is_over_ = false;
  bool is_database_away_ = false;
  Clock::time_point spoke_ = Clock::now();
};

}  // namespace api
