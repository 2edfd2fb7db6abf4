-- Finding vulnerabilities and what they are made of.

-- name: FindByIdentifier :many
-- Every vulnerability that an identifier (an id, a former id or any alias) leads to, the nearest kind first. Rows of
-- kind related say that it is nobody's own and that all of them claim it.
SELECT v.uid, v.id, a.kind, v.document
FROM vulnerability_aliases a
JOIN vulnerabilities v ON v.uid = a.uid
WHERE a.alias = @identifier
ORDER BY CASE a.kind WHEN 'id' THEN 0 WHEN 'alias' THEN 1 WHEN 'former' THEN 2 ELSE 3 END, v.id COLLATE "C";

-- name: RecordsOfVulnerability :many
-- The source records that contribute to a vulnerability, in order of precedence, each a zstd frame.
SELECT raw
FROM source_records
WHERE uid = @uid
ORDER BY CASE source WHEN 'osv' THEN 0 WHEN 'gitlab' THEN 1 ELSE 2 END, record_id COLLATE "C";

-- name: ChangesAfter :many
-- One page of the change feed.
SELECT cursor, uid, id, other_ids, kind, fields, document_hash, run_id, at
FROM changes
WHERE cursor > @after
ORDER BY cursor
LIMIT @page_size;
