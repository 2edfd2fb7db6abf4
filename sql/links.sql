-- The operator's decisions about pairs of ids.

-- name: ActiveOverrides :many
-- notnull: allow
SELECT a, b, decision = 'allow' AS allow, reason, decided_by
FROM link_overrides
WHERE revoked_at IS NULL
ORDER BY a, b;

-- name: AllOverrides :many
-- notnull: allow
SELECT a, b, decision = 'allow' AS allow, reason, decided_by, decided_at, revoked_by, revoked_at
FROM link_overrides
ORDER BY a, b, override_id;

-- name: PutOverride :exec
INSERT INTO link_overrides (a, b, decision, reason, decided_by) VALUES (@a, @b, @decision, @reason, @decided_by);

-- name: RevokeOverride :execrows
UPDATE link_overrides
SET revoked_at = clock_timestamp(), revoked_by = @revoked_by
WHERE a = @a AND b = @b AND revoked_at IS NULL;

-- name: RejectedCveIds :many
-- Those of some ids that the CVE Project has rejected.
SELECT own_id
FROM source_records
WHERE source = 'cve' AND retracted AND removed_at IS NULL AND record_id = ANY (@ids::text[]);
