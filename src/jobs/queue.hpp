// The jobs of this program, for whoever asks for one or looks at them: the HTTP API, the command line and the
// scheduler. A job is a row in PostgreSQL, which is its history, and while it is open a task in Redis, which
// hands it to a worker. What Redis loses is put back there from the rows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "jobs/queue_counts.hpp"
#include "redis/settings.hpp"
#include "store/generated/jobs.hpp"

namespace jobs {

/// A request that asks for something that does not exist; the message names it.
class RequestError : public base::Error {
 public:
  using Error::Error;
};

struct SyncRequest {
  std::vector<std::string> sources = {};  // osv, gitlab, cve; empty: every enabled one
  bool full = false;
};

struct ExportRequest {
  std::vector<std::string> formats = {};  // postgres, osv, jsonl; empty: all of them
};

struct CleanupRequest {
  int older_than_days = 90;
};

/// One job as its row tells; `state` is pending, running, succeeded, failed or cancelled, times are UTC, and
/// `payload`, `progress` and `result` JSON text. The result of a sync is its report.
struct Job {
  std::string id;
  std::string type;
  std::string queue;
  std::string state;
  std::string payload;
  int attempt = 0;
  std::optional<std::string> worker;
  pg::Timestamp created_at;
  std::optional<pg::Timestamp> started_at;
  std::optional<pg::Timestamp> finished_at;
  pg::Timestamp heartbeat_at;
  std::optional<std::string> progress;  // {"stage", "source", "done", "total", "rate", "eta_seconds", "note"}
  std::optional<std::string> error;
  std::optional<std::string> result;
};

/// The job as the API and `jobs show --json` print it.
base::json::Value to_json(const Job& job, base::Arena& arena);

struct Enqueued {
  Job job;
  bool created = false;  // false: a waiting or running job that covers the request
};

/// One page of jobs, newest first.
struct JobFilter {
  std::string state = {};  // empty: any
  std::string type = {};
  std::optional<pg::Timestamp> before_at = {};  // of the last job of the page before, with its id
  std::string before_id = {};
  int limit = 50;
};

struct StateCount {
  std::string queue;
  std::string state;
  std::int64_t jobs = 0;
};

enum class Cancelled { no_such_job, ended_before, cancelled };
enum class Retried { no_such_job, still_open, waiting };

/// Any thread. Functions that take a connection throw pg::Error; Redis being away is no error where the row
/// is enough: the job then waits for Redis to come back.
class Queue {
 public:
  /// Connects when it is first needed.
  explicit Queue(const redis::Settings& redis);
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  ~Queue();

  /// Adds a job, or finds the open one that covers the request: of the same type, with at least the sources
  /// (or formats) asked for, and full where that is asked for. `id` names the job where several callers may
  /// add the same one (a time of the schedule): then only the first adds it, and when it has ended since,
  /// nothing is added. Throws RequestError.
  Enqueued enqueue(pg::Connection& connection, const SyncRequest& request, const std::string& id = {});
  Enqueued enqueue(pg::Connection& connection, const ExportRequest& request, const std::string& id = {});
  Enqueued enqueue(pg::Connection& connection, const CleanupRequest& request, const std::string& id = {});

  static std::optional<Job> find(pg::Connection& connection, const std::string& id);
  static std::vector<Job> list(pg::Connection& connection, const JobFilter& filter);
  static std::vector<Job> running(pg::Connection& connection);
  static std::vector<StateCount> counts(pg::Connection& connection);

  /// A waiting job is archived, a running one told to stop. Its row is cancelled at once.
  Cancelled cancel(pg::Connection& connection, const std::string& id);
  /// A job that ended waits again, under its id. Throws redis::Error, and then nothing has changed.
  Retried retry(pg::Connection& connection, const std::string& id);

  /// Every queue, as Redis tells. Throws redis::Error.
  std::vector<QueueCounts> queues();
  /// Paused queues hand out nothing; what runs goes on. Throws redis::Error.
  void pause();
  void resume();

 private:
  struct Redis;
  Enqueued add(pg::Connection& connection, std::string_view type, const std::string& payload,
               const std::string& id);
  void send(const Job& job);

  std::unique_ptr<Redis> redis_;
};

}  // namespace jobs
