-- Every shape of query and every type, on the real schema; the generated code is compiled into the tests.

-- name: CopyVulnerabilities :copyfrom
INSERT INTO vulnerabilities (uid, id, aliases, sources, summary, severity, cvss_score, cwe_ids, kev_added, modified,
                             first_seen, updated_at, document, document_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: GetVulnerability :one
SELECT id, aliases, summary, severity, cvss_score, kev_added, modified, document, document_hash,
       withdrawn IS NOT NULL AS is_withdrawn, 1.5::float8 AS ratio, 7::smallint AS small, 70000 AS middle
FROM vulnerabilities
WHERE uid = $1;

-- name: FindVulnerabilities :many
-- Every kind of parameter.
--
-- A null severity means any.
-- notnull: first_uid
SELECT v.uid, min(v.uid) OVER () AS first_uid
FROM vulnerabilities v
WHERE (v.severity = sqlc.narg(severity) OR sqlc.narg(severity) IS NULL)
  AND v.aliases && @aliases::text[]
  AND v.uid = ANY (@uids::bigint[])
  AND v.document_hash = ANY (@hashes::bytea[])
  AND v.document_hash <> @not_hash
  AND v.document @> @document::jsonb  -- @> is an operator
  AND v.modified >= sqlc.arg(since) AND v.kev_added = @kev_added
  AND v.cvss_score > @score AND (v.withdrawn IS NULL) = @live
  AND '@text' <> $tag$ ; @text $tag$ /* @comment ; */
ORDER BY v.uid;

-- name: ListPackages :many
-- The outer join makes every column nullable, but for those that are annotated.
-- notnull: uid, id
SELECT v.uid, v.id, p.name, p.versions
FROM vulnerabilities v
LEFT JOIN affected_packages p ON p.uid = v.uid;

-- name: EveryVulnerability :many
-- Rows that go by.
-- streamed
SELECT uid, id, aliases, summary, document_hash, modified
FROM vulnerabilities
ORDER BY uid DESC;

-- name: SetSourceError :exec
UPDATE source_state SET last_error = sqlc.narg(last_error) WHERE source = @source;

-- name: RenameVulnerability :execrows
UPDATE vulnerabilities SET id = @new_id WHERE id = @old_id;
