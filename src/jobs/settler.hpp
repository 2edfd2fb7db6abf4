// Writes the ends of attempts to Redis. What cannot be written at once, because Redis is away, is tried again
// until the lease ends; from then on the task is whoever's who recovers it, and nothing is written.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>

#include "jobs/attempt.hpp"
#include "jobs/broker.hpp"

namespace jobs {

/// Any thread, each with a broker of its own. Each function is for who has claimed the attempt.
class Settler {
 public:
  explicit Settler(std::function<Seconds(int retried)> retry_delay) : retry_delay_(std::move(retry_delay)) {}

  void success(Broker& broker, const AttemptPtr& attempt, const std::string& result);
  /// Retried after a delay, or archived where no retry is left.
  void failure(Broker& broker, const AttemptPtr& attempt, const std::string& error);
  void give_up(Broker& broker, const AttemptPtr& attempt, const std::string& error);
  /// Retried after `delay`, which does not count.
  void not_now(Broker& broker, const AttemptPtr& attempt, const std::string& error, Seconds delay);
  /// Back to the queue, to be taken next.
  void hand_back(Broker& broker, const AttemptPtr& attempt);

  /// Tries again what could not be written.
  void repeat(Broker& broker);

 private:
  using Write = std::function<bool(Broker&)>;
  struct Unwritten {
    AttemptPtr attempt;
    Write write;
  };

  void settle(Broker& broker, const AttemptPtr& attempt, Write write);
  static bool try_write(Broker& broker, const Unwritten& end);

  std::function<Seconds(int)> retry_delay_;
  std::mutex mutex_;
  std::deque<Unwritten> unwritten_;
};

}  // namespace jobs
