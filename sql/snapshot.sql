-- What an export reads and notes.

-- name: ExportTransaction :one
-- Lets other connections see what this transaction sees, as long as it is open.
-- notnull: snapshot
SELECT pg_export_snapshot() AS snapshot;

-- name: SnapshotPosition :one
-- notnull: feed_id
SELECT feed_id::text AS feed_id, value AS changes_cursor
FROM feed;

-- name: DocumentsOf :many
-- In the order of the uids.
SELECT v.uid, v.id, v.document, v.document_hash
FROM unnest(@uids::bigint[]) WITH ORDINALITY AS wanted (uid, place)
JOIN vulnerabilities v ON v.uid = wanted.uid
ORDER BY wanted.place;

-- name: CountRows :one
-- The tables that consumers get.
-- notnull: vulnerabilities, vulnerability_aliases, affected_packages
SELECT (SELECT count(*) FROM vulnerabilities) AS vulnerabilities,
       (SELECT count(*) FROM vulnerability_aliases) AS vulnerability_aliases,
       (SELECT count(*) FROM affected_packages) AS affected_packages;

-- name: CountLicenses :many
-- notnull: license, records
SELECT source, coalesce(license, 'unknown') AS license, count(*) AS records
FROM source_records
WHERE removed_at IS NULL
GROUP BY source, license;

-- name: CountDeferredIndexes :one
-- notnull: indexes
SELECT count(*) AS indexes
FROM deferred_indexes;

-- name: RelationsOfSchema :many
-- Tables, views and sequences, whatever made them.
-- notnull: name
SELECT relname::text AS name
FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
ORDER BY relname;

-- name: AbandonExports :exec
-- Whoever has the turn in a directory knows that no other export into it is alive.
UPDATE exports
SET state = 'failed', finished_at = clock_timestamp()
WHERE location = @location AND state = 'running';

-- name: BeginExport :exec
INSERT INTO exports (version, state, formats, location)
VALUES (@version, 'running', @formats, @location)
ON CONFLICT (version) DO NOTHING;

-- name: FinishExport :exec
UPDATE exports
SET state = @state, manifest = @manifest, finished_at = clock_timestamp()
WHERE version = @version AND location = @location;

-- name: NoteRemovedExport :exec
UPDATE exports
SET state = 'removed'
WHERE version = @version AND location = @location;
