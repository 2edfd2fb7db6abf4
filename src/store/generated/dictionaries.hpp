// Written by `make sql-generate` from sql/dictionaries.sql. Do not edit.
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

struct LoadDictionariesRow {
  std::string source;
  std::string bytes;
};

std::vector<LoadDictionariesRow> load_dictionaries(pg::Connection& connection);

void store_dictionary(pg::Connection& connection, std::int64_t dictionary_id, std::string_view source,
                      pg::Bytes bytes);

}  // namespace store::sql
