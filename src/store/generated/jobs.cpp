// Written by `make sql-generate` from sql/jobs.sql. Do not edit.
// clang-format off
#include "store/generated/jobs.hpp"

namespace store::sql {
namespace {

constexpr std::string_view lock_jobs_sql = R"sql(SELECT pg_advisory_xact_lock(hashtextextended('vuln-datasync jobs ' || current_schema(), 0))::text AS locked)sql";

LockJobsRow read_lock_jobs(const pg::Row& row) {
  return {row.get<std::string>(0)};
}

constexpr std::string_view insert_job_sql = R"sql(INSERT INTO jobs (id, type, queue, state, payload, heartbeat_at)
VALUES ($1, $2, $3, 'pending', $4, clock_timestamp())
ON CONFLICT (id) DO NOTHING)sql";

constexpr std::string_view get_job_sql = R"sql(SELECT id, type, queue, state, payload, attempt, worker, created_at, started_at, finished_at, heartbeat_at, progress,
       error, result
FROM jobs
WHERE id = $1)sql";

GetJobRow read_get_job(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3),
          row.get<std::optional<std::string>>(4), row.get<std::int32_t>(5),
          row.get<std::optional<std::string>>(6), row.get<pg::Timestamp>(7),
          row.get<std::optional<pg::Timestamp>>(8), row.get<std::optional<pg::Timestamp>>(9),
          row.get<pg::Timestamp>(10), row.get<std::optional<std::string>>(11),
          row.get<std::optional<std::string>>(12), row.get<std::optional<std::string>>(13)};
}

constexpr std::string_view open_jobs_sql = R"sql(SELECT id, state, payload
FROM jobs
WHERE type = $1 AND state IN ('pending', 'running')
ORDER BY created_at, id)sql";

OpenJobsRow read_open_jobs(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::optional<std::string>>(2)};
}

constexpr std::string_view list_jobs_sql = R"sql(SELECT id, type, queue, state, payload, attempt, worker, created_at, started_at, finished_at, heartbeat_at, progress,
       error, result
FROM jobs
WHERE (created_at, id) < ($1, $2)
  AND ($3::text = '' OR state = $3)
  AND ($4::text = '' OR type = $4)
ORDER BY created_at DESC, id DESC
LIMIT $5)sql";

ListJobsRow read_list_jobs(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3),
          row.get<std::optional<std::string>>(4), row.get<std::int32_t>(5),
          row.get<std::optional<std::string>>(6), row.get<pg::Timestamp>(7),
          row.get<std::optional<pg::Timestamp>>(8), row.get<std::optional<pg::Timestamp>>(9),
          row.get<pg::Timestamp>(10), row.get<std::optional<std::string>>(11),
          row.get<std::optional<std::string>>(12), row.get<std::optional<std::string>>(13)};
}

constexpr std::string_view running_jobs_sql = R"sql(SELECT id, type, queue, state, payload, attempt, worker, created_at, started_at, finished_at, heartbeat_at, progress,
       error, result
FROM jobs
WHERE state = 'running'
ORDER BY started_at, id)sql";

RunningJobsRow read_running_jobs(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3),
          row.get<std::optional<std::string>>(4), row.get<std::int32_t>(5),
          row.get<std::optional<std::string>>(6), row.get<pg::Timestamp>(7),
          row.get<std::optional<pg::Timestamp>>(8), row.get<std::optional<pg::Timestamp>>(9),
          row.get<pg::Timestamp>(10), row.get<std::optional<std::string>>(11),
          row.get<std::optional<std::string>>(12), row.get<std::optional<std::string>>(13)};
}

constexpr std::string_view count_jobs_sql = R"sql(SELECT queue, state, count(*) AS jobs
FROM jobs
GROUP BY queue, state
ORDER BY queue, state)sql";

CountJobsRow read_count_jobs(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::int64_t>(2)};
}

constexpr std::string_view start_job_sql = R"sql(INSERT INTO jobs (id, type, queue, state, payload, attempt, worker, started_at, heartbeat_at)
VALUES ($1, $2, $3, 'running', $4, $5, $6, clock_timestamp(), clock_timestamp())
ON CONFLICT (id) DO UPDATE
SET type = excluded.type, queue = excluded.queue, state = 'running', payload = excluded.payload,
    attempt = excluded.attempt, worker = excluded.worker, started_at = excluded.started_at,
    heartbeat_at = excluded.heartbeat_at, finished_at = NULL, progress = NULL, error = NULL, result = NULL
