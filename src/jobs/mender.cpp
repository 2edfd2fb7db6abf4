#include "jobs/mender.hpp"

#include <chrono>
#include <optional>
#include <string>

#include "base/log.hpp"
#include "base/stop.hpp"
#include "jobs/inspector.hpp"
#include "jobs/job_run.hpp"
#include "jobs/task_types.hpp"
#include "store/generated/jobs.hpp"

namespace jobs {

namespace sql = store::sql;

namespace {

constexpr std::chrono::seconds between_looks(10);

// What the row should say, going by the task; nothing where the row is right.
struct Verdict {
  std::string state;
  std::optional<std::string> error;
};

std::optional<Verdict> verdict_of(const TaskState& task, const std::string& row_state) {
  if (task.state == "archived")
    return Verdict{"failed", task.message.error_msg.empty() ? "archived" : task.message.error_msg};
  if (task.state == "completed") return Verdict{"succeeded", std::nullopt};
  // Its worker died, and the task waits for another.
  if (row_state == "running" && task.state != "active") return Verdict{"pending", task.message.error_msg};
  return std::nullopt;
}

}  // namespace

int mend(pg::Connection& connection, Broker& broker, int silent_seconds) {
  Inspector inspector(broker);
  int put_back = 0;
  for (const auto& row : sql::silent_jobs(connection, silent_seconds)) {
    const auto task = inspector.find(row.queue, row.id);
    std::optional<Verdict> verdict;
    if (task) {
      verdict = verdict_of(*task, row.state);
    } else {
      TaskMessage message = message_for(row.type, row.queue, row.id, row.payload.value_or(""));
      if (broker.enqueue(message) != EnqueueResult::enqueued) continue;
      base::log::warn("a job that the queue had lost is back in it", {{"job", row.id}, {"type", row.type}});
      verdict = Verdict{"pending", std::nullopt};
      ++put_back;
    }
    if (!verdict) continue;
    std::optional<std::string_view> error;
    if (verdict->error && !verdict->error->empty()) error = *verdict->error;
    sql::settle_silent_job(connection, verdict->state, error, row.id, silent_seconds);
  }
  return put_back;
}

Mender::Mender(std::function<pg::Settings()> database, redis::Settings redis)
    : database_(std::move(database)),
      redis_(std::move(redis)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Mender::run(const std::stop_token& stop) {
  Broker broker(redis_);
  std::optional<pg::Connection> connection;
  do {
    try {
      if (!connection) connection.emplace(database_());
      mend(*connection, broker, patience_seconds);
    } catch (const base::Error& error) {
      // Who needs PostgreSQL or Redis says that they are away.
      base::log::debug("jobs are not looked after", {{"cause", error.what()}});
      connection.reset();
    }
  } while (base::sleep_for(between_looks, stop));
}

}  // namespace jobs
