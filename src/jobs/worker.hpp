// A server of the queue in the protocol of Asynq: takes tasks from weighted queues, gives them to handlers,
// and writes what became of them. It knows nothing of what the tasks do.
//
// Threads: one for each slot, which takes a task and runs its handler; one that beats (leases, deadlines),
// one for housekeeping, one that hears of cancellations. Each has its own connection to Redis. While Redis is
// away they wait for it; what runs goes on.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "jobs/attempt.hpp"
#include "jobs/broker.hpp"
#include "jobs/heart.hpp"
#include "jobs/queue_order.hpp"
#include "jobs/settler.hpp"
#include "jobs/task_types.hpp"

namespace jobs {

struct WorkerSettings {
  redis::Settings redis;
  std::map<std::string, int> queues = queue_weights;
  bool strict = false;  // by descending weight instead of in proportion
  unsigned concurrency = 4;
  /// For handlers to end after a stop, before their tasks are handed back.
  std::chrono::milliseconds shutdown_time{8000};
  std::function<Seconds(int retried)> retry_delay = jobs::retry_delay;
  Clock clock = {};

  // How often; what Asynq does, but for recovery, which is sooner.
  std::chrono::milliseconds poll{1000};  // while all queues are empty: half to one and a half of it
  std::chrono::milliseconds beat{5000};
  std::chrono::milliseconds forward{5000};
  std::chrono::milliseconds recover{15000};
  std::chrono::milliseconds clean{8000};
};

class Worker {
 public:
  explicit Worker(const WorkerSettings& settings);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  /// Stops.
  ~Worker();

  /// "host:pid:uuid", as this worker is known to others.
  const std::string& name() const { return name_; }

  /// Handlers by type of task; before start().
  void set_handlers(std::map<std::string, Handler> handlers) { handlers_ = std::move(handlers); }
  void start();
  /// Takes nothing more and asks the handlers to end.
  void request_stop();
  /// Waits for the handlers. Tasks whose handlers end because of the stop, or not in time, are handed back.
  void stop();

 private:
  struct Slot {
    std::atomic<bool> is_over = false;
    std::jthread thread;
  };

  Worker(WorkerSettings settings, const ServerInfo& info);
  void add_slot();
  void serve_slot();
  AttemptPtr take(Broker& broker, QueueOrder& order);
  AttemptPtr accept(Broker& broker, const std::string& queue, const Dequeued& task,
                    Attempt::Clock::time_point lease_end);
  void call_handler(Broker& broker, const AttemptPtr& attempt);
  void watch();
  void end_overdue(Broker& broker);
  void abandon(const AttemptPtr& attempt, StopReason reason);
  void keep_house();
  void listen();
  void cancel(Broker& broker, const std::string& id);
  void hand_back_what_runs(Broker& broker);

  WorkerSettings settings_;
  std::string name_;
  std::map<std::string, Handler> handlers_;
  Attempts attempts_;
  Settler settler_;
  Heart heart_;
  std::atomic<bool> stopping_ = false;  // nothing more is taken
  std::stop_source stop_;               // ends sleeping
  std::mutex turn_;                     // of the one slot that asks for tasks
  std::mutex slots_mutex_;
  std::list<Slot> slots_;
  std::stop_source closing_;  // ends what has to go on until the last handler is done
  std::vector<std::jthread> others_;
};

}  // namespace jobs