WHERE jobs.state <> 'cancelled'
  AND NOT (jobs.state = 'succeeded' AND excluded.attempt > 1)
  AND NOT (jobs.state = 'running' AND jobs.worker <> excluded.worker
           AND jobs.heartbeat_at BETWEEN clock_timestamp() - $7::int * interval '1 second'
                                     AND clock_timestamp() + $7::int * interval '1 second'))sql";

constexpr std::string_view touch_job_sql = R"sql(UPDATE jobs
SET heartbeat_at = clock_timestamp(), progress = $1
WHERE id = $2 AND worker = $3 AND state = 'running')sql";

constexpr std::string_view finish_job_sql = R"sql(UPDATE jobs
SET state = $1, error = $2, result = $3, progress = NULL,
    heartbeat_at = clock_timestamp(),
    finished_at = CASE WHEN $1 = 'pending' THEN NULL ELSE clock_timestamp() END
WHERE id = $4 AND worker = $5 AND state = 'running')sql";

constexpr std::string_view reject_job_sql = R"sql(INSERT INTO jobs (id, type, queue, state, attempt, worker, started_at, finished_at, error)
VALUES ($1, $2, $3, 'failed', 1, $4, clock_timestamp(), clock_timestamp(), $5)
ON CONFLICT (id) DO UPDATE
SET state = 'failed', worker = excluded.worker, finished_at = excluded.finished_at, error = excluded.error
WHERE jobs.state IN ('pending', 'running'))sql";

constexpr std::string_view cancel_job_sql = R"sql(UPDATE jobs
SET state = 'cancelled', error = 'cancelled', progress = NULL, finished_at = clock_timestamp()
WHERE id = $1 AND state IN ('pending', 'running'))sql";

constexpr std::string_view reopen_job_sql = R"sql(UPDATE jobs
SET state = 'pending', attempt = 0, worker = NULL, error = NULL, result = NULL, progress = NULL, started_at = NULL,
    finished_at = NULL, heartbeat_at = clock_timestamp()
WHERE id = $1 AND state IN ('succeeded', 'failed', 'cancelled'))sql";

constexpr std::string_view silent_jobs_sql = R"sql(SELECT id, type, queue, state, payload
FROM jobs
WHERE state IN ('pending', 'running')
  AND heartbeat_at NOT BETWEEN clock_timestamp() - $1::int * interval '1 second'
                           AND clock_timestamp() + $1::int * interval '1 second'
ORDER BY created_at, id
LIMIT 1000)sql";

SilentJobsRow read_silent_jobs(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3),
          row.get<std::optional<std::string>>(4)};
}

constexpr std::string_view settle_silent_job_sql = R"sql(UPDATE jobs
SET state = $1, error = $2, progress = NULL, heartbeat_at = clock_timestamp(),
    finished_at = CASE WHEN $1 = 'pending' THEN NULL ELSE clock_timestamp() END
WHERE id = $3 AND state IN ('pending', 'running')
  AND heartbeat_at NOT BETWEEN clock_timestamp() - $4::int * interval '1 second'
                           AND clock_timestamp() + $4::int * interval '1 second')sql";

constexpr std::string_view delete_old_jobs_sql = R"sql(DELETE FROM jobs
WHERE state IN ('succeeded', 'failed', 'cancelled') AND finished_at < clock_timestamp() - $1::int * interval '1 day')sql";

constexpr std::string_view delete_old_runs_sql = R"sql(DELETE FROM sync_runs
WHERE state <> 'running' AND finished_at < clock_timestamp() - $1::int * interval '1 day'
  AND run_id < (SELECT max(run_id) FROM sync_runs))sql";

constexpr std::string_view delete_old_changes_sql = R"sql(DELETE FROM changes
WHERE at < clock_timestamp() - $1::int * interval '1 day'
  AND cursor <= (SELECT max((manifest ->> 'changes_cursor')::bigint) FROM exports
                 WHERE state = 'published' AND substr(location, strpos(location, ':') + 1) = $2))sql";

constexpr std::string_view get_schedule_sql = R"sql(SELECT spec, previous_at, next_at FROM schedules WHERE name = $1)sql";

GetScheduleRow read_get_schedule(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<pg::Timestamp>(1), row.get<pg::Timestamp>(2)};
}

constexpr std::string_view put_schedule_sql = R"sql(INSERT INTO schedules (name, spec, previous_at, next_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (name) DO UPDATE
SET spec = excluded.spec, previous_at = greatest(schedules.previous_at, excluded.previous_at),
    next_at = CASE WHEN schedules.spec = excluded.spec THEN greatest(schedules.next_at, excluded.next_at)
                   ELSE excluded.next_at END)sql";

}  // namespace

