#include "jobs/attempt.hpp"

#include <algorithm>

namespace jobs {

Seconds deadline_of(const TaskMessage& message, Seconds now) {
  constexpr Seconds default_timeout = 1800;
  if (message.timeout <= 0 && message.deadline <= 0) return now + default_timeout;
  if (message.timeout <= 0) return message.deadline;
  const Seconds by_timeout = now + std::min<Seconds>(message.timeout, Seconds{1} << 40);
  return message.deadline > 0 ? std::min(by_timeout, message.deadline) : by_timeout;
}

void Attempt::request_stop(StopReason reason) {
  StopReason expected = StopReason::none;
  reason_.compare_exchange_strong(expected, reason);
  stop_.request_stop();
}

bool Attempts::add(const AttemptPtr& attempt) {
  const std::scoped_lock lock(mutex_);
  const bool is_here = std::any_of(attempts_.begin(), attempts_.end(), [&](const AttemptPtr& other) {
    return other->message().id == attempt->message().id && other->message().queue == attempt->message().queue;
  });
  if (!is_here) attempts_.push_back(attempt);
  return !is_here;
}

void Attempts::sweep() {
  const std::scoped_lock lock(mutex_);
  std::erase_if(attempts_, [](const AttemptPtr& one) { return one->is_settled() && one->has_returned(); });
}

std::vector<AttemptPtr> Attempts::all() const {
  const std::scoped_lock lock(mutex_);
  return attempts_;
}

}  // namespace jobs
