// Written by `make sql-generate` from sql/lookup.sql. Do not edit.
// clang-format off
#include "store/generated/lookup.hpp"

namespace store::sql {
namespace {

constexpr std::string_view find_by_identifier_sql = R"sql(SELECT v.uid, v.id, a.kind, v.document
FROM vulnerability_aliases a
JOIN vulnerabilities v ON v.uid = a.uid
WHERE a.alias = $1
ORDER BY CASE a.kind WHEN 'id' THEN 0 WHEN 'alias' THEN 1 WHEN 'former' THEN 2 ELSE 3 END, v.id COLLATE "C")sql";

FindByIdentifierRow read_find_by_identifier(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::string>(1), row.get<std::string>(2),
          row.get<std::string>(3)};
}

constexpr std::string_view records_of_vulnerability_sql = R"sql(SELECT raw
FROM source_records
WHERE uid = $1
ORDER BY CASE source WHEN 'osv' THEN 0 WHEN 'gitlab' THEN 1 ELSE 2 END, record_id COLLATE "C")sql";

RecordsOfVulnerabilityRow read_records_of_vulnerability(const pg::Row& row) {
  return {row.get<std::string>(0)};
}

constexpr std::string_view changes_after_sql = R"sql(SELECT cursor, uid, id, other_ids, kind, fields, document_hash, run_id, at
FROM changes
WHERE cursor > $1
ORDER BY cursor
LIMIT $2)sql";

ChangesAfterRow read_changes_after(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::int64_t>(1), row.get<std::string>(2),
          row.get<std::vector<std::string>>(3), row.get<std::string>(4), row.get<std::vector<std::string>>(5),
          row.get<std::optional<std::string>>(6), row.get<std::int64_t>(7), row.get<pg::Timestamp>(8)};
}

}  // namespace

std::vector<FindByIdentifierRow> find_by_identifier(pg::Connection& connection,
                                                    std::string_view identifier) {
  return pg::query_many(connection, {"FindByIdentifier", find_by_identifier_sql}, read_find_by_identifier,
                        identifier);
}

std::vector<RecordsOfVulnerabilityRow> records_of_vulnerability(pg::Connection& connection,
                                                                std::int64_t uid) {
  return pg::query_many(connection, {"RecordsOfVulnerability", records_of_vulnerability_sql},
                        read_records_of_vulnerability, uid);
}

std::vector<ChangesAfterRow> changes_after(pg::Connection& connection, std::int64_t after,
                                           std::int64_t page_size) {
  return pg::query_many(connection, {"ChangesAfter", changes_after_sql}, read_changes_after, after,
                        page_size);
}

}  // namespace store::sql