std::optional<LockJobsRow> lock_jobs(pg::Connection& connection) {
  return pg::query_one(connection, {"LockJobs", lock_jobs_sql}, read_lock_jobs);
}

std::uint64_t insert_job(pg::Connection& connection, std::string_view id, std::string_view type,
                         std::string_view queue, pg::Json payload) {
  return connection.query({"InsertJob", insert_job_sql}, id, type, queue, payload).rows_affected();
}

std::optional<GetJobRow> get_job(pg::Connection& connection, std::string_view id) {
  return pg::query_one(connection, {"GetJob", get_job_sql}, read_get_job, id);
}

std::vector<OpenJobsRow> open_jobs(pg::Connection& connection, std::string_view type) {
  return pg::query_many(connection, {"OpenJobs", open_jobs_sql}, read_open_jobs, type);
}

std::vector<ListJobsRow> list_jobs(pg::Connection& connection, pg::Timestamp before_at,
                                   std::string_view before_id, std::string_view state, std::string_view type,
                                   std::int64_t page_size) {
  return pg::query_many(connection, {"ListJobs", list_jobs_sql}, read_list_jobs, before_at, before_id, state,
                        type, page_size);
}

std::vector<RunningJobsRow> running_jobs(pg::Connection& connection) {
  return pg::query_many(connection, {"RunningJobs", running_jobs_sql}, read_running_jobs);
}

std::vector<CountJobsRow> count_jobs(pg::Connection& connection) {
  return pg::query_many(connection, {"CountJobs", count_jobs_sql}, read_count_jobs);
}

std::uint64_t start_job(pg::Connection& connection, std::string_view id, std::string_view type,
                        std::string_view queue, pg::Json payload, std::int32_t attempt,
                        std::string_view worker, std::int32_t patience_seconds) {
  return connection.query({"StartJob", start_job_sql}, id, type, queue, payload, attempt, worker,
                          patience_seconds).rows_affected();
}

std::uint64_t touch_job(pg::Connection& connection, pg::Json progress, std::string_view id,
                        std::string_view worker) {
  return connection.query({"TouchJob", touch_job_sql}, progress, id, worker).rows_affected();
}

std::uint64_t finish_job(pg::Connection& connection, std::string_view state,
                         std::optional<std::string_view> error, std::optional<pg::Json> result,
                         std::string_view id, std::string_view worker) {
  return connection.query({"FinishJob", finish_job_sql}, state, error, result, id, worker).rows_affected();
}

void reject_job(pg::Connection& connection, std::string_view id, std::string_view type,
                std::string_view queue, std::string_view worker, std::string_view error) {
  connection.query({"RejectJob", reject_job_sql}, id, type, queue, worker, error);
}

std::uint64_t cancel_job(pg::Connection& connection, std::string_view id) {
  return connection.query({"CancelJob", cancel_job_sql}, id).rows_affected();
}

std::uint64_t reopen_job(pg::Connection& connection, std::string_view id) {
  return connection.query({"ReopenJob", reopen_job_sql}, id).rows_affected();
}

std::vector<SilentJobsRow> silent_jobs(pg::Connection& connection, std::int32_t silent_seconds) {
  return pg::query_many(connection, {"SilentJobs", silent_jobs_sql}, read_silent_jobs, silent_seconds);
}

std::uint64_t settle_silent_job(pg::Connection& connection, std::string_view state,
                                std::optional<std::string_view> error, std::string_view id,
                                std::int32_t silent_seconds) {
  return connection.query({"SettleSilentJob", settle_silent_job_sql}, state, error, id,
                          silent_seconds).rows_affected();
}

std::uint64_t delete_old_jobs(pg::Connection& connection, std::int32_t days) {
  return connection.query({"DeleteOldJobs", delete_old_jobs_sql}, days).rows_affected();
}

std::uint64_t delete_old_runs(pg::Connection& connection, std::int32_t days) {
  return connection.query({"DeleteOldRuns", delete_old_runs_sql}, days).rows_affected();
}

std::uint64_t delete_old_changes(pg::Connection& connection, std::int32_t days, std::string_view directory) {
  return connection.query({"DeleteOldChanges", delete_old_changes_sql}, days, directory).rows_affected();
}

std::optional<GetScheduleRow> get_schedule(pg::Connection& connection, std::string_view name) {
  return pg::query_one(connection, {"GetSchedule", get_schedule_sql}, read_get_schedule, name);
}

void put_schedule(pg::Connection& connection, std::string_view name, std::string_view spec,
                  pg::Timestamp previous_at, pg::Timestamp next_at) {
  connection.query({"PutSchedule", put_schedule_sql}, name, spec, previous_at, next_at);
}

}  // namespace store::sql
