-- What one batch writes besides its COPYs: see src/store/batch.hpp.

-- name: DeleteVulnerabilities :exec
DELETE FROM vulnerabilities WHERE uid = ANY (@uids::bigint[]);

-- name: DeletePackages :exec
DELETE FROM affected_packages WHERE uid = ANY (@uids::bigint[]);

-- name: DeleteAliases :exec
DELETE FROM vulnerability_aliases WHERE uid = ANY (@uids::bigint[]);

-- name: DeleteRecords :exec
-- Both arrays have one entry per record.
DELETE FROM source_records r
USING unnest(@sources::text[], @record_ids::text[]) k (source, record_id)
WHERE r.source = k.source AND r.record_id = k.record_id;

-- name: UpdateRecords :exec
-- All arrays have one entry per record; stale holds 'true' or 'false'.
UPDATE source_records r
SET uid = k.uid, stale = k.stale::boolean
FROM unnest(@sources::text[], @record_ids::text[], @uids::bigint[], @stale::text[]) k (source, record_id, uid, stale)
WHERE r.source = k.source AND r.record_id = k.record_id;

-- name: MarkRecordsRemoved :exec
-- Both arrays have one entry per record.
UPDATE source_records r
SET removed_at = @removed_at, uid = NULL, stale = false
FROM unnest(@sources::text[], @record_ids::text[]) k (source, record_id)
WHERE r.source = k.source AND r.record_id = k.record_id AND r.removed_at IS NULL;

-- name: TakeCursors :one
-- notnull: transaction
-- Takes the next cursors of the change feed, of which the last is returned, and counts so many vulnerabilities more, or
-- fewer. No row: another writer holds the lease.
UPDATE feed SET value = value + @count, vulnerabilities = vulnerabilities + @more
WHERE epoch = @epoch
RETURNING value, pg_current_xact_id()::text AS transaction;

-- name: CountRecords :exec
-- Of each source so many live records more, or fewer. Both arrays have one entry per source.
UPDATE source_state s SET records = s.records + k.more
FROM unnest(@sources::text[], @more::bigint[]) k (source, more)
WHERE s.source = k.source;

-- name: NextUids :one
-- The first uid of a new block.
-- notnull: first
SELECT nextval('vulnerability_uid') AS first;

-- name: TransactionStatus :one
-- What became of a transaction: committed, aborted or in progress.
SELECT pg_xact_status(@transaction::text::xid8) AS status;
