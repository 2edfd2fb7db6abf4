// Written by `make sql-generate` from sql/dictionaries.sql. Do not edit.
// clang-format off
#include "store/generated/dictionaries.hpp"

namespace store::sql {
namespace {

constexpr std::string_view load_dictionaries_sql = R"sql(SELECT source, bytes FROM raw_dictionaries ORDER BY dictionary_id)sql";

LoadDictionariesRow read_load_dictionaries(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1)};
}

constexpr std::string_view store_dictionary_sql = R"sql(INSERT INTO raw_dictionaries (dictionary_id, source, bytes)
VALUES ($1, $2, $3)
ON CONFLICT (dictionary_id) DO NOTHING)sql";

}  // namespace

std::vector<LoadDictionariesRow> load_dictionaries(pg::Connection& connection) {
  return pg::query_many(connection, {"LoadDictionaries", load_dictionaries_sql}, read_load_dictionaries);
}

void store_dictionary(pg::Connection& connection, std::int64_t dictionary_id, std::string_view source,
                      pg::Bytes bytes) {
  connection.query({"StoreDictionary", store_dictionary_sql}, dictionary_id, source, bytes);
}

}  // namespace store::sql
