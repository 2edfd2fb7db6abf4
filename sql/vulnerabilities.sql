-- Reading merged vulnerabilities.

-- name: ResolveId :many
-- The vulnerabilities that an identifier leads to. A row of kind id, alias or former says that it is theirs;
-- several rows of kind related, that it is nobody's own and claimed by all of them.
SELECT a.uid, v.id, a.kind
FROM vulnerability_aliases a
JOIN vulnerabilities v ON v.uid = a.uid
WHERE a.alias = @identifier
ORDER BY v.id;

-- name: GetVulnerabilityByAnyId :many
-- The documents that an identifier (an id, a former id or any alias) leads to, in one statement: what was asked
-- for is the vulnerability's own where kind is id, alias or former.
SELECT v.uid, v.id, a.kind, v.document, v.document_hash, v.modified
FROM vulnerability_aliases a
JOIN vulnerabilities v ON v.uid = a.uid
WHERE a.alias = @identifier
ORDER BY v.id;

-- name: CountVulnerabilities :one
-- notnull: total, live
SELECT count(*) AS total, count(*) FILTER (WHERE withdrawn IS NULL) AS live
FROM vulnerabilities;

-- name: ListSourceRecords :many
-- The records that a vulnerability was merged from, without their bytes.
SELECT source, record_id, own_id, modified, withdrawn, retracted, stale, content_hash, location, license
FROM source_records
WHERE uid = @uid
ORDER BY source, record_id;

-- name: GetRawRecord :one
-- The bytes of a source record as received: a zstd frame.
SELECT raw
FROM source_records
WHERE source = @source AND record_id = @record_id;
