#include "store/runs.hpp"

namespace store {

std::int64_t start_run(pg::Connection& connection, std::string_view worker, pg::Timestamp now) {
  pg::Transaction transaction(connection);
  connection.exec(
      {"end abandoned runs",
       "UPDATE sync_runs SET state = 'interrupted', finished_at = heartbeat_at WHERE state = 'running'"});
  const auto rows = connection.query({"start a run",
                                      "INSERT INTO sync_runs (state, started_at, heartbeat_at, worker)"
                                      " VALUES ('running', $1, clock_timestamp(), $2) RETURNING run_id"},
                                     now, worker);
  transaction.commit();
  return rows.one().get<std::int64_t>(0);
}

void finish_run(pg::Connection& connection, std::int64_t run_id, std::string_view state,
                std::string_view report) {
  connection.query({"finish a run",
                    "UPDATE sync_runs SET state = $2, report = $3, finished_at = clock_timestamp(),"
                    " heartbeat_at = clock_timestamp() WHERE run_id = $1"},
                   run_id, state, pg::Json{report});
}

SourceState source_state(pg::Connection& connection, advisory::Source source) {
  const auto rows = connection.query({"state of a source",
                                      "SELECT coalesce(fingerprint, ''), coalesce(rules, ''),"
                                      " coalesce(watermark, ''),"
                                      " extract(epoch FROM clock_timestamp() - reconciled_at)::bigint"
                                      " FROM source_state WHERE source = $1"},
                                     advisory::to_string(source));
  if (rows.empty()) return {};
  SourceState state{
      rows[0].get<std::string>(0), rows[0].get<std::string>(1), rows[0].get<std::string>(2), {}};
  if (const auto seconds = rows[0].get<std::optional<std::int64_t>>(3))
    state.since_reconciled = std::chrono::seconds(*seconds);
  return state;
}

void note_current(pg::Connection& connection, advisory::Source source, std::string_view fingerprint) {
  connection.query({"note a current source",
                    "UPDATE source_state SET fingerprint = $2, last_attempt = clock_timestamp(),"
                    " last_success = clock_timestamp(), last_error = NULL, failures = 0 WHERE source = $1"},
                   advisory::to_string(source), fingerprint);
}

void begin_source(pg::Connection& connection, advisory::Source source, std::string_view first_rules) {
  connection.query({"begin a source",
                    "UPDATE source_state SET fingerprint = NULL, rules = coalesce(rules, $2),"
                    " last_attempt = clock_timestamp() WHERE source = $1"},
                   advisory::to_string(source), first_rules);
}

void finish_source(pg::Connection& connection, advisory::Source source, const FinishedSource& finished) {
  connection.query(
      {"finish a source",
       "UPDATE source_state SET fingerprint = $2, rules = $3, watermark = coalesce($4, watermark),"
       " reconciled_at = CASE WHEN $5 THEN clock_timestamp() ELSE reconciled_at END,"
       " last_success = clock_timestamp(), last_error = NULL,"
       " failures = 0, records = (SELECT count(*) FROM source_records"
       " WHERE source = $1 AND removed_at IS NULL) WHERE source = $1"},
      advisory::to_string(source), finished.fingerprint, finished.rules, finished.watermark,
      finished.reconciled);
}

void fail_source(pg::Connection& connection, advisory::Source source, std::string_view error) {
  connection.query({"note a failed source",
                    "UPDATE source_state SET last_attempt = clock_timestamp(), last_error = $2,"
                    " failures = failures + 1 WHERE source = $1"},
                   advisory::to_string(source), error);
}

std::int64_t count_vulnerabilities(pg::Connection& connection) {
  const auto rows = connection.query({"count vulnerabilities", "SELECT count(*) FROM vulnerabilities"});
  return rows.one().get<std::int64_t>(0);
}

}  // namespace store
