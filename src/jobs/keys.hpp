// The names of the keys in Redis. The braces are literal: a Redis cluster hashes what is between them, so
// that all keys of a queue are on one node.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/format.hpp"
#include "jobs/message.hpp"

namespace jobs::keys {

inline constexpr const char* queues = "asynq:queues";
inline constexpr const char* servers = "asynq:servers";
inline constexpr const char* workers = "asynq:workers";
inline constexpr const char* schedulers = "asynq:schedulers";
inline constexpr const char* cancel_channel = "asynq:cancel";

inline std::string of_queue(std::string_view queue, std::string_view what) {
  return std::string("asynq:{").append(queue).append("}:").append(what);
}
inline std::string task_prefix(std::string_view queue) {
  return of_queue(queue, "t:");
}
inline std::string task(std::string_view queue, std::string_view id) {
  return task_prefix(queue).append(id);
}

/// The counter `what` (processed, failed) of a day: UTC, YYYY-MM-DD.
inline std::string of_day(std::string_view queue, std::string_view what, Seconds now) {
  using namespace std::chrono;
  const year_month_day day(floor<days>(sys_seconds(seconds(now))));
  return base::format("{}:{:04}-{:02}-{:02}", of_queue(queue, what), static_cast<int>(day.year()),
                      static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

}  // namespace jobs::keys
