// Written by `make sql-generate` from sql/shapes.sql. Do not edit.
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

/// A row of vulnerabilities to be copied.
struct CopyVulnerabilitiesRow {
  std::int64_t uid = 0;
  std::string_view id;
  std::span<const std::string_view> aliases;
  std::span<const std::string_view> sources;
  std::optional<std::string_view> summary;
  std::string_view severity;
  std::optional<std::int32_t> cvss_score_tenths;
  std::span<const std::string_view> cwe_ids;
  std::optional<pg::Date> kev_added;
  pg::Timestamp modified;
  pg::Timestamp first_seen;
  pg::Timestamp updated_at;
  std::string_view document;
  std::string_view document_hash;
};
void append(pg::RowBuffer& rows, const CopyVulnerabilitiesRow& row);

std::uint64_t copy_vulnerabilities(pg::Connection& connection,
                                   const pg::RowsOf<CopyVulnerabilitiesRow>& rows);

struct GetVulnerabilityRow {
  std::string id;
  std::vector<std::string> aliases;
  std::optional<std::string> summary;
  std::string severity;
  std::optional<std::string> cvss_score;
  std::optional<pg::Date> kev_added;
  pg::Timestamp modified;
  std::string document;
  std::string document_hash;
  std::optional<bool> is_withdrawn;
  std::optional<double> ratio;
  std::optional<std::int16_t> small;
  std::optional<std::int32_t> middle;
};

std::optional<GetVulnerabilityRow> get_vulnerability(pg::Connection& connection, std::int64_t arg1);

struct FindVulnerabilitiesRow {
  std::int64_t uid = 0;
  std::int64_t first_uid = 0;
};

/// Every kind of parameter.
///
/// A null severity means any.
std::vector<FindVulnerabilitiesRow> find_vulnerabilities(pg::Connection& connection,
                                                         std::optional<pg::Enum> severity,
                                                         std::span<const std::string_view> aliases,
                                                         std::span<const std::int64_t> uids,
                                                         pg::BytesArray hashes, pg::Bytes not_hash,
                                                         pg::Json document, pg::Timestamp since,
                                                         pg::Date kev_added, pg::Numeric score, bool live);

struct ListPackagesRow {
  std::int64_t uid = 0;
  std::string id;
  std::optional<std::string> name;
  std::optional<std::vector<std::string>> versions;
};

/// The outer join makes every column nullable, but for those that are annotated.
std::vector<ListPackagesRow> list_packages(pg::Connection& connection);

struct EveryVulnerabilityRow {
  std::int64_t uid = 0;
  std::string_view id;
  std::vector<std::string_view> aliases;
  std::optional<std::string_view> summary;
  std::string_view document_hash;
  pg::Timestamp modified;
};

/// Rows that go by.
std::uint64_t every_vulnerability(pg::Connection& connection,
                                  const std::function<void(const EveryVulnerabilityRow&)>& take);

void set_source_error(pg::Connection& connection, std::optional<std::string_view> last_error,
                      std::string_view source);

std::uint64_t rename_vulnerability(pg::Connection& connection, std::string_view new_id,
                                   std::string_view old_id);

}  // namespace store::sql
