// Written by `make sql-generate` from sql/deferred_indexes.sql. Do not edit.
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

struct AnyRowsRow {
  bool any_rows = false;
};

/// Whether the merged tables hold anything.
std::optional<AnyRowsRow> any_rows(pg::Connection& connection);

struct NoteIndexesRow {
  std::string name;
};

/// Notes the definitions of these tables' secondary indexes, and returns their names.
std::vector<NoteIndexesRow> note_indexes(pg::Connection& connection,
                                         std::span<const std::string_view> tables);

struct MissingIndexesRow {
  std::string name;
};

/// The largest table's indexes first, so that the two connections which build them end together.
std::vector<MissingIndexesRow> missing_indexes(pg::Connection& connection);

struct IndexDefinitionRow {
  std::string definition;
};

std::optional<IndexDefinitionRow> index_definition(pg::Connection& connection, std::string_view name);

void index_built(pg::Connection& connection, std::string_view name);

}  // namespace store::sql
