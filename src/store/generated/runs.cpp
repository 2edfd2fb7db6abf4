// Written by `make sql-generate` from sql/runs.sql. Do not edit.
// clang-format off
#include "store/generated/runs.hpp"

namespace store::sql {
namespace {

constexpr std::string_view end_abandoned_runs_sql = R"sql(UPDATE sync_runs SET state = 'interrupted', finished_at = heartbeat_at WHERE state = 'running')sql";

constexpr std::string_view start_run_sql = R"sql(INSERT INTO sync_runs (state, started_at, heartbeat_at, worker)
VALUES ('running', $1, clock_timestamp(), $2)
RETURNING run_id)sql";

StartRunRow read_start_run(const pg::Row& row) {
  return {row.get<std::int64_t>(0)};
}

constexpr std::string_view touch_run_sql = R"sql(UPDATE sync_runs SET heartbeat_at = clock_timestamp() WHERE state = 'running')sql";

constexpr std::string_view finish_run_sql = R"sql(UPDATE sync_runs
SET state = $1, report = $2, finished_at = clock_timestamp(), heartbeat_at = clock_timestamp()
WHERE run_id = $3)sql";

constexpr std::string_view source_progress_sql = R"sql(SELECT fingerprint, rules, watermark, duplicates, records,
       extract(epoch FROM clock_timestamp() - reconciled_at)::bigint AS seconds_since_reconciled
FROM source_state
WHERE source = $1)sql";

SourceProgressRow read_source_progress(const pg::Row& row) {
  return {row.get<std::optional<std::string>>(0), row.get<std::optional<std::string>>(1),
          row.get<std::optional<std::string>>(2), row.get<std::int64_t>(3), row.get<std::int64_t>(4),
          row.get<std::optional<std::int64_t>>(5)};
}

constexpr std::string_view note_current_sql = R"sql(UPDATE source_state
SET fingerprint = $1, last_attempt = clock_timestamp(), last_success = clock_timestamp(), last_error = NULL,
    failures = 0
WHERE source = $2)sql";

constexpr std::string_view begin_source_sql = R"sql(UPDATE source_state
SET fingerprint = NULL, rules = coalesce(rules, $1), last_attempt = clock_timestamp()
WHERE source = $2)sql";

constexpr std::string_view finish_source_sql = R"sql(UPDATE source_state
SET fingerprint = $1, rules = $2, watermark = coalesce($3, watermark),
    reconciled_at = CASE WHEN $4 THEN clock_timestamp() ELSE reconciled_at END,
    duplicates = $5::bigint + CASE WHEN $4 THEN 0 ELSE duplicates END,
    last_success = clock_timestamp(), last_error = NULL, failures = 0
WHERE source = $6)sql";

constexpr std::string_view fail_source_sql = R"sql(UPDATE source_state
SET last_attempt = clock_timestamp(), last_error = $1, failures = failures + 1
WHERE source = $2)sql";

constexpr std::string_view count_vulnerabilities_sql = R"sql(SELECT vulnerabilities AS total FROM feed)sql";

CountVulnerabilitiesRow read_count_vulnerabilities(const pg::Row& row) {
  return {row.get<std::int64_t>(0)};
}

}  // namespace

void end_abandoned_runs(pg::Connection& connection) {
  connection.query({"EndAbandonedRuns", end_abandoned_runs_sql});
}

std::optional<StartRunRow> start_run(pg::Connection& connection, pg::Timestamp started_at,
                                     std::string_view worker) {
  return pg::query_one(connection, {"StartRun", start_run_sql}, read_start_run, started_at, worker);
}

void touch_run(pg::Connection& connection) {
  connection.query({"TouchRun", touch_run_sql});
}

void finish_run(pg::Connection& connection, std::string_view state, pg::Json report, std::int64_t run_id) {
  connection.query({"FinishRun", finish_run_sql}, state, report, run_id);
}

std::optional<SourceProgressRow> source_progress(pg::Connection& connection, std::string_view source) {
  return pg::query_one(connection, {"SourceProgress", source_progress_sql}, read_source_progress, source);
}

void note_current(pg::Connection& connection, std::string_view fingerprint, std::string_view source) {
  connection.query({"NoteCurrent", note_current_sql}, fingerprint, source);
}

void begin_source(pg::Connection& connection, std::string_view first_rules, std::string_view source) {
  connection.query({"BeginSource", begin_source_sql}, first_rules, source);
}

void finish_source(pg::Connection& connection, std::string_view fingerprint, std::string_view rules,
                   std::optional<std::string_view> watermark, bool reconciled, std::int64_t duplicates,
                   std::string_view source) {
  connection.query({"FinishSource", finish_source_sql}, fingerprint, rules, watermark, reconciled, duplicates,
                   source);
}

void fail_source(pg::Connection& connection, std::string_view error, std::string_view source) {
  connection.query({"FailSource", fail_source_sql}, error, source);
}

std::optional<CountVulnerabilitiesRow> count_vulnerabilities(pg::Connection& connection) {
  return pg::query_one(connection, {"CountVulnerabilities", count_vulnerabilities_sql},
                       read_count_vulnerabilities);
}

}  // namespace store::sql
