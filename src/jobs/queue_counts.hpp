// The numbers of one queue.
#pragma once

#include <cstdint>
#include <string>

namespace jobs {

/// What Redis tells of one queue.
struct QueueCounts {
  std::string queue;
  bool paused = false;
  std::int64_t pending = 0;
  std::int64_t active = 0;
  std::int64_t scheduled = 0;
  std::int64_t retry = 0;
  std::int64_t archived = 0;
  std::int64_t completed = 0;
  std::int64_t processed_today = 0;  // UTC
  std::int64_t failed_today = 0;
  double latency_seconds = 0;  // how long the oldest waiting task has waited
};

}  // namespace jobs
