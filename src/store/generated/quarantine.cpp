// Written by `make sql-generate` from sql/quarantine.sql. Do not edit.
// clang-format off
#include "store/generated/quarantine.hpp"

namespace store::sql {
namespace {

constexpr std::string_view list_quarantine_sql = R"sql(SELECT source, record_id, reason, detail, location, run_id, first_seen, last_seen
FROM quarantine
ORDER BY source, record_id)sql";

ListQuarantineRow read_list_quarantine(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3),
          row.get<std::string>(4), row.get<std::int64_t>(5), row.get<pg::Timestamp>(6),
          row.get<pg::Timestamp>(7)};
}

constexpr std::string_view get_quarantined_sql = R"sql(SELECT reason, detail, location, run_id, first_seen, last_seen, raw
FROM quarantine
WHERE source = $1 AND record_id = $2)sql";

GetQuarantinedRow read_get_quarantined(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<std::int64_t>(3),
          row.get<pg::Timestamp>(4), row.get<pg::Timestamp>(5), row.get<std::string>(6)};
}

constexpr std::string_view quarantined_bytes_sql = R"sql(SELECT location, raw
FROM quarantine
WHERE source = $1
ORDER BY record_id)sql";

QuarantinedBytesRow read_quarantined_bytes(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1)};
}

constexpr std::string_view quarantined_hashes_sql = R"sql(SELECT record_id, location, raw_hash FROM quarantine WHERE source = $1)sql";

QuarantinedHashesRow read_quarantined_hashes(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2)};
}

constexpr std::string_view put_quarantined_sql = R"sql(INSERT INTO quarantine (source, record_id, reason, detail, location, run_id, first_seen, last_seen, listed_at, raw_hash,
                        raw)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9,
        $10)
ON CONFLICT (source, record_id) DO UPDATE
SET reason = excluded.reason, detail = excluded.detail, location = excluded.location, run_id = excluded.run_id,
    last_seen = excluded.last_seen, listed_at = excluded.listed_at, raw_hash = excluded.raw_hash, raw = excluded.raw)sql";

constexpr std::string_view touch_quarantined_sql = R"sql(UPDATE quarantine
SET last_seen = $1, run_id = $2
WHERE source = $3 AND record_id = ANY ($4::text[]))sql";

constexpr std::string_view release_quarantined_sql = R"sql(DELETE FROM quarantine WHERE source = $1 AND record_id = ANY ($2::text[]))sql";

}  // namespace

std::vector<ListQuarantineRow> list_quarantine(pg::Connection& connection) {
  return pg::query_many(connection, {"ListQuarantine", list_quarantine_sql}, read_list_quarantine);
}

std::vector<GetQuarantinedRow> get_quarantined(pg::Connection& connection, std::string_view source,
                                               std::string_view record_id) {
  return pg::query_many(connection, {"GetQuarantined", get_quarantined_sql}, read_get_quarantined, source,
                        record_id);
}

std::vector<QuarantinedBytesRow> quarantined_bytes(pg::Connection& connection, std::string_view source) {
  return pg::query_many(connection, {"QuarantinedBytes", quarantined_bytes_sql}, read_quarantined_bytes,
                        source);
}

std::vector<QuarantinedHashesRow> quarantined_hashes(pg::Connection& connection, std::string_view source) {
  return pg::query_many(connection, {"QuarantinedHashes", quarantined_hashes_sql}, read_quarantined_hashes,
                        source);
}

void put_quarantined(pg::Connection& connection, std::string_view source, std::string_view record_id,
                     std::string_view reason, std::string_view detail, std::string_view location,
                     std::int64_t run_id, pg::Timestamp seen_at, std::optional<pg::Timestamp> listed_at,
                     pg::Bytes raw_hash, pg::Bytes raw) {
  connection.query({"PutQuarantined", put_quarantined_sql}, source, record_id, reason, detail, location,
                   run_id, seen_at, listed_at, raw_hash, raw);
}

void touch_quarantined(pg::Connection& connection, pg::Timestamp seen_at, std::int64_t run_id,
                       std::string_view source, std::span<const std::string_view> record_ids) {
  connection.query({"TouchQuarantined", touch_quarantined_sql}, seen_at, run_id, source, record_ids);
}

void release_quarantined(pg::Connection& connection, std::string_view source,
                         std::span<const std::string_view> record_ids) {
  connection.query({"ReleaseQuarantined", release_quarantined_sql}, source, record_ids);
}

}  // namespace store::sql
