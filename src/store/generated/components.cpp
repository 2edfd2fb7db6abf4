// Written by `make sql-generate` from sql/components.sql. Do not edit.
// clang-format off
#include "store/generated/components.hpp"

namespace store::sql {
namespace {

constexpr std::string_view members_by_key_sql = R"sql(SELECT r.source, r.record_id, r.claims
FROM source_records r
JOIN unnest($1::text[], $2::text[]) k (source, record_id) USING (source, record_id)
WHERE r.removed_at IS NULL)sql";

MembersByKeyRow read_members_by_key(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::vector<std::string>>(2)};
}

constexpr std::string_view members_by_claim_sql = R"sql(SELECT r.source, r.record_id, r.claims
FROM unnest($1::text[]) k (id)
JOIN source_records r ON r.claims @> ARRAY[k.id] AND r.removed_at IS NULL)sql";

MembersByClaimRow read_members_by_claim(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::vector<std::string>>(2)};
}

constexpr std::string_view every_member_sql = R"sql(SELECT source, record_id, claims
FROM source_records
WHERE removed_at IS NULL)sql";

EveryMemberRow read_every_member(const pg::CopyRow& row) {
  return {row.get<std::string_view>(0), row.get<std::string_view>(1),
          row.get<std::vector<std::string_view>>(2)};
}

constexpr std::string_view record_hashes_sql = R"sql(SELECT record_id, location, raw_hash, removed_at IS NOT NULL AS removed, stale, retracted
FROM source_records
WHERE source = $1 AND record_id = ANY ($2::text[]))sql";

RecordHashesRow read_record_hashes(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<bool>(3),
          row.get<bool>(4), row.get<bool>(5)};
}

constexpr std::string_view records_at_locations_sql = R"sql(SELECT record_id
FROM source_records
WHERE source = 'gitlab' AND location = ANY ($1::text[]))sql";

RecordsAtLocationsRow read_records_at_locations(const pg::Row& row) {
  return {row.get<std::string>(0)};
}

constexpr std::string_view read_records_sql = R"sql(SELECT r.source, r.record_id, r.uid, r.content_hash, r.raw_hash, r.stale, r.removed_at IS NOT NULL AS removed,
       r.location, r.raw
FROM source_records r
JOIN unnest($1::text[], $2::text[]) k (source, record_id) USING (source, record_id))sql";

ReadRecordsRow read_read_records(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::optional<std::int64_t>>(2),
          row.get<std::string>(3), row.get<std::string>(4), row.get<bool>(5), row.get<bool>(6),
          row.get<std::string>(7), row.get<std::string>(8)};
}

constexpr std::string_view read_vulnerabilities_sql = R"sql(SELECT uid, id, document_hash, withdrawn IS NOT NULL AS withdrawn, first_seen
FROM vulnerabilities
WHERE uid = ANY ($1::bigint[])
ORDER BY uid)sql";

ReadVulnerabilitiesRow read_read_vulnerabilities(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<bool>(3),
          row.get<pg::Timestamp>(4)};
}

constexpr std::string_view read_aliases_sql = R"sql(SELECT uid, alias, kind
FROM vulnerability_aliases
WHERE uid = ANY ($1::bigint[]))sql";

ReadAliasesRow read_read_aliases(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::string>(1), row.get<std::string>(2)};
}

constexpr std::string_view read_documents_sql = R"sql(SELECT uid, document
FROM vulnerabilities
WHERE uid = ANY ($1::bigint[])
ORDER BY uid)sql";

ReadDocumentsRow read_read_documents(const pg::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::string>(1)};
}

constexpr std::string_view every_document_hash_sql = R"sql(SELECT id, document_hash
FROM vulnerabilities
ORDER BY id COLLATE "C")sql";

EveryDocumentHashRow read_every_document_hash(const pg::CopyRow& row) {
  return {row.get<std::string_view>(0), row.get<std::string_view>(1)};
}

}  // namespace

std::vector<MembersByKeyRow> members_by_key(pg::Connection& connection,
                                            std::span<const std::string_view> sources,
                                            std::span<const std::string_view> record_ids) {
  return pg::query_many(connection, {"MembersByKey", members_by_key_sql}, read_members_by_key, sources,
                        record_ids);
}

std::vector<MembersByClaimRow> members_by_claim(pg::Connection& connection,
                                                std::span<const std::string_view> ids) {
  return pg::query_many(connection, {"MembersByClaim", members_by_claim_sql}, read_members_by_claim, ids);
}

std::uint64_t every_member(pg::Connection& connection,
                           const std::function<void(const EveryMemberRow&)>& take) {
  return pg::stream_rows(connection, {"EveryMember", every_member_sql}, read_every_member, take);
}

std::vector<RecordHashesRow> record_hashes(pg::Connection& connection, std::string_view source,
                                           std::span<const std::string_view> record_ids) {
  return pg::query_many(connection, {"RecordHashes", record_hashes_sql}, read_record_hashes, source,
                        record_ids);
}

std::vector<RecordsAtLocationsRow> records_at_locations(pg::Connection& connection,
                                                        std::span<const std::string_view> locations) {
  return pg::query_many(connection, {"RecordsAtLocations", records_at_locations_sql},
                        read_records_at_locations, locations);
}

std::vector<ReadRecordsRow> read_records(pg::Connection& connection,
                                         std::span<const std::string_view> sources,
                                         std::span<const std::string_view> record_ids) {
  return pg::query_many(connection, {"ReadRecords", read_records_sql}, read_read_records, sources,
                        record_ids);
}

std::vector<ReadVulnerabilitiesRow> read_vulnerabilities(pg::Connection& connection,
                                                         std::span<const std::int64_t> uids) {
  return pg::query_many(connection, {"ReadVulnerabilities", read_vulnerabilities_sql},
                        read_read_vulnerabilities, uids);
}

std::vector<ReadAliasesRow> read_aliases(pg::Connection& connection, std::span<const std::int64_t> uids) {
  return pg::query_many(connection, {"ReadAliases", read_aliases_sql}, read_read_aliases, uids);
}

std::vector<ReadDocumentsRow> read_documents(pg::Connection& connection,
                                             std::span<const std::int64_t> uids) {
  return pg::query_many(connection, {"ReadDocuments", read_documents_sql}, read_read_documents, uids);
}

std::uint64_t every_document_hash(pg::Connection& connection,
                                  const std::function<void(const EveryDocumentHashRow&)>& take) {
  return pg::stream_rows(connection, {"EveryDocumentHash", every_document_hash_sql}, read_every_document_hash,
                         take);
}

}  // namespace store::sql
