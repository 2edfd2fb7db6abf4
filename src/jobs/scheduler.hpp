// Adds jobs when they are due. Any number of schedulers may run on one database: a due time is a job's id, so
// it is one job whoever comes first. Times that passed while no scheduler ran are made up for once.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "jobs/broker.hpp"
#include "jobs/cron.hpp"
#include "jobs/queue.hpp"
#include "pg/connection.hpp"

namespace jobs {

/// A job that is due again and again.
struct Schedule {
  std::string name;  // in the ids of its jobs: "sync@1767225600"
  std::string spec;  // see Cron
  std::string type;
  std::string payload;
  /// Adds the job under this id, where there is none yet that does the same.
  std::function<Enqueued(Queue&, pg::Connection&, const std::string& id)> add;
};

Schedule schedule_of(std::string name, std::string spec, const SyncRequest& request);
Schedule schedule_of(std::string name, std::string spec, const ExportRequest& request);
Schedule schedule_of(std::string name, std::string spec, const CleanupRequest& request);

struct SchedulerSettings {
  std::function<pg::Settings()> database;
  redis::Settings redis;
  std::vector<Schedule> schedules;
  /// Jobs begin up to so much later than they are due, at most a tenth of the time between them: many
  /// installations do not ask a source in the same second.
  std::chrono::seconds most_jitter{60};
  Clock clock = {};

  std::chrono::milliseconds look{1000};   // how often
  std::chrono::milliseconds beat{10000};  // as Asynq's schedulers do
};

class Scheduler {
 public:
  /// Throws CronError.
  explicit Scheduler(SchedulerSettings settings);
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;
  /// Stops.
  ~Scheduler();

  void start();
  void stop();

 private:
  struct Entry {
    Schedule schedule;
    Cron cron;
    std::string id;  // in what Asynq's tools show
    double lateness = 0;
    std::optional<Seconds> previous;  // when it was last added, by this scheduler
    Seconds next = 0;
    int replaced = 0;  // how often a row for another time table was found
  };

  void run(const std::stop_token& stop);
  void look(pg::Connection& connection);
  void look_at(Entry& entry, pg::Connection& connection);
  static bool is_disputed(Entry& entry, const std::string& spec);
  void add(Entry& entry, pg::Connection& connection, Seconds due);
  Seconds jitter(const Entry& entry, Seconds due) const;
  void record(const Entry& entry, const std::string& job);
  void show();
  void hide();

  SchedulerSettings settings_;
  Queue queue_;
  Broker broker_;
  std::string key_;  // of what Asynq's tools show
  std::vector<Entry> entries_;
  std::jthread thread_;
};

}  // namespace jobs
