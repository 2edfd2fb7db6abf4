// Written by `make sql-generate` from sql/deferred_indexes.sql. Do not edit.
// clang-format off
#include "store/generated/deferred_indexes.hpp"

namespace store::sql {
namespace {

constexpr std::string_view any_rows_sql = R"sql(SELECT EXISTS (SELECT FROM vulnerabilities) OR EXISTS (SELECT FROM source_records)
       OR EXISTS (SELECT FROM changes) AS any_rows)sql";

AnyRowsRow read_any_rows(const pg::Row& row) {
  return {row.get<bool>(0)};
}

constexpr std::string_view note_indexes_sql = R"sql(INSERT INTO deferred_indexes (name, table_name, definition)
SELECT c.relname, t.relname, pg_get_indexdef(i.indexrelid)
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_class t ON t.oid = i.indrelid
WHERE t.relnamespace = current_schema()::regnamespace AND NOT i.indisprimary AND t.relname = ANY ($1::text[])
RETURNING name)sql";

NoteIndexesRow read_note_indexes(const pg::Row& row) {
  return {row.get<std::string>(0)};
}

constexpr std::string_view missing_indexes_sql = R"sql(SELECT name
FROM deferred_indexes
ORDER BY table_name <> 'vulnerabilities', definition NOT LIKE '%USING gin%', name)sql";

MissingIndexesRow read_missing_indexes(const pg::Row& row) {
  return {row.get<std::string>(0)};
}

constexpr std::string_view index_definition_sql = R"sql(SELECT definition FROM deferred_indexes WHERE name = $1)sql";

IndexDefinitionRow read_index_definition(const pg::Row& row) {
  return {row.get<std::string>(0)};
}

constexpr std::string_view index_built_sql = R"sql(DELETE FROM deferred_indexes WHERE name = $1)sql";

}  // namespace

std::optional<AnyRowsRow> any_rows(pg::Connection& connection) {
  return pg::query_one(connection, {"AnyRows", any_rows_sql}, read_any_rows);
}

std::vector<NoteIndexesRow> note_indexes(pg::Connection& connection,
                                         std::span<const std::string_view> tables) {
  return pg::query_many(connection, {"NoteIndexes", note_indexes_sql}, read_note_indexes, tables);
}

std::vector<MissingIndexesRow> missing_indexes(pg::Connection& connection) {
  return pg::query_many(connection, {"MissingIndexes", missing_indexes_sql}, read_missing_indexes);
}

std::optional<IndexDefinitionRow> index_definition(pg::Connection& connection, std::string_view name) {
  return pg::query_one(connection, {"IndexDefinition", index_definition_sql}, read_index_definition, name);
}

void index_built(pg::Connection& connection, std::string_view name) {
  connection.query({"IndexBuilt", index_built_sql}, name);
}

}  // namespace store::sql
