-- Finding vulnerabilities and what they are made of.

-- Every vulnerability that an identifier leads to, the nearest kind first.
-- name: FindByIdentifier :many
SELECT v.uid, v.id, a.kind, v.document::text AS document, v.document_hash
FROM vulnerability_aliases a
JOIN vulnerabilities v ON v.uid = a.uid
WHERE a.alias = $1
ORDER BY CASE a.kind WHEN 'id' THEN 0 WHEN 'alias' THEN 1 WHEN 'former' THEN 2 ELSE 3 END, v.id COLLATE "C";

-- The source records that contribute to a vulnerability, in order of precedence.
-- name: RecordsOfVulnerability :many
SELECT source, record_id, location, stale, raw
FROM source_records
WHERE uid = $1
ORDER BY CASE source WHEN 'osv' THEN 0 WHEN 'gitlab' THEN 1 ELSE 2 END, record_id COLLATE "C";

-- The records that are known to a vulnerability's ids but are marked removed.
-- name: RemovedRecordsNaming :many
SELECT source, record_id, location, removed_at, raw
FROM source_records
WHERE own_id = $1 AND removed_at IS NOT NULL
ORDER BY source, record_id;

-- One page of the change feed.
-- name: ChangesAfter :many
SELECT cursor, uid, id, other_ids, kind, fields, document_hash, run_id, at
FROM changes
WHERE cursor > $1
ORDER BY cursor
LIMIT $2;
