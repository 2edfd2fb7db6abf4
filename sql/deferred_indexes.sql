-- Indexes put aside during a first load: see src/store/deferred_indexes.hpp.

-- name: AnyRows :one
-- Whether the merged tables hold anything.
-- notnull: any_rows
SELECT EXISTS (SELECT FROM vulnerabilities) OR EXISTS (SELECT FROM source_records)
       OR EXISTS (SELECT FROM changes) AS any_rows;

-- name: NoteIndexes :many
-- Notes the definitions of these tables' secondary indexes, and returns their names.
INSERT INTO deferred_indexes (name, table_name, definition)
SELECT c.relname, t.relname, pg_get_indexdef(i.indexrelid)
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_class t ON t.oid = i.indrelid
WHERE t.relnamespace = current_schema()::regnamespace AND NOT i.indisprimary AND t.relname = ANY (@tables::text[])
RETURNING name;

-- name: MissingIndexes :many
-- The largest table's indexes first, so that the two connections which build them end together.
SELECT name
FROM deferred_indexes
ORDER BY table_name <> 'vulnerabilities', definition NOT LIKE '%USING gin%', name;

-- name: IndexDefinition :one
SELECT definition FROM deferred_indexes WHERE name = @name;

-- name: IndexBuilt :exec
DELETE FROM deferred_indexes WHERE name = @name;
