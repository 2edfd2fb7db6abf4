// Written by `make sql-generate` from sql/jobs.sql. Do not edit.
// clang-format off
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pg/connection.hpp"
#include "pg/typed_query.hpp"
#include "pg/types.hpp"

namespace store::sql {

struct LockJobsRow {
  std::string locked;
};

/// Until the end of the transaction nobody else adds jobs: two equal requests at one time become one job.
std::optional<LockJobsRow> lock_jobs(pg::Connection& connection);

/// A new job; nothing where there is one of that id.
std::uint64_t insert_job(pg::Connection& connection, std::string_view id, std::string_view type,
                         std::string_view queue, pg::Json payload);

struct GetJobRow {
  std::string id;
  std::string type;
  std::string queue;
  std::string state;
  std::optional<std::string> payload;
  std::int32_t attempt = 0;
  std::optional<std::string> worker;
  pg::Timestamp created_at;
  std::optional<pg::Timestamp> started_at;
  std::optional<pg::Timestamp> finished_at;
  pg::Timestamp heartbeat_at;
  std::optional<std::string> progress;
  std::optional<std::string> error;
  std::optional<std::string> result;
};

std::optional<GetJobRow> get_job(pg::Connection& connection, std::string_view id);

struct OpenJobsRow {
  std::string id;
  std::string state;
  std::optional<std::string> payload;
};

/// The jobs of a type that wait or run, oldest first.
std::vector<OpenJobsRow> open_jobs(pg::Connection& connection, std::string_view type);

struct ListJobsRow {
  std::string id;
  std::string type;
  std::string queue;
  std::string state;
  std::optional<std::string> payload;
  std::int32_t attempt = 0;
  std::optional<std::string> worker;
  pg::Timestamp created_at;
  std::optional<pg::Timestamp> started_at;
  std::optional<pg::Timestamp> finished_at;
  pg::Timestamp heartbeat_at;
  std::optional<std::string> progress;
  std::optional<std::string> error;
  std::optional<std::string> result;
};

/// One page, newest first, of those older than (before_at, before_id); an empty state or type means any.
std::vector<ListJobsRow> list_jobs(pg::Connection& connection, pg::Timestamp before_at,
                                   std::string_view before_id, std::string_view state, std::string_view type,
                                   std::int64_t page_size);

struct RunningJobsRow {
  std::string id;
  std::string type;
  std::string queue;
  std::string state;
  std::optional<std::string> payload;
  std::int32_t attempt = 0;
  std::optional<std::string> worker;
  pg::Timestamp created_at;
  std::optional<pg::Timestamp> started_at;
  std::optional<pg::Timestamp> finished_at;
  pg::Timestamp heartbeat_at;
  std::optional<std::string> progress;
  std::optional<std::string> error;
  std::optional<std::string> result;
};

std::vector<RunningJobsRow> running_jobs(pg::Connection& connection);

struct CountJobsRow {
  std::string queue;
  std::string state;
  std::int64_t jobs = 0;
};

std::vector<CountJobsRow> count_jobs(pg::Connection& connection);

/// An attempt begins, unless the job was cancelled, is done already and only delivered once more, or still runs at
/// another worker that gave a sign of life lately.
std::uint64_t start_job(pg::Connection& connection, std::string_view id, std::string_view type,
                        std::string_view queue, pg::Json payload, std::int32_t attempt,
                        std::string_view worker, std::int32_t patience_seconds);

/// A sign of life with the progress; no row when the job was cancelled or another worker has it now.
std::uint64_t touch_job(pg::Connection& connection, pg::Json progress, std::string_view id,
                        std::string_view worker);

/// The end of an attempt: succeeded, failed, or pending when it is tried again.
std::uint64_t finish_job(pg::Connection& connection, std::string_view state,
                         std::optional<std::string_view> error, std::optional<pg::Json> result,
                         std::string_view id, std::string_view worker);

/// A job that cannot be run at all.
void reject_job(pg::Connection& connection, std::string_view id, std::string_view type,
                std::string_view queue, std::string_view worker, std::string_view error);

std::uint64_t cancel_job(pg::Connection& connection, std::string_view id);

/// A job that ended waits again.
std::uint64_t reopen_job(pg::Connection& connection, std::string_view id);

struct SilentJobsRow {
  std::string id;
  std::string type;
  std::string queue;
  std::string state;
  std::optional<std::string> payload;
};

/// Open jobs that gave no sign of life for a while: their task may be gone from Redis.
std::vector<SilentJobsRow> silent_jobs(pg::Connection& connection, std::int32_t silent_seconds);

/// What Redis knew of a job that gave no sign of life.
std::uint64_t settle_silent_job(pg::Connection& connection, std::string_view state,
                                std::optional<std::string_view> error, std::string_view id,
                                std::int32_t silent_seconds);

std::uint64_t delete_old_jobs(pg::Connection& connection, std::int32_t days);

/// The newest run stays, whatever its age.
std::uint64_t delete_old_runs(pg::Connection& connection, std::int32_t days);

/// Only what the newest snapshot of a directory covers that can be loaded: whoever lags behind loads that and follows
/// from its cursor.
std::uint64_t delete_old_changes(pg::Connection& connection, std::int32_t days, std::string_view directory);

struct GetScheduleRow {
  std::string spec;
  pg::Timestamp previous_at;
  pg::Timestamp next_at;
};

std::optional<GetScheduleRow> get_schedule(pg::Connection& connection, std::string_view name);

/// Of several schedulers none sets the time back.
void put_schedule(pg::Connection& connection, std::string_view name, std::string_view spec,
                  pg::Timestamp previous_at, pg::Timestamp next_at);

}  // namespace store::sql
