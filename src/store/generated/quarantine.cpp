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

}  // namespace store::sql
