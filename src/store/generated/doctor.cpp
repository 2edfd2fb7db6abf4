// Written by `make sql-generate` from sql/doctor.sql. Do not edit.
// clang-format off
#include "store/generated/doctor.hpp"

namespace store::sql {
namespace {

constexpr std::string_view server_facts_sql = R"sql(SELECT current_setting('server_encoding') AS encoding,
       pg_is_in_recovery() AS in_recovery,
       current_setting('default_transaction_read_only') = 'on' AS read_only,
       current_user::text AS user_name,
       current_database()::text AS database_name,
       has_database_privilege(current_database(), 'CREATE') AS may_create_schema,
       n.oid IS NOT NULL AS schema_exists,
       coalesce(has_schema_privilege(n.oid, 'USAGE'), false) AS may_use_schema,
       coalesce(has_schema_privilege(n.oid, 'CREATE'), false) AS may_create_in_schema
FROM (SELECT $1::text AS name) wanted
LEFT JOIN pg_namespace n ON n.nspname = wanted.name)sql";

ServerFactsRow read_server_facts(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<bool>(1), row.get<bool>(2), row.get<std::string>(3),
          row.get<std::string>(4), row.get<bool>(5), row.get<bool>(6), row.get<bool>(7), row.get<bool>(8)};
}

constexpr std::string_view foreign_tables_sql = R"sql(SELECT c.relname::text AS name, pg_get_userbyid(c.relowner)::text AS owner
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1::text AND c.relkind IN ('r', 'p') AND NOT pg_has_role(c.relowner, 'USAGE')
ORDER BY c.relname)sql";

ForeignTablesRow read_foreign_tables(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1)};
}

}  // namespace

std::optional<ServerFactsRow> server_facts(pg::Connection& connection, std::string_view schema) {
  return pg::query_one(connection, {"ServerFacts", server_facts_sql}, read_server_facts, schema);
}

std::vector<ForeignTablesRow> foreign_tables(pg::Connection& connection, std::string_view schema) {
  return pg::query_many(connection, {"ForeignTables", foreign_tables_sql}, read_foreign_tables, schema);
}

}  // namespace store::sql
