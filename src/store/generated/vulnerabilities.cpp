// Written by `make sql-generate` from sql/vulnerabilities.sql. Do not edit.
// clang-format off
#include "store/generated/vulnerabilities.hpp"

namespace store::sql {
namespace {

constexpr std::string_view resolve_id_sql = R"sql(SELECT a.uid, v.id, a.kind
FROM vulnerability_aliases a
JOIN vulnerabilities v ON v.uid = a.uid
WHERE a.alias = $1
ORDER BY v.id)sql";

ResolveIdRow read_resolve_id(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::string>(1), row.get<std::string>(2)};
}

constexpr std::string_view get_vulnerability_by_any_id_sql = R"sql(SELECT v.uid, v.id, a.kind, v.document, v.document_hash, v.modified
FROM vulnerability_aliases a
JOIN vulnerabilities v ON v.uid = a.uid
WHERE a.alias = $1
ORDER BY v.id)sql";

GetVulnerabilityByAnyIdRow read_get_vulnerability_by_any_id(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3),
          row.get<std::string>(4), row.get<pg::Timestamp>(5)};
}

constexpr std::string_view count_vulnerabilities_sql = R"sql(SELECT count(*) AS total, count(*) FILTER (WHERE withdrawn IS NULL) AS live
FROM vulnerabilities)sql";

CountVulnerabilitiesRow read_count_vulnerabilities(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::int64_t>(1)};
}

constexpr std::string_view list_source_records_sql = R"sql(SELECT source, record_id, own_id, modified, withdrawn, retracted, stale, content_hash, location, license
FROM source_records
WHERE uid = $1
ORDER BY source, record_id)sql";

ListSourceRecordsRow read_list_source_records(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2),
          row.get<std::optional<pg::Timestamp>>(3), row.get<std::optional<pg::Timestamp>>(4),
          row.get<bool>(5), row.get<bool>(6), row.get<std::string>(7), row.get<std::string>(8),
          row.get<std::optional<std::string>>(9)};
}

constexpr std::string_view get_raw_record_sql = R"sql(SELECT raw
FROM source_records
WHERE source = $1 AND record_id = $2)sql";

GetRawRecordRow read_get_raw_record(const pg::Row& row) {
  return {row.get<std::string>(0)};
}

}  // namespace

std::vector<ResolveIdRow> resolve_id(pg::Connection& connection, std::string_view identifier) {
  return pg::query_many(connection, {"ResolveId", resolve_id_sql}, read_resolve_id, identifier);
}

std::vector<GetVulnerabilityByAnyIdRow> get_vulnerability_by_any_id(pg::Connection& connection,
                                                                    std::string_view identifier) {
  return pg::query_many(connection, {"GetVulnerabilityByAnyId", get_vulnerability_by_any_id_sql},
                        read_get_vulnerability_by_any_id, identifier);
}

std::optional<CountVulnerabilitiesRow> count_vulnerabilities(pg::Connection& connection) {
  return pg::query_one(connection, {"CountVulnerabilities", count_vulnerabilities_sql},
                       read_count_vulnerabilities);
}

std::vector<ListSourceRecordsRow> list_source_records(pg::Connection& connection, std::int64_t uid) {
  return pg::query_many(connection, {"ListSourceRecords", list_source_records_sql}, read_list_source_records,
                        uid);
}

std::optional<GetRawRecordRow> get_raw_record(pg::Connection& connection, std::string_view source,
                                              std::string_view record_id) {
  return pg::query_one(connection, {"GetRawRecord", get_raw_record_sql}, read_get_raw_record, source,
                       record_id);
}

}  // namespace store::sql
