#include "store/deferred_indexes.hpp"

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace store {

namespace {

constexpr std::string_view tables[] = {"vulnerabilities", "vulnerability_aliases", "affected_packages",
                                       "source_records", "changes"};

std::string definition_of(pg::Connection& connection, const std::string& name) {
  const auto rows = connection.query(
      {"definition of an index", "SELECT definition FROM deferred_indexes WHERE name = $1"}, name);
  return rows.empty() ? std::string() : rows[0].get<std::string>(0);
}

void build(pg::Connection& connection, const std::string& name) {
  pg::Transaction transaction(connection);
  const std::string definition = definition_of(connection, name);
  if (!definition.empty()) {
    connection.exec({"build an index", "SET LOCAL maintenance_work_mem = '256MB'; " + definition});
    connection.query({"index built", "DELETE FROM deferred_indexes WHERE name = $1"}, name);
  }
  transaction.commit();
}

// Two connections saturate two cores; more only compete for memory.
void build_all(const pg::Settings& settings, const std::vector<std::string>& names) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex mutex;
  const auto work = [&] {
    try {
      pg::Connection connection(settings);
      for (std::size_t i = next++; i < names.size(); i = next++) build(connection, names[i]);
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

}  // namespace

bool defer_indexes(pg::Connection& connection) {
  pg::Transaction transaction(connection);
  const auto used =
      connection.query({"are the tables empty",
                        "SELECT EXISTS (SELECT FROM vulnerabilities) OR"
                        " EXISTS (SELECT FROM source_records) OR EXISTS (SELECT FROM changes)"});
  if (used[0].get<bool>(0)) return false;
  const auto indexes = connection.query(
      {"secondary indexes",
       "INSERT INTO deferred_indexes (name, table_name, definition)"
       " SELECT c.relname, t.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i"
       " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid"
       " WHERE t.relnamespace = current_schema()::regnamespace AND NOT i.indisprimary AND t.relname = ANY($1)"
       " RETURNING name"},
      std::span<const std::string_view>(tables));
  for (const auto row : indexes)
    connection.exec(
        {"put an index aside", "DROP INDEX " + pg::quote_identifier(row.get<std::string_view>(0))});
  set_autovacuum(connection, false);
  transaction.commit();
  return true;
}

std::vector<std::string> missing_indexes(pg::Connection& connection) {
  // The largest table's indexes first, so that the two connections end together.
  const auto rows = connection.query(
      {"missing indexes",
       "SELECT name FROM deferred_indexes"
       " ORDER BY table_name <> 'vulnerabilities', definition NOT LIKE '%USING gin%', name"});
  std::vector<std::string> names;
  for (const auto row : rows) names.push_back(row.get<std::string>(0));
  return names;
}

void complete_indexes(const pg::Settings& settings) {
  pg::Connection connection(settings);
  const std::vector<std::string> names = missing_indexes(connection);
  if (names.empty()) return;
  build_all(settings, names);
  set_autovacuum(connection, true);
  connection.exec(
      {"analyse", "ANALYZE vulnerabilities, vulnerability_aliases, affected_packages, source_records"});
}

}  // namespace store
