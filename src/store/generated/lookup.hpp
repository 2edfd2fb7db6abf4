// Written by `make sql-generate` from sql/lookup.sql. Do not edit.
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

struct FindByIdentifierRow {
  std::int64_t uid = 0;
  std::string id;
  std::string kind;
  std::string document;
};

/// Every vulnerability that an identifier (an id, a former id or any alias) leads to, the nearest kind first. Rows of
/// kind related say that it is nobody's own and that all of them claim it.
std::vector<FindByIdentifierRow> find_by_identifier(pg::Connection& connection, std::string_view identifier);

struct RecordsOfVulnerabilityRow {
  std::string raw;
};

/// The source records that contribute to a vulnerability, in order of precedence, each a zstd frame.
std::vector<RecordsOfVulnerabilityRow> records_of_vulnerability(pg::Connection& connection,
                                                                std::int64_t uid);

struct ChangesAfterRow {
  std::int64_t cursor = 0;
  std::int64_t uid = 0;
  std::string id;
  std::vector<std::string> other_ids;
  std::string kind;
  std::vector<std::string> fields;
  std::optional<std::string> document_hash;
  std::int64_t run_id = 0;
  pg::Timestamp at;
};

/// One page of the change feed.
std::vector<ChangesAfterRow> changes_after(pg::Connection& connection, std::int64_t after,
                                           std::int64_t page_size);

}  // namespace store::sql
