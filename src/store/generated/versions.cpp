// Written by `make sql-generate` from sql/versions.sql. Do not edit.
// clang-format off
#include "store/generated/versions.hpp"

namespace store::sql {
namespace {

constexpr std::string_view record_versions_sql = R"sql(SELECT coalesce(r.record_id, q.record_id) AS record_id, greatest(r.modified, q.listed_at) AS modified
FROM (SELECT record_id, modified FROM source_records
      WHERE source = $1 AND record_id = ANY ($2::text[]) AND removed_at IS NULL) r
FULL JOIN (SELECT record_id, listed_at FROM quarantine
           WHERE source = $1 AND record_id = ANY ($2::text[])) q USING (record_id)
WHERE r.record_id IS NOT NULL OR q.listed_at IS NOT NULL)sql";

RecordVersionsRow read_record_versions(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::optional<pg::Timestamp>>(1)};
}

constexpr std::string_view count_versions_sql = R"sql(SELECT s.records + (SELECT count(*) FROM quarantine q
                    WHERE q.source = s.source AND q.listed_at IS NOT NULL
                      AND NOT EXISTS (SELECT FROM source_records r
                                      WHERE r.source = q.source AND r.record_id = q.record_id
                                        AND r.removed_at IS NULL)) AS versions
FROM source_state s
WHERE s.source = $1)sql";

CountVersionsRow read_count_versions(const pg::Row& row) {
  return {row.get<std::int64_t>(0)};
}

}  // namespace

std::vector<RecordVersionsRow> record_versions(pg::Connection& connection, std::string_view source,
                                               std::span<const std::string_view> record_ids) {
  return pg::query_many(connection, {"RecordVersions", record_versions_sql}, read_record_versions, source,
                        record_ids);
}

std::optional<CountVersionsRow> count_versions(pg::Connection& connection, std::string_view source) {
  return pg::query_one(connection, {"CountVersions", count_versions_sql}, read_count_versions, source);
}

}  // namespace store::sql
