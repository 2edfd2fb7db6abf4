#include "api/event_stream.hpp"

#include "base/format.hpp"
#include "base/log.hpp"
#include "pg/error.hpp"

namespace api {

namespace {

constexpr std::chrono::seconds longest_silence{15};  // then a comment shows that the stream lives

}  // namespace

std::string EventStream::next(Clock::time_point now) noexcept {
  try {
    Event event = ask();
    if (event.text.empty() && !event.last && now - spoke_ >= longest_silence) event.text = ": still here\n\n";
    if (!event.text.empty()) spoke_ = now;
    is_over_ = event.last;
    return chunk(event);
  } catch (const std::exception& failure) {
    is_over_ = true;
    base::log::warn("events end", {{"request", request_}, {"error", failure.what()}});
  }
  return {};
}

// An empty event while the database is away.
Event EventStream::ask() {
  try {
    Event event = source_();
    if (is_database_away_) base::log::info("events go on", {{"request", request_}});
    is_database_away_ = false;
    return event;
  } catch (const pg::Error& failure) {
    if (!is_database_away_)
      base::log::warn("events wait for the database", {{"request", request_}, {"error", failure.what()}});
    is_database_away_ = true;
  }
  return {};
}

std::string EventStream::chunk(const Event& event) const {
  if (is_http_1_0_) return event.text;
  std::string bytes;
  if (!event.text.empty()) bytes = base::format("{:x}\r\n{}\r\n", event.text.size(), event.text);
  if (event.last) bytes += "0\r\n\r\n";
  return bytes;
}

}  // namespace api
