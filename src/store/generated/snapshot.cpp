// Written by `make sql-generate` from sql/snapshot.sql. Do not edit.
// clang-format off
#include "store/generated/snapshot.hpp"

namespace store::sql {
namespace {

constexpr std::string_view export_transaction_sql = R"sql(SELECT pg_export_snapshot() AS snapshot)sql";

ExportTransactionRow read_export_transaction(const pg::Row& row) {
  return {row.get<std::string>(0)};
}

constexpr std::string_view snapshot_position_sql = R"sql(SELECT feed_id::text AS feed_id, value AS changes_cursor
FROM feed)sql";

SnapshotPositionRow read_snapshot_position(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::int64_t>(1)};
}

constexpr std::string_view documents_of_sql = R"sql(SELECT v.uid, v.id, v.document, v.document_hash
FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (uid, place)
JOIN vulnerabilities v ON v.uid = wanted.uid
ORDER BY wanted.place)sql";

DocumentsOfRow read_documents_of(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::string>(1), row.get<std::string>(2),
          row.get<std::string>(3)};
}

constexpr std::string_view count_rows_sql = R"sql(SELECT (SELECT count(*) FROM vulnerabilities) AS vulnerabilities,
       (SELECT count(*) FROM vulnerability_aliases) AS vulnerability_aliases,
       (SELECT count(*) FROM affected_packages) AS affected_packages)sql";

CountRowsRow read_count_rows(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::int64_t>(1), row.get<std::int64_t>(2)};
}

constexpr std::string_view count_licenses_sql = R"sql(SELECT source, coalesce(license, 'unknown') AS license, count(*) AS records
FROM source_records
WHERE removed_at IS NULL
GROUP BY source, license)sql";

CountLicensesRow read_count_licenses(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::int64_t>(2)};
}

constexpr std::string_view count_deferred_indexes_sql = R"sql(SELECT count(*) AS indexes
FROM deferred_indexes)sql";

CountDeferredIndexesRow read_count_deferred_indexes(const pg::Row& row) {
  return {row.get<std::int64_t>(0)};
}

constexpr std::string_view relations_of_schema_sql = R"sql(SELECT relname::text AS name
FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
ORDER BY relname)sql";

RelationsOfSchemaRow read_relations_of_schema(const pg::Row& row) {
  return {row.get<std::string>(0)};
}

constexpr std::string_view abandon_exports_sql = R"sql(UPDATE exports
SET state = 'failed', finished_at = clock_timestamp()
WHERE location = $1 AND state = 'running')sql";

constexpr std::string_view begin_export_sql = R"sql(INSERT INTO exports (version, state, formats, location)
VALUES ($1, 'running', $2, $3)
ON CONFLICT (version) DO NOTHING)sql";

constexpr std::string_view finish_export_sql = R"sql(UPDATE exports
SET state = $1, manifest = $2, finished_at = clock_timestamp()
WHERE version = $3 AND location = $4)sql";

constexpr std::string_view note_removed_export_sql = R"sql(UPDATE exports
SET state = 'removed'
WHERE version = $1 AND location = $2)sql";

}  // namespace

std::optional<ExportTransactionRow> export_transaction(pg::Connection& connection) {
  return pg::query_one(connection, {"ExportTransaction", export_transaction_sql}, read_export_transaction);
}

std::optional<SnapshotPositionRow> snapshot_position(pg::Connection& connection) {
  return pg::query_one(connection, {"SnapshotPosition", snapshot_position_sql}, read_snapshot_position);
}

std::vector<DocumentsOfRow> documents_of(pg::Connection& connection, std::span<const std::int64_t> uids) {
  return pg::query_many(connection, {"DocumentsOf", documents_of_sql}, read_documents_of, uids);
}

std::optional<CountRowsRow> count_rows(pg::Connection& connection) {
  return pg::query_one(connection, {"CountRows", count_rows_sql}, read_count_rows);
}

std::vector<CountLicensesRow> count_licenses(pg::Connection& connection) {
  return pg::query_many(connection, {"CountLicenses", count_licenses_sql}, read_count_licenses);
}

std::optional<CountDeferredIndexesRow> count_deferred_indexes(pg::Connection& connection) {
  return pg::query_one(connection, {"CountDeferredIndexes", count_deferred_indexes_sql},
                       read_count_deferred_indexes);
}

std::vector<RelationsOfSchemaRow> relations_of_schema(pg::Connection& connection) {
  return pg::query_many(connection, {"RelationsOfSchema", relations_of_schema_sql},
                        read_relations_of_schema);
}

void abandon_exports(pg::Connection& connection, std::string_view location) {
  connection.query({"AbandonExports", abandon_exports_sql}, location);
}

void begin_export(pg::Connection& connection, std::string_view version,
                  std::span<const std::string_view> formats, std::string_view location) {
  connection.query({"BeginExport", begin_export_sql}, version, formats, location);
}

void finish_export(pg::Connection& connection, std::string_view state, pg::Json manifest,
                   std::string_view version, std::string_view location) {
  connection.query({"FinishExport", finish_export_sql}, state, manifest, version, location);
}

void note_removed_export(pg::Connection& connection, std::string_view version, std::string_view location) {
  connection.query({"NoteRemovedExport", note_removed_export_sql}, version, location);
}

}  // namespace store::sql
