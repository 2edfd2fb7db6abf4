#include "jobs/settler.hpp"

#include <utility>

#include "base/log.hpp"

namespace jobs {

void Settler::success(Broker& broker, const AttemptPtr& attempt, const std::string& result) {
  settle(broker, attempt, [message = attempt->message(), result](Broker& to) {
    return message.retention > 0 ? to.complete(message, result) : to.done(message);
  });
}

void Settler::failure(Broker& broker, const AttemptPtr& attempt, const std::string& error) {
  if (attempt->is_last()) return give_up(broker, attempt, error);
  const Seconds retry_at = broker.clock().now() + retry_delay_(attempt->message().retried);
  settle(broker, attempt, [message = attempt->message(), error, retry_at](Broker& to) {
    return to.retry(message, error, retry_at);
  });
}

void Settler::give_up(Broker& broker, const AttemptPtr& attempt, const std::string& error) {
  settle(broker, attempt,
         [message = attempt->message(), error](Broker& to) { return to.archive(message, error); });
}

void Settler::not_now(Broker& broker, const AttemptPtr& attempt, const std::string& error, Seconds delay) {
  const Seconds retry_at = broker.clock().now() + delay;
  settle(broker, attempt, [message = attempt->message(), error, retry_at](Broker& to) {
    return to.retry(message, error, retry_at, false);
  });
}

void Settler::hand_back(Broker& broker, const AttemptPtr& attempt) {
  settle(broker, attempt, [message = attempt->message()](Broker& to) { return to.requeue(message); });
}

void Settler::settle(Broker& broker, const AttemptPtr& attempt, Write write) {
  Unwritten end{attempt, std::move(write)};
  if (try_write(broker, end)) return;
  const std::scoped_lock lock(mutex_);
  unwritten_.push_back(std::move(end));
}

void Settler::repeat(Broker& broker) {
  std::deque<Unwritten> ends;
  {
    const std::scoped_lock lock(mutex_);
    ends.swap(unwritten_);
  }
  while (!ends.empty()) {
    if (!try_write(broker, ends.front())) break;
    ends.pop_front();
  }
  const std::scoped_lock lock(mutex_);
  unwritten_.insert(unwritten_.begin(), std::make_move_iterator(ends.begin()),
                    std::make_move_iterator(ends.end()));
}

// False: try again.
bool Settler::try_write(Broker& broker, const Unwritten& end) {
  const TaskMessage& message = end.attempt->message();
  if (!end.attempt->has_lease()) {
    base::log::warn("a task ended after its lease: whoever recovers it goes on with it",
                    {{"task", message.id}, {"type", message.type}});
    end.attempt->set_settled();
    return true;
  }
  try {
    if (!end.write(broker))
      base::log::warn("a task ended that is not ours any more",
                      {{"task", message.id}, {"type", message.type}});
    end.attempt->set_settled();
    return true;
  } catch (const redis::Error& error) {
    base::log::warn("the end of a task was not written, trying again",
                    {{"task", message.id}, {"cause", error.what()}});
    return false;
  }
}

}  // namespace jobs
