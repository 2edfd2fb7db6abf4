// Written by `make sql-generate` from sql/service.sql. Do not edit.
// clang-format off
#include "store/generated/service.hpp"

namespace store::sql {
namespace {

constexpr std::string_view find_by_identifiers_sql = R"sql(SELECT a.alias, v.uid, v.id, a.kind, v.document, v.document_hash, (SELECT feed_id::text FROM feed) AS feed_id,
       (SELECT value FROM feed) AS feed_cursor
FROM vulnerability_aliases a
JOIN vulnerabilities v ON v.uid = a.uid
WHERE a.alias = ANY ((SELECT $1::text[])::text[])
ORDER BY a.alias, CASE a.kind WHEN 'id' THEN 0 WHEN 'alias' THEN 1 WHEN 'former' THEN 2 ELSE 3 END, v.id COLLATE "C")sql";

FindByIdentifiersRow read_find_by_identifiers(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::int64_t>(1), row.get<std::string>(2), row.get<std::string>(3),
          row.get<std::string>(4), row.get<std::string>(5), row.get<std::string>(6),
          row.get<std::int64_t>(7)};
}

constexpr std::string_view feed_position_sql = R"sql(SELECT feed_id::text AS feed_id, value, (SELECT min(cursor) FROM changes) AS oldest
FROM feed)sql";

FeedPositionRow read_feed_position(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::int64_t>(1), row.get<std::optional<std::int64_t>>(2)};
}

constexpr std::string_view identifiers_changed_sql = R"sql(SELECT c.uid, a.alias
FROM (SELECT DISTINCT uid FROM changes WHERE cursor > $1 AND cursor <= $2) c
LEFT JOIN vulnerability_aliases a ON a.uid = c.uid)sql";

IdentifiersChangedRow read_identifiers_changed(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::optional<std::string>>(1)};
}

constexpr std::string_view changes_with_documents_sql = R"sql(SELECT c.cursor, c.uid, c.id, c.other_ids, c.kind, c.fields, c.document_hash, c.run_id, c.at, v.document
FROM changes c
LEFT JOIN vulnerabilities v ON v.uid = c.uid
WHERE c.cursor > $1
ORDER BY c.cursor
LIMIT $2)sql";

ChangesWithDocumentsRow read_changes_with_documents(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::int64_t>(1), row.get<std::string>(2),
          row.get<std::vector<std::string>>(3), row.get<std::string>(4), row.get<std::vector<std::string>>(5),
          row.get<std::optional<std::string>>(6), row.get<std::int64_t>(7), row.get<pg::Timestamp>(8),
          row.get<std::optional<std::string>>(9)};
}

constexpr std::string_view finished_runs_sql = R"sql(SELECT run_id, report
FROM sync_runs
WHERE run_id > $1 AND state <> 'running'
ORDER BY run_id)sql";

FinishedRunsRow read_finished_runs(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::optional<std::string>>(1)};
}

constexpr std::string_view latest_usable_export_sql = R"sql(SELECT e.version
FROM exports e
CROSS JOIN feed
CROSS JOIN LATERAL (SELECT (e.manifest ->> 'changes_cursor')::bigint AS position) s
WHERE e.state = 'published' AND e.manifest ->> 'feed_id' = feed.feed_id::text
  AND substr(e.location, strpos(e.location, ':') + 1) = $1
  AND (s.position >= feed.value OR s.position >= (SELECT min(cursor) FROM changes) - 1)
ORDER BY e.version DESC
LIMIT 1)sql";

LatestUsableExportRow read_latest_usable_export(const pg::Row& row) {
  return {row.get<std::string>(0)};
}

constexpr std::string_view export_manifests_sql = R"sql(SELECT version, state, formats, manifest, created_at, finished_at
FROM exports
WHERE version < $1 AND substr(location, strpos(location, ':') + 1) = $2
ORDER BY version DESC
LIMIT $3)sql";

ExportManifestsRow read_export_manifests(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::vector<std::string>>(2),
          row.get<std::optional<std::string>>(3), row.get<pg::Timestamp>(4),
          row.get<std::optional<pg::Timestamp>>(5)};
}

}  // namespace

std::vector<FindByIdentifiersRow> find_by_identifiers(pg::Connection& connection,
                                                      std::span<const std::string_view> identifiers) {
  return pg::query_many(connection, {"FindByIdentifiers", find_by_identifiers_sql}, read_find_by_identifiers,
                        identifiers);
}

std::optional<FeedPositionRow> feed_position(pg::Connection& connection) {
  return pg::query_one(connection, {"FeedPosition", feed_position_sql}, read_feed_position);
}

std::vector<IdentifiersChangedRow> identifiers_changed(pg::Connection& connection, std::int64_t after,
                                                       std::int64_t upto) {
  return pg::query_many(connection, {"IdentifiersChanged", identifiers_changed_sql}, read_identifiers_changed,
                        after, upto);
}

std::vector<ChangesWithDocumentsRow> changes_with_documents(pg::Connection& connection, std::int64_t after,
                                                            std::int64_t page_size) {
  return pg::query_many(connection, {"ChangesWithDocuments", changes_with_documents_sql},
                        read_changes_with_documents, after, page_size);
}

std::vector<FinishedRunsRow> finished_runs(pg::Connection& connection, std::int64_t after) {
  return pg::query_many(connection, {"FinishedRuns", finished_runs_sql}, read_finished_runs, after);
}

std::vector<LatestUsableExportRow> latest_usable_export(pg::Connection& connection,
                                                        std::string_view directory) {
  return pg::query_many(connection, {"LatestUsableExport", latest_usable_export_sql},
                        read_latest_usable_export, directory);
}

std::vector<ExportManifestsRow> export_manifests(pg::Connection& connection, std::string_view before,
                                                 std::string_view directory, std::int64_t page_size) {
  return pg::query_many(connection, {"ExportManifests", export_manifests_sql}, read_export_manifests, before,
                        directory, page_size);
}

}  // namespace store::sql
