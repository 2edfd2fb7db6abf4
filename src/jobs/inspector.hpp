// Looking into the queue and steering it, as Asynq's inspector does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "jobs/broker.hpp"
#include "jobs/queue_counts.hpp"

namespace jobs {

struct TaskState {
  std::string state;  // pending, active, scheduled, retry, archived, completed, aggregating
  TaskMessage message;
};

/// For one thread at a time. All functions throw redis::Error.
class Inspector {
 public:
  explicit Inspector(Broker& broker) : broker_(broker) {}

  /// Every queue that was announced, in the order of their names.
  std::vector<std::string> queues();
  QueueCounts info(const std::string& queue);
  /// Nothing when there is no such task, or its message cannot be read.
  std::optional<TaskState> find(const std::string& queue, const std::string& id);

  /// Lets a task that is scheduled, to be retried, archived or completed run now. False: it waits or runs
  /// already, or there is none.
  bool run_now(const std::string& queue, const std::string& id);
  /// Archives a task that does not run, with `reason` as its error. False: it runs or there is none.
  bool archive(const std::string& queue, const std::string& id, const std::string& reason);
  /// Marks a task so that its worker archives it when the cancellation reaches it, and sends that.
  void cancel_active(const std::string& queue, const std::string& id);

  /// False: it was paused, or not paused.
  bool pause(const std::string& queue);
  bool resume(const std::string& queue);

  std::vector<ServerInfo> servers();
  std::vector<SchedulerEntry> schedule();

 private:
  std::vector<std::string> living(const char* index);

  Broker& broker_;
};

}  // namespace jobs
