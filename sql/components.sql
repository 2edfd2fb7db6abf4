-- Reading what the database holds of some components: see src/store/components.hpp.

-- name: MembersByKey :many
-- The live records with these keys; both arrays have one entry per key.
SELECT r.source, r.record_id, r.claims
FROM source_records r
JOIN unnest(@sources::text[], @record_ids::text[]) k (source, record_id) USING (source, record_id)
WHERE r.removed_at IS NULL;

-- name: MembersByClaim :many
-- The live records that name one of these ids, once per id. One index descent per id: `claims && ids` with thousands
-- of ids is quadratic inside a GIN scan.
SELECT r.source, r.record_id, r.claims
FROM unnest(@ids::text[]) k (id)
JOIN source_records r ON r.claims @> ARRAY[k.id] AND r.removed_at IS NULL;

-- name: EveryMember :many
-- Every live record.
-- streamed
SELECT source, record_id, claims
FROM source_records
WHERE removed_at IS NULL;

-- name: RecordHashes :many
-- What tells whether these records have changed, removed ones too.
-- notnull: removed
SELECT record_id, location, raw_hash, removed_at IS NOT NULL AS removed, stale, retracted
FROM source_records
WHERE source = @source AND record_id = ANY (@record_ids::text[]);

-- name: RecordsAtLocations :many
-- The records of GitLab that came from these paths, removed ones too.
SELECT record_id
FROM source_records
WHERE source = 'gitlab' AND location = ANY (@locations::text[]);

-- name: ReadRecords :many
-- The records with these keys, removed ones too; both arrays have one entry per key. raw is a zstd frame.
-- notnull: removed
SELECT r.source, r.record_id, r.uid, r.content_hash, r.raw_hash, r.stale, r.removed_at IS NOT NULL AS removed,
       r.location, r.raw
FROM source_records r
JOIN unnest(@sources::text[], @record_ids::text[]) k (source, record_id) USING (source, record_id);

-- name: ReadVulnerabilities :many
-- notnull: withdrawn
SELECT uid, id, document_hash, withdrawn IS NOT NULL AS withdrawn, first_seen
FROM vulnerabilities
WHERE uid = ANY (@uids::bigint[])
ORDER BY uid;

-- name: ReadAliases :many
SELECT uid, alias, kind
FROM vulnerability_aliases
WHERE uid = ANY (@uids::bigint[]);

-- name: ReadDocuments :many
SELECT uid, document
FROM vulnerabilities
WHERE uid = ANY (@uids::bigint[])
ORDER BY uid;

-- name: EveryDocumentHash :many
-- What the digest is over, in its order.
-- streamed
SELECT id, document_hash
FROM vulnerabilities
ORDER BY id COLLATE "C";
