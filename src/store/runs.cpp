#include "store/runs.hpp"

#include "store/generated/runs.hpp"

namespace store {

std::int64_t start_run(pg::Connection& connection, std::string_view worker, pg::Timestamp now) {
  pg::Transaction transaction(connection);
  sql::end_abandoned_runs(connection);
  const std::int64_t run_id = sql::start_run(connection, now, worker).value().run_id;
  transaction.commit();
  return run_id;
}

void finish_run(pg::Connection& connection, std::int64_t run_id, std::string_view state,
                std::string_view report) {
  sql::finish_run(connection, state, pg::Json{report}, run_id);
}

SourceState source_state(pg::Connection& connection, advisory::Source source) {
  auto row = sql::source_progress(connection, advisory::to_string(source));
  if (!row) return {};
  SourceState state{row->fingerprint.value_or(""),
                    row->rules.value_or(""),
                    row->watermark.value_or(""),
                    {},
                    row->duplicates,
                    static_cast<std::uint64_t>(row->records)};
  if (row->seconds_since_reconciled)
    state.since_reconciled = std::chrono::seconds(*row->seconds_since_reconciled);
  return state;
}

void note_current(pg::Connection& connection, advisory::Source source, std::string_view fingerprint) {
  sql::note_current(connection, fingerprint, advisory::to_string(source));
}

void begin_source(pg::Connection& connection, advisory::Source source, std::string_view first_rules) {
  sql::begin_source(connection, first_rules, advisory::to_string(source));
}

void finish_source(pg::Connection& connection, advisory::Source source, const FinishedSource& finished) {
  sql::finish_source(connection, finished.fingerprint, finished.rules, finished.watermark,
                     finished.reconciled, static_cast<std::int64_t>(finished.duplicates),
                     advisory::to_string(source));
}

void fail_source(pg::Connection& connection, advisory::Source source, std::string_view error) {
  sql::fail_source(connection, error, advisory::to_string(source));
}

std::int64_t count_vulnerabilities(pg::Connection& connection) {
  return sql::count_vulnerabilities(connection).value().total;
}

}  // namespace store
