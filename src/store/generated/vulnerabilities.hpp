// Written by `make sql-generate` from sql/vulnerabilities.sql. Do not edit.
// clang-format off
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pg/connection.hpp"
#include "pg/typed_query.hpp"
#include "pg/types.hpp"

namespace store::sql {

struct ResolveIdRow {
  std::int64_t uid = 0;
  std::string id;
  std::string kind;
};

/// The vulnerabilities that an identifier leads to. A row of kind id, alias or former says that it is theirs;
/// several rows of kind related, that it is nobody's own and claimed by all of them.
std::vector<ResolveIdRow> resolve_id(pg::Connection& connection, std::string_view identifier);

struct GetVulnerabilityByAnyIdRow {
  std::int64_t uid = 0;
  std::string id;
  std::string kind;
  std::string document;
  std::string document_hash;
  pg::Timestamp modified;
};

/// The documents that an identifier (an id, a former id or any alias) leads to, in one statement: what was asked
/// for is the vulnerability's own where kind is id, alias or former.
std::vector<GetVulnerabilityByAnyIdRow> get_vulnerability_by_any_id(pg::Connection& connection,
                                                                    std::string_view identifier);

struct CountVulnerabilitiesRow {
  std::int64_t total = 0;
  std::int64_t live = 0;
};

std::optional<CountVulnerabilitiesRow> count_vulnerabilities(pg::Connection& connection);

struct ListSourceRecordsRow {
  std::string source;
  std::string record_id;
  std::string own_id;
  std::optional<pg::Timestamp> modified;
  std::optional<pg::Timestamp> withdrawn;
  bool retracted = false;
  bool stale = false;
  std::string content_hash;
  std::string location;
  std::optional<std::string> license;
};

/// The records that a vulnerability was merged from, without their bytes.
std::vector<ListSourceRecordsRow> list_source_records(pg::Connection& connection, std::int64_t uid);

struct GetRawRecordRow {
  std::string raw;
};

/// The bytes of a source record as received: a zstd frame.
std::optional<GetRawRecordRow> get_raw_record(pg::Connection& connection, std::string_view source,
                                              std::string_view record_id);

}  // namespace store::sql
