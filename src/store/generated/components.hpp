// Written by `make sql-generate` from sql/components.sql. Do not edit.
// clang-format off
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pg/connection.hpp"
#include "pg/typed_query.hpp"
#include "pg/types.hpp"

namespace store::sql {

struct MembersByKeyRow {
  std::string source;
  std::string record_id;
  std::vector<std::string> claims;
};

/// The live records with these keys; both arrays have one entry per key.
std::vector<MembersByKeyRow> members_by_key(pg::Connection& connection,
                                            std::span<const std::string_view> sources,
                                            std::span<const std::string_view> record_ids);

struct MembersByClaimRow {
  std::string source;
  std::string record_id;
  std::vector<std::string> claims;
};

/// The live records that name one of these ids, once per id. One index descent per id: `claims && ids` with thousands
/// of ids is quadratic inside a GIN scan.
std::vector<MembersByClaimRow> members_by_claim(pg::Connection& connection,
                                                std::span<const std::string_view> ids);

struct EveryMemberRow {
  std::string_view source;
  std::string_view record_id;
  std::vector<std::string_view> claims;
};

/// Every live record.
std::uint64_t every_member(pg::Connection& connection,
                           const std::function<void(const EveryMemberRow&)>& take);

struct RecordHashesRow {
  std::string record_id;
  std::string location;
  std::string raw_hash;
  bool removed = false;
  bool stale = false;
  bool retracted = false;
};

/// What tells whether these records have changed, removed ones too.
std::vector<RecordHashesRow> record_hashes(pg::Connection& connection, std::string_view source,
                                           std::span<const std::string_view> record_ids);

struct RecordsAtLocationsRow {
  std::string record_id;
};

/// The records of GitLab that came from these paths, removed ones too.
std::vector<RecordsAtLocationsRow> records_at_locations(pg::Connection& connection,
                                                        std::span<const std::string_view> locations);

struct ReadRecordsRow {
  std::string source;
  std::string record_id;
  std::optional<std::int64_t> uid;
  std::string content_hash;
  std::string raw_hash;
  bool stale = false;
  bool removed = false;
  std::string location;
  std::string raw;
};

/// The records with these keys, removed ones too; both arrays have one entry per key. raw is a zstd frame.
std::vector<ReadRecordsRow> read_records(pg::Connection& connection,
                                         std::span<const std::string_view> sources,
                                         std::span<const std::string_view> record_ids);

struct ReadVulnerabilitiesRow {
  std::int64_t uid = 0;
  std::string id;
  std::string document_hash;
  bool withdrawn = false;
  pg::Timestamp first_seen;
};

std::vector<ReadVulnerabilitiesRow> read_vulnerabilities(pg::Connection& connection,
                                                         std::span<const std::int64_t> uids);

struct ReadAliasesRow {
  std::int64_t uid = 0;
  std::string alias;
  std::string kind;
};

std::vector<ReadAliasesRow> read_aliases(pg::Connection& connection, std::span<const std::int64_t> uids);

struct ReadDocumentsRow {
  std::int64_t uid = 0;
  std::string document;
};

std::vector<ReadDocumentsRow> read_documents(pg::Connection& connection, std::span<const std::int64_t> uids);

struct EveryDocumentHashRow {
  std::string_view id;
  std::string_view document_hash;
};

/// What the digest is over, in its order.
std::uint64_t every_document_hash(pg::Connection& connection,
                                  const std::function<void(const EveryDocumentHashRow&)>& take);

}  // namespace store::sql
