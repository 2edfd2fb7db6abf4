// Dropping everything in the schema, whatever state it is in.
#include "pg/migrations.hpp"

namespace pg {
namespace {

// One row per kind of object, in the order in which kinds depend on each other, with the names of all objects
// of that kind: dropped by one statement they may depend on one another. Left out is what belongs to an
// extension (deptype e) and what goes together with something else (i, a: identity sequences, partitions).
constexpr std::string_view objects_by_kind = R"sql(
SELECT kind, string_agg(name, ', ')
FROM (SELECT CASE relkind WHEN 'v' THEN 1 WHEN 'm' THEN 2 WHEN 'S' THEN 4 ELSE 3 END AS step,
             CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                          ELSE 'TABLE' END AS kind,
             relnamespace AS namespace, quote_ident(relname) AS name, tableoid AS classid, oid
      FROM pg_class
      WHERE relkind IN ('v', 'm', 'S', 'r', 'p')
      UNION ALL
      SELECT 5, 'ROUTINE', pronamespace,
             format('%I(%s)', proname, pg_get_function_identity_arguments(oid)), tableoid, oid
      FROM pg_proc
      UNION ALL
      SELECT CASE t.typtype WHEN 'd' THEN 6 ELSE 7 END, CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END,
             t.typnamespace, quote_ident(t.typname), t.tableoid, t.oid
      FROM pg_type t
      LEFT JOIN pg_class c ON c.oid = t.typrelid
      WHERE t.typtype IN ('d', 'e', 'r') OR c.relkind = 'c') o
WHERE namespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = o.classid AND d.objid = o.oid AND d.objsubid = 0
                    AND d.deptype IN ('e', 'i', 'a'))
GROUP BY step, kind
ORDER BY step
)sql";

}  // namespace

void Migrator::drop_everything() {
  const Result kinds =
      connection_.query({"listing the schema's objects", objects_by_kind}, connection_.schema());
  for (const Row row : kinds) {
    // Without CASCADE: what somebody else built on our tables is not ours to drop.
    connection_.exec(
        {"dropping the schema's objects", "DROP " + row.get<std::string>(0) + " " + row.get<std::string>(1)});
  }
}

}  // namespace pg
