// Written by `make sql-generate` from sql/status.sql. Do not edit.
// clang-format off
#include "store/generated/status.hpp"

namespace store::sql {
namespace {

constexpr std::string_view source_states_sql = R"sql(SELECT source, fingerprint, last_attempt, last_success, last_error, failures,
       extract(epoch FROM max_age)::bigint AS max_age_seconds,
       extract(epoch FROM clock_timestamp() - last_success)::bigint AS age_seconds, records
FROM source_state
ORDER BY CASE source WHEN 'osv' THEN 0 WHEN 'gitlab' THEN 1 ELSE 2 END)sql";

SourceStatesRow read_source_states(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::optional<std::string>>(1),
          row.get<std::optional<pg::Timestamp>>(2), row.get<std::optional<pg::Timestamp>>(3),
          row.get<std::optional<std::string>>(4), row.get<std::int32_t>(5), row.get<std::int64_t>(6),
          row.get<std::optional<std::int64_t>>(7), row.get<std::int64_t>(8)};
}

constexpr std::string_view vulnerability_stats_sql = R"sql(SELECT total, live, withdrawn, in_several_sources, from_osv, from_gitlab, from_cve, known_exploited, critical, high,
       medium, low, unrated
FROM vulnerability_stats)sql";

VulnerabilityStatsRow read_vulnerability_stats(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::int64_t>(1), row.get<std::int64_t>(2),
          row.get<std::int64_t>(3), row.get<std::int64_t>(4), row.get<std::int64_t>(5),
          row.get<std::int64_t>(6), row.get<std::int64_t>(7), row.get<std::int64_t>(8),
          row.get<std::int64_t>(9), row.get<std::int64_t>(10), row.get<std::int64_t>(11),
          row.get<std::int64_t>(12)};
}

constexpr std::string_view quarantine_counts_sql = R"sql(SELECT source, reason, count(*) AS records
FROM quarantine
GROUP BY source, reason
ORDER BY source, reason)sql";

QuarantineCountsRow read_quarantine_counts(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::int64_t>(2)};
}

constexpr std::string_view running_syncs_sql = R"sql(SELECT run_id, started_at, heartbeat_at, worker
FROM sync_runs
WHERE state = 'running'
ORDER BY run_id)sql";

RunningSyncsRow read_running_syncs(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<pg::Timestamp>(1), row.get<pg::Timestamp>(2),
          row.get<std::string>(3)};
}

constexpr std::string_view last_sync_sql = R"sql(SELECT run_id, state, started_at, finished_at, worker
FROM sync_runs
WHERE state <> 'running'
ORDER BY run_id DESC
LIMIT 1)sql";

LastSyncRow read_last_sync(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::string>(1), row.get<pg::Timestamp>(2),
          row.get<std::optional<pg::Timestamp>>(3), row.get<std::string>(4)};
}

constexpr std::string_view list_exports_sql = R"sql(SELECT version, state
FROM exports
WHERE state <> 'removed'
ORDER BY version DESC)sql";

ListExportsRow read_list_exports(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1)};
}

}  // namespace

std::vector<SourceStatesRow> source_states(pg::Connection& connection) {
  return pg::query_many(connection, {"SourceStates", source_states_sql}, read_source_states);
}

std::optional<VulnerabilityStatsRow> vulnerability_stats(pg::Connection& connection) {
  return pg::query_one(connection, {"VulnerabilityStats", vulnerability_stats_sql},
                       read_vulnerability_stats);
}

std::vector<QuarantineCountsRow> quarantine_counts(pg::Connection& connection) {
  return pg::query_many(connection, {"QuarantineCounts", quarantine_counts_sql}, read_quarantine_counts);
}

std::vector<RunningSyncsRow> running_syncs(pg::Connection& connection) {
  return pg::query_many(connection, {"RunningSyncs", running_syncs_sql}, read_running_syncs);
}

std::vector<LastSyncRow> last_sync(pg::Connection& connection) {
  return pg::query_many(connection, {"LastSync", last_sync_sql}, read_last_sync);
}

std::vector<ListExportsRow> list_exports(pg::Connection& connection) {
  return pg::query_many(connection, {"ListExports", list_exports_sql}, read_list_exports);
}

}  // namespace store::sql
