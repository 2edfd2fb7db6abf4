// Written by `make sql-generate` from sql/batch.sql. Do not edit.
// clang-format off
#include "store/generated/batch.hpp"

namespace store::sql {
namespace {

constexpr std::string_view delete_vulnerabilities_sql = R"sql(DELETE FROM vulnerabilities WHERE uid = ANY ($1::bigint[]))sql";

constexpr std::string_view delete_packages_sql = R"sql(DELETE FROM affected_packages WHERE uid = ANY ($1::bigint[]))sql";

constexpr std::string_view delete_aliases_sql = R"sql(DELETE FROM vulnerability_aliases WHERE uid = ANY ($1::bigint[]))sql";

constexpr std::string_view delete_records_sql = R"sql(DELETE FROM source_records r
USING unnest($1::text[], $2::text[]) k (source, record_id)
WHERE r.source = k.source AND r.record_id = k.record_id)sql";

constexpr std::string_view update_records_sql = R"sql(UPDATE source_records r
SET uid = k.uid, stale = k.stale::boolean
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) k (source, record_id, uid, stale)
WHERE r.source = k.source AND r.record_id = k.record_id)sql";

constexpr std::string_view mark_records_removed_sql = R"sql(UPDATE source_records r
SET removed_at = $1, uid = NULL, stale = false
FROM unnest($2::text[], $3::text[]) k (source, record_id)
WHERE r.source = k.source AND r.record_id = k.record_id AND r.removed_at IS NULL)sql";

constexpr std::string_view take_cursors_sql = R"sql(UPDATE feed SET value = value + $1, vulnerabilities = vulnerabilities + $2
WHERE epoch = $3
RETURNING value, pg_current_xact_id()::text AS transaction)sql";

TakeCursorsRow read_take_cursors(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::string>(1)};
}

constexpr std::string_view count_records_sql = R"sql(UPDATE source_state s SET records = s.records + k.more
FROM unnest($1::text[], $2::bigint[]) k (source, more)
WHERE s.source = k.source)sql";

constexpr std::string_view next_uids_sql = R"sql(SELECT nextval('vulnerability_uid') AS first)sql";

NextUidsRow read_next_uids(const pg::Row& row) {
  return {row.get<std::int64_t>(0)};
}

constexpr std::string_view transaction_status_sql = R"sql(SELECT pg_xact_status($1::text::xid8) AS status)sql";

TransactionStatusRow read_transaction_status(const pg::Row& row) {
  return {row.get<std::optional<std::string>>(0)};
}

}  // namespace

void delete_vulnerabilities(pg::Connection& connection, std::span<const std::int64_t> uids) {
  connection.query({"DeleteVulnerabilities", delete_vulnerabilities_sql}, uids);
}

void delete_packages(pg::Connection& connection, std::span<const std::int64_t> uids) {
  connection.query({"DeletePackages", delete_packages_sql}, uids);
}

void delete_aliases(pg::Connection& connection, std::span<const std::int64_t> uids) {
  connection.query({"DeleteAliases", delete_aliases_sql}, uids);
}

void delete_records(pg::Connection& connection, std::span<const std::string_view> sources,
                    std::span<const std::string_view> record_ids) {
  connection.query({"DeleteRecords", delete_records_sql}, sources, record_ids);
}

void update_records(pg::Connection& connection, std::span<const std::string_view> sources,
                    std::span<const std::string_view> record_ids, std::span<const std::int64_t> uids,
                    std::span<const std::string_view> stale) {
  connection.query({"UpdateRecords", update_records_sql}, sources, record_ids, uids, stale);
}

void mark_records_removed(pg::Connection& connection, pg::Timestamp removed_at,
                          std::span<const std::string_view> sources,
                          std::span<const std::string_view> record_ids) {
  connection.query({"MarkRecordsRemoved", mark_records_removed_sql}, removed_at, sources, record_ids);
}

std::optional<TakeCursorsRow> take_cursors(pg::Connection& connection, std::int64_t count, std::int64_t more,
                                           std::int64_t epoch) {
  return pg::query_one(connection, {"TakeCursors", take_cursors_sql}, read_take_cursors, count, more,
                       epoch);
}

void count_records(pg::Connection& connection, std::span<const std::string_view> sources,
                   std::span<const std::int64_t> more) {
  connection.query({"CountRecords", count_records_sql}, sources, more);
}

std::optional<NextUidsRow> next_uids(pg::Connection& connection) {
  return pg::query_one(connection, {"NextUids", next_uids_sql}, read_next_uids);
}

std::optional<TransactionStatusRow> transaction_status(pg::Connection& connection,
                                                       std::string_view transaction) {
  return pg::query_one(connection, {"TransactionStatus", transaction_status_sql}, read_transaction_status,
                       transaction);
}

}  // namespace store::sql
