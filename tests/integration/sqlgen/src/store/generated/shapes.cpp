// Written by `make sql-generate` from sql/shapes.sql. Do not edit.
// clang-format off
#include "store/generated/shapes.hpp"

namespace store::sql {
namespace {

constexpr std::string_view get_vulnerability_sql = R"sql(SELECT id, aliases, summary, severity, cvss_score, kev_added, modified, document, document_hash,
       withdrawn IS NOT NULL AS is_withdrawn, 1.5::float8 AS ratio, 7::smallint AS small, 70000 AS middle
FROM vulnerabilities
WHERE uid = $1)sql";

GetVulnerabilityRow read_get_vulnerability(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::vector<std::string>>(1),
          row.get<std::optional<std::string>>(2), row.get<std::string>(3),
          row.get<std::optional<std::string>>(4), row.get<std::optional<pg::Date>>(5),
          row.get<pg::Timestamp>(6), row.get<std::string>(7), row.get<std::string>(8),
          row.get<std::optional<bool>>(9), row.get<std::optional<double>>(10),
          row.get<std::optional<std::int16_t>>(11), row.get<std::optional<std::int32_t>>(12)};
}

constexpr std::string_view find_vulnerabilities_sql = R"sql(SELECT v.uid, min(v.uid) OVER () AS first_uid
FROM vulnerabilities v
WHERE (v.severity = $1 OR $1 IS NULL)
  AND v.aliases && $2::text[]
  AND v.uid = ANY ($3::bigint[])
  AND v.document_hash = ANY ($4::bytea[])
  AND v.document_hash <> $5
  AND v.document @> $6::jsonb
  AND v.modified >= $7 AND v.kev_added = $8
  AND v.cvss_score > $9 AND (v.withdrawn IS NULL) = $10
  AND '@text' <> $tag$ ; @text $tag$
ORDER BY v.uid)sql";

FindVulnerabilitiesRow read_find_vulnerabilities(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::int64_t>(1)};
}

constexpr std::string_view list_packages_sql = R"sql(SELECT v.uid, v.id, p.name, p.versions
FROM vulnerabilities v
LEFT JOIN affected_packages p ON p.uid = v.uid)sql";

ListPackagesRow read_list_packages(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::string>(1), row.get<std::optional<std::string>>(2),
          row.get<std::optional<std::vector<std::string>>>(3)};
}

constexpr std::string_view every_vulnerability_sql = R"sql(SELECT uid, id, aliases, summary, document_hash, modified
FROM vulnerabilities
ORDER BY uid DESC)sql";

EveryVulnerabilityRow read_every_vulnerability(const pg::CopyRow& row) {
  return {row.get<std::int64_t>(0), row.get<std::string_view>(1), row.get<std::vector<std::string_view>>(2),
          row.get<std::optional<std::string_view>>(3), row.get<std::string_view>(4),
          row.get<pg::Timestamp>(5)};
}

constexpr std::string_view set_source_error_sql = R"sql(UPDATE source_state SET last_error = $1 WHERE source = $2)sql";

constexpr std::string_view rename_vulnerability_sql = R"sql(UPDATE vulnerabilities SET id = $1 WHERE id = $2)sql";

}  // namespace

void append(pg::RowBuffer& rows, const CopyVulnerabilitiesRow& row) {
  rows.begin_row(14);
  rows.add_int8(row.uid);
  rows.add_text(row.id);
  rows.add_text_array(row.aliases);
  rows.add_text_array(row.sources);
  if (row.summary)
    rows.add_text(*row.summary);
  else
    rows.add_null();
  rows.add_text(row.severity);
  if (row.cvss_score_tenths)
    rows.add_numeric_tenths(*row.cvss_score_tenths);
  else
    rows.add_null();
  rows.add_text_array(row.cwe_ids);
  if (row.kev_added)
    rows.add_date(*row.kev_added);
  else
    rows.add_null();
  rows.add_timestamptz(row.modified);
  rows.add_timestamptz(row.first_seen);
  rows.add_timestamptz(row.updated_at);
  rows.add_jsonb(row.document);
  rows.add_bytea(row.document_hash);
  rows.end_row();
}

std::uint64_t copy_vulnerabilities(pg::Connection& connection,
                                   const pg::RowsOf<CopyVulnerabilitiesRow>& rows) {
  return pg::copy_rows(connection, "vulnerabilities",
                       {"uid", "id", "aliases", "sources", "summary", "severity", "cvss_score", "cwe_ids",
                        "kev_added", "modified", "first_seen", "updated_at", "document", "document_hash"},
                       rows.buffer());
}

std::optional<GetVulnerabilityRow> get_vulnerability(pg::Connection& connection, std::int64_t arg1) {
  return pg::query_one(connection, {"GetVulnerability", get_vulnerability_sql}, read_get_vulnerability,
                       arg1);
}

std::vector<FindVulnerabilitiesRow> find_vulnerabilities(pg::Connection& connection,
                                                         std::optional<pg::Enum> severity,
                                                         std::span<const std::string_view> aliases,
                                                         std::span<const std::int64_t> uids,
                                                         pg::BytesArray hashes, pg::Bytes not_hash,
                                                         pg::Json document, pg::Timestamp since,
                                                         pg::Date kev_added, pg::Numeric score, bool live) {
  return pg::query_many(connection, {"FindVulnerabilities", find_vulnerabilities_sql},
                        read_find_vulnerabilities, severity, aliases, uids, hashes, not_hash, document, since,
                        kev_added, score, live);
}

std::vector<ListPackagesRow> list_packages(pg::Connection& connection) {
  return pg::query_many(connection, {"ListPackages", list_packages_sql}, read_list_packages);
}

std::uint64_t every_vulnerability(pg::Connection& connection,
                                  const std::function<void(const EveryVulnerabilityRow&)>& take) {
  return pg::stream_rows(connection, {"EveryVulnerability", every_vulnerability_sql},
                         read_every_vulnerability, take);
}

void set_source_error(pg::Connection& connection, std::optional<std::string_view> last_error,
                      std::string_view source) {
  connection.query({"SetSourceError", set_source_error_sql}, last_error, source);
}

std::uint64_t rename_vulnerability(pg::Connection& connection, std::string_view new_id,
                                   std::string_view old_id) {
  return connection.query({"RenameVulnerability", rename_vulnerability_sql}, new_id,
                          old_id).rows_affected();
}

}  // namespace store::sql
