// What time it is for the queue. Asynq peers write their own clocks' times, never Redis'; an offset lets
// tests play hosts whose clocks differ.
#pragma once

#include <chrono>
#include <cstdint>

#include "jobs/message.hpp"

namespace jobs {

class Clock {
 public:
  Clock() = default;
  explicit Clock(std::chrono::milliseconds offset) : offset_(offset) {}

  Seconds now() const { return std::chrono::floor<std::chrono::seconds>(time()).time_since_epoch().count(); }
  std::int64_t nanos() const {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time().time_since_epoch()).count();
  }

 private:
  std::chrono::system_clock::time_point time() const { return std::chrono::system_clock::now() + offset_; }
  std::chrono::milliseconds offset_{0};
};

}  // namespace jobs
