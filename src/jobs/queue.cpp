#include "jobs/queue.hpp"

#include <chrono>
#include <mutex>
#include <set>

#include "base/log.hpp"
#include "base/uuid.hpp"
#include "jobs/inspector.hpp"
#include "jobs/task_types.hpp"

namespace jobs {

namespace sql = store::sql;

namespace {

// GetJob, ListJobs and RunningJobs give the same columns.
template <typename Row>
Job job_from(Row&& row) {
  return {std::move(row.id),
          std::move(row.type),
          std::move(row.queue),
          std::move(row.state),
          row.payload.value_or("{}"),
          row.attempt,
          std::move(row.worker),
          row.created_at,
          row.started_at,
          row.finished_at,
          row.heartbeat_at,
          std::move(row.progress),
          std::move(row.error),
          std::move(row.result)};
}

template <typename Row>
std::vector<Job> jobs_from(std::vector<Row> rows) {
  std::vector<Job> jobs;
  jobs.reserve(rows.size());
  for (Row& row : rows) jobs.push_back(job_from(std::move(row)));
  return jobs;
}

constexpr std::chrono::seconds failure_holds{1};

}  // namespace

// One connection to Redis for all who ask: what is asked for is small and quick. Where Redis is away, or does
// not answer, the others are told the same for a moment: they would all wait for it, one after the other.
struct Queue::Redis {
  explicit Redis(const redis::Settings& settings) : broker(settings) {}

  template <typename Ask>
  auto use(const Ask& ask) {
    const std::scoped_lock lock(mutex);
    if (std::chrono::steady_clock::now() < away_until) throw redis::Error(failure);
    try {
      return ask();
    } catch (const redis::Error& error) {
      if (error.connection_lost()) {
        failure = error.what();
        away_until = std::chrono::steady_clock::now() + failure_holds;
      }
      throw;
    }
  }

  std::mutex mutex;
  Broker broker;
  Inspector inspector{broker};
  std::string failure;
  std::chrono::steady_clock::time_point away_until;
};

Queue::Queue(const redis::Settings& redis) : redis_(std::make_unique<Redis>(redis)) {}
Queue::~Queue() = default;

Enqueued Queue::enqueue(pg::Connection& connection, const SyncRequest& request, const std::string& id) {
  const std::string payload = to_payload(request);
  read_sync_request(payload);  // refuses what no worker could do
  return add(connection, sync_type, payload, id);
}

Enqueued Queue::enqueue(pg::Connection& connection, const ExportRequest& request, const std::string& id) {
  const std::string payload = to_payload(request);
  read_export_request(payload);
  return add(connection, export_type, payload, id);
}

Enqueued Queue::enqueue(pg::Connection& connection, const CleanupRequest& request, const std::string& id) {
  const std::string payload = to_payload(request);
  read_cleanup_request(payload);
  return add(connection, cleanup_type, payload, id);
}

Enqueued Queue::add(pg::Connection& connection, std::string_view type, const std::string& payload,
                    const std::string& wanted_id) {
  const std::string id = wanted_id.empty() ? base::random_uuid() : wanted_id;
  Enqueued result;
  {
    pg::Transaction transaction(connection);
    sql::lock_jobs(connection);
    std::string found = id;
    for (const auto& open : sql::open_jobs(connection, type))
      if (covers(type, open.payload.value_or(""), payload)) {
        found = open.id;
        break;
      }
    if (found == id)
      result.created =
          sql::insert_job(connection, id, type, find_task_type(type)->queue, pg::Json{payload}) > 0;
    result.job = find(connection, found).value();
    transaction.commit();
  }
  if (result.created) send(result.job);
  return result;
}

void Queue::send(const Job& job) {
  TaskMessage message = message_for(job.type, job.queue, job.id, job.payload);
  try {
    redis_->use([&] { redis_->broker.enqueue(message); });
  } catch (const redis::Error& error) {
    base::log::warn("a job waits until Redis is back", {{"job", job.id}, {"cause", error.what()}});
  }
}

std::optional<Job> Queue::find(pg::Connection& connection, const std::string& id) {
  auto row = sql::get_job(connection, id);
  if (!row) return std::nullopt;
  return job_from(std::move(*row));
}

std::vector<Job> Queue::list(pg::Connection& connection, const JobFilter& filter) {
  constexpr pg::Timestamp end_of_time = std::chrono::sys_days(std::chrono::year(9999) / 1 / 1);
  return jobs_from(sql::list_jobs(connection, filter.before_at.value_or(end_of_time), filter.before_id,
                                  filter.state, filter.type, filter.limit));
}

std::vector<Job> Queue::running(pg::Connection& connection) {
  return jobs_from(sql::running_jobs(connection));
}

std::vector<StateCount> Queue::counts(pg::Connection& connection) {
  std::vector<StateCount> counts;
  for (auto& row : sql::count_jobs(connection)) counts.push_back({row.queue, row.state, row.jobs});
  return counts;
}

Cancelled Queue::cancel(pg::Connection& connection, const std::string& id) {
  const auto job = find(connection, id);
  if (!job) return Cancelled::no_such_job;
  if (sql::cancel_job(connection, id) == 0) return Cancelled::ended_before;
  try {
    redis_->use([&] {
      if (!redis_->inspector.archive(job->queue, id, "cancelled"))
        redis_->inspector.cancel_active(job->queue, id);
    });
  } catch (const redis::Error& error) {
    // Its worker looks at the row while it runs, and before it begins.
    base::log::warn("a job is cancelled although Redis cannot be told",
                    {{"job", id}, {"cause", error.what()}});
  }
  return Cancelled::cancelled;
}

Retried Queue::retry(pg::Connection& connection, const std::string& id) {
  const auto job = find(connection, id);
  if (!job) return Retried::no_such_job;
  // First: an open row whose task lies archived is taken for one that Redis gave up.
  redis_->use([&] { redis_->broker.connection().command({"PING"}); });
  if (sql::reopen_job(connection, id) == 0) return Retried::still_open;
  if (!redis_->use([&] { return redis_->inspector.run_now(job->queue, job->id); })) send(*job);
  return Retried::waiting;
}

std::vector<QueueCounts> Queue::queues() {
  return redis_->use([this] {
    std::set<std::string> names;
    for (const auto& [name, weight] : queue_weights) names.insert(name);
    for (const std::string& name : redis_->inspector.queues()) names.insert(name);
    std::vector<QueueCounts> counts;
    for (const std::string& name : names) counts.push_back(redis_->inspector.info(name));
    return counts;
  });
}

void Queue::pause() {
  redis_->use([this] {
    for (const auto& [name, weight] : queue_weights) redis_->inspector.pause(name);
  });
}

void Queue::resume() {
  redis_->use([this] {
    for (const auto& [name, weight] : queue_weights) redis_->inspector.resume(name);
  });
}

}  // namespace jobs
