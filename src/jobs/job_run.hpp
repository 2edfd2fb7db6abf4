// One attempt at a job as PostgreSQL knows it: its row from the start to the end. While the attempt lives, a
// thread of its own writes signs of life with the progress, and stops the attempt when the row says that the
// job was cancelled or that another worker has it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "jobs/attempt.hpp"
#include "jobs/job_progress.hpp"
#include "pg/connection.hpp"

namespace jobs {

/// A running job without a sign of life for this long is anybody's.
inline constexpr int patience_seconds = 30;

/// How an attempt at a job ended well.
struct JobDone {
  std::string result;                     // JSON
  std::optional<std::string> error = {};  // what went wrong on the way
};

/// An attempt that failed with something to show.
class JobFailed : public base::Error {
 public:
  JobFailed(const std::string& message, std::string result) : Error(message), result_(std::move(result)) {}
  const std::string& result() const { return result_; }

 private:
  std::string result_;
};

struct JobContext {
  Attempt& attempt;
  JobProgress& progress;
};

using JobBody = std::function<JobDone(JobContext&)>;

/// Where rows are, and who we are in them.
struct JobHost {
  std::function<pg::Settings()> database;
  std::string worker;
};

/// Runs `body` between the row's start and its end, and returns the result for the queue. A job that is done
/// already gives the result it had. Throws as handlers do: GiveUp for a cancelled job, NotNow when another
/// worker runs it or the database is away.
std::string run_job(const JobHost& host, Attempt& attempt, const JobBody& body);

/// Notes a task that cannot be run at all, and throws GiveUp with `error`.
[[noreturn]] void reject_job(const JobHost& host, const Attempt& attempt, const std::string& error);

}  // namespace jobs
