-- What `doctor` asks a server. The schema is a parameter, because it may be the very thing that is missing.

-- name: ServerFacts :one
-- notnull: encoding, in_recovery, read_only, user_name, database_name, may_create_schema, schema_exists, may_use_schema, may_create_in_schema
SELECT current_setting('server_encoding') AS encoding,
       pg_is_in_recovery() AS in_recovery,
       current_setting('default_transaction_read_only') = 'on' AS read_only,
       current_user::text AS user_name,
       current_database()::text AS database_name,
       has_database_privilege(current_database(), 'CREATE') AS may_create_schema,
       n.oid IS NOT NULL AS schema_exists,
       coalesce(has_schema_privilege(n.oid, 'USAGE'), false) AS may_use_schema,
       coalesce(has_schema_privilege(n.oid, 'CREATE'), false) AS may_create_in_schema
FROM (SELECT @schema::text AS name) wanted
LEFT JOIN pg_namespace n ON n.nspname = wanted.name;

-- name: ForeignTables :many
-- notnull: name, owner
-- The tables that a sync cannot work with as this role: it drops and builds indexes, which only an owner may.
SELECT c.relname::text AS name, pg_get_userbyid(c.relowner)::text AS owner
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = @schema::text AND c.relkind IN ('r', 'p') AND NOT pg_has_role(c.relowner, 'USAGE')
ORDER BY c.relname;
