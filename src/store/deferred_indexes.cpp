#include "store/deferred_indexes.hpp"

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "pg/cancel_on_stop.hpp"
#include "store/generated/deferred_indexes.hpp"

namespace store {

namespace {

constexpr std::string_view tables[] = {"vulnerabilities", "vulnerability_aliases", "affected_packages",
                                       "source_records", "changes"};

void build(pg::Connection& connection, const std::string& name) {
  pg::Transaction transaction(connection);
  if (const auto index = sql::index_definition(connection, name)) {
    connection.exec({"build an index", "SET LOCAL maintenance_work_mem = '256MB'; " + index->definition});
    sql::index_built(connection, name);
  }
  transaction.commit();
}

// Two connections saturate two cores; more only compete for memory.
void build_all(const pg::Settings& settings, const std::vector<std::string>& names,
               const std::stop_token& stop) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex mutex;
  const auto work = [&] {
    try {
      pg::Connection connection(settings);
      const pg::CancelOnStop cancel(connection, stop);
      for (std::size_t i = next++; i < names.size() && !stop.stop_requested(); i = next++)
        build(connection, names[i]);
    } catch (...) {
      const std::scoped_lock lock(mutex);
      failure = std::current_exception();
      next = names.size();
    }
  };
  {
    const std::jthread other(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

void set_autovacuum(pg::Connection& connection, bool on) {
  for (const std::string_view table : tables)
    connection.exec({"autovacuum of " + std::string(table),
                     "ALTER TABLE " + pg::quote_identifier(table) +
                         (on ? " RESET (autovacuum_enabled)" : " SET (autovacuum_enabled = false)")});
}

// Only what queries select by: to sample documents, long texts and expressions over them takes a fifth of the
// server's time in a first load, and no plan asks for it. Fewer samples than usual are enough until
// autovacuum comes by.
void analyse(pg::Connection& connection) {
  pg::Transaction transaction(connection);
  connection.exec(
      {"analyse",
       "SET LOCAL default_statistics_target = 20;"
       " ANALYZE vulnerabilities (uid, id, aliases, sources, severity, cvss_score, cwe_ids,"
       " kev_added, published, modified, withdrawn, first_seen, updated_at), vulnerability_aliases,"
       " affected_packages (uid, ordinal, ecosystem, ecosystem_base, name, name_normalized, purl,"
       " source, record_id),"
       " source_records (source, record_id, uid, own_id, claims, modified, withdrawn, location,"
       " removed_at)"});
  transaction.commit();
}

}  // namespace

bool defer_indexes(pg::Connection& connection) {
  pg::Transaction transaction(connection);
  if (sql::any_rows(connection).value().any_rows) return false;
  for (const auto& index : sql::note_indexes(connection, tables))
    connection.exec({"put an index aside", "DROP INDEX " + pg::quote_identifier(index.name)});
  set_autovacuum(connection, false);
  transaction.commit();
  return true;
}

std::vector<std::string> missing_indexes(pg::Connection& connection) {
  std::vector<std::string> names;
  for (auto& index : sql::missing_indexes(connection)) names.push_back(std::move(index.name));
  return names;
}

void complete_indexes(const pg::Settings& settings, const std::stop_token& stop) {
  pg::Connection connection(settings);
  const pg::CancelOnStop cancel(connection, stop);
  const std::vector<std::string> names = missing_indexes(connection);
  if (names.empty()) return;
  build_all(settings, names, stop);
  if (stop.stop_requested()) return;
  set_autovacuum(connection, true);
  analyse(connection);
}

}  // namespace store
