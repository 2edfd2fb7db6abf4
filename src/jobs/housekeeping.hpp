// What every server of the queue does beside running tasks, in any number and at the same time: moves what is
// due to the waiting ones, takes up what dead workers left, deletes what was kept long enough.
#pragma once

#include <functional>
#include <string>

#include "jobs/broker.hpp"

namespace jobs {

/// For one thread. All functions throw redis::Error.
class Housekeeping {
 public:
  Housekeeping(Broker& broker, std::function<Seconds(int retried)> retry_delay)
      : broker_(broker), retry_delay_(std::move(retry_delay)) {}

  void forward(const std::string& queue) { broker_.forward(queue); }
  /// Tasks whose leases ended half a minute ago, which is how far clocks of hosts may differ: their worker is
  /// dead or cut off. They are retried as after a failure.
  void recover(const std::string& queue);
  void delete_expired(const std::string& queue) { broker_.delete_expired(queue); }

 private:
  void recover(const std::string& queue, const Dequeued& task);

  Broker& broker_;
  std::function<Seconds(int)> retry_delay_;
};

/// The message of a task that came out of the queue; where it cannot be read, or is of another task, one that
/// can be archived with those bytes as its payload, and `trouble` says why.
TaskMessage read_message(const std::string& queue, const Dequeued& task, std::string& trouble);

}  // namespace jobs
