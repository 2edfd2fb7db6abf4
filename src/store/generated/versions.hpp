// Written by `make sql-generate` from sql/versions.sql. Do not edit.
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

struct RecordVersionsRow {
  std::string record_id;
  std::optional<pg::Timestamp> modified;
};

/// Of these records what store::for_each_version() tells of all.
std::vector<RecordVersionsRow> record_versions(pg::Connection& connection, std::string_view source,
                                               std::span<const std::string_view> record_ids);

struct CountVersionsRow {
  std::int64_t versions = 0;
};

std::optional<CountVersionsRow> count_versions(pg::Connection& connection, std::string_view source);

}  // namespace store::sql
