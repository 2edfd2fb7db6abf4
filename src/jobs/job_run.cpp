#include "jobs/job_run.hpp"

#include <algorithm>
#include <chrono>

#include "base/backoff.hpp"
#include "base/format.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"
#include "store/generated/jobs.hpp"

namespace jobs {

namespace sql = store::sql;

namespace {

using std::chrono::milliseconds;

constexpr milliseconds between_signs(2000);
constexpr Seconds until_database_is_back = 20;
constexpr Seconds until_other_is_done = 20;

class Pulse {
 public:
  Pulse(const JobHost& host, Attempt& attempt, const JobProgress& progress)
      : host_(host), attempt_(attempt), progress_(progress) {
    thread_ = std::jthread([this](const std::stop_token& stop) { beat(stop); });
  }

 private:
  void beat(const std::stop_token& stop) {
    std::optional<pg::Connection> connection;
    while (base::sleep_for(between_signs, stop)) {
      try {
        if (!connection) connection.emplace(host_.database());
        const std::string progress = progress_.to_json();
        if (sql::touch_job(*connection, pg::Json{progress}, attempt_.message().id, host_.worker) > 0)
          continue;
        attempt_.request_stop(StopReason::cancelled);
        return;
      } catch (const pg::Error& error) {
        base::log::debug("no sign of life was written", {{"cause", error.what()}});
        connection.reset();
      }
    }
  }

  const JobHost& host_;
  Attempt& attempt_;
  const JobProgress& progress_;
  std::jthread thread_;
};

// Calls `write` with a new connection until it works; a server that restarts is back in a moment.
template <typename Write>
auto insist(const JobHost& host, Write write) {
  base::Backoff backoff(milliseconds(250), milliseconds(4000));
  constexpr int most_tries = 6;
  for (int tries = 1;; ++tries) {
    try {
      pg::Connection connection(host.database());
      return write(connection);
    } catch (const pg::Error& error) {
      if (!error.retryable()) throw;
      if (tries == most_tries)
        throw NotNow(base::format("the database is away: {}", error.what()), until_database_is_back);
      std::this_thread::sleep_for(backoff.next());
    }
  }
}

// The result of a job that was done before, or nothing when the attempt may begin.
std::optional<std::string> begin(const JobHost& host, const Attempt& attempt) {
  const TaskMessage& message = attempt.message();
  const std::string payload = message.payload.empty() ? "{}" : message.payload;
  return insist(host, [&](pg::Connection& connection) -> std::optional<std::string> {
    if (sql::start_job(connection, message.id, message.type, message.queue, pg::Json{payload},
                       attempt.number(), host.worker, patience_seconds) > 0)
      return std::nullopt;
    const auto row = sql::get_job(connection, message.id);
    if (!row) throw NotNow("its row is gone", until_other_is_done);
    if (row->state == "cancelled") throw GiveUp("cancelled");
    if (row->state == "succeeded") return row->result.value_or("{}");
    throw NotNow(base::format("{} runs it", row->worker.value_or("another worker")), until_other_is_done);
  });
}

// False: the row is not ours any more.
bool finish(const JobHost& host, const Attempt& attempt, std::string_view state,
            const std::optional<std::string>& error, const std::optional<std::string>& result) {
  return insist(host, [&](pg::Connection& connection) {
    std::optional<std::string_view> words;
    if (error) words = *error;
    std::optional<pg::Json> json;
    if (result) json = pg::Json{*result};
    return sql::finish_job(connection, state, words, json, attempt.message().id, host.worker) > 0;
  });
}

bool is_cancelled(const JobHost& host, const Attempt& attempt) {
  return insist(host, [&](pg::Connection& connection) {
    const auto row = sql::get_job(connection, attempt.message().id);
    return row && row->state == "cancelled";
  });
}

std::string words_for(const Attempt& attempt, const std::string& error) {
  if (attempt.stop_reason() == StopReason::deadline) return "context deadline exceeded";
  return attempt.stop_reason() == StopReason::cancelled ? "context canceled" : error;
}

// The row after a failure; throws GiveUp where that ends the task.
void note_failure(const JobHost& host, const Attempt& attempt, const std::string& error, bool is_final,
                  const std::optional<std::string>& result) {
  const TaskMessage& message = attempt.message();
  if (attempt.stop_reason() == StopReason::shutdown) {
    base::log::info("job handed back", {{"job", message.id}, {"type", message.type}});
    finish(host, attempt, "pending", std::nullopt, std::nullopt);
    return;
  }
  const bool ends = is_final || attempt.is_last();
  const std::string words = words_for(attempt, error);
  const bool is_ours = finish(host, attempt, ends ? "failed" : "pending", words, result);
  if (!is_ours && is_cancelled(host, attempt)) {
    base::log::info("job cancelled", {{"job", message.id}, {"type", message.type}});
    throw GiveUp("cancelled");
  }
  base::log::warn(!is_ours ? "job failed here, and another worker has taken it over"
                  : ends   ? "job failed"
                           : "job failed and will be tried again",
                  {{"job", message.id}, {"type", message.type}, {"cause", words}});
}

}  // namespace

std::string run_job(const JobHost& host, Attempt& attempt, const JobBody& body) {
  const TaskMessage& message = attempt.message();
  if (auto result = begin(host, attempt)) return std::move(*result);
  base::log::info("job started",
                  {{"job", message.id}, {"type", message.type}, {"attempt", attempt.number()}});
  const auto start = Attempt::Clock::now();
  JobProgress progress;
  JobContext context{attempt, progress};
  try {
    JobDone done;
    {
      const Pulse pulse(host, attempt, progress);
      done = body(context);
    }
    if (!finish(host, attempt, "succeeded", done.error, done.result) && is_cancelled(host, attempt))
      throw GiveUp("cancelled");
    base::log::info("job done",
                    {{"job", message.id},
                     {"type", message.type},
                     {"seconds", std::chrono::duration<double>(Attempt::Clock::now() - start).count()}});
    return done.result;
  } catch (const NotNow&) {
    throw;
  } catch (const JobFailed& error) {
    note_failure(host, attempt, error.what(), false, error.result());
    throw;
  } catch (const GiveUp& error) {
    note_failure(host, attempt, error.what(), true, std::nullopt);
    throw;
  } catch (const std::exception& error) {
    note_failure(host, attempt, error.what(), false, std::nullopt);
    throw;
  }
}

void reject_job(const JobHost& host, const Attempt& attempt, const std::string& error) {
  const TaskMessage& message = attempt.message();
  base::log::warn("job refused", {{"job", message.id}, {"type", message.type}, {"cause", error}});
  insist(host, [&](pg::Connection& connection) {
    sql::reject_job(connection, message.id, message.type, message.queue, host.worker, error);
    return true;
  });
  throw GiveUp(error);
}

}  // namespace jobs
