-- Records that could not be taken in.

-- name: ListQuarantine :many
SELECT source, record_id, reason, detail, location, run_id, first_seen, last_seen
FROM quarantine
ORDER BY source, record_id;

-- name: GetQuarantined :many
SELECT reason, detail, location, run_id, first_seen, last_seen, raw
FROM quarantine
WHERE source = @source AND record_id = @record_id;

-- name: QuarantinedBytes :many
-- The bytes of a source's quarantined records; raw is a zstd frame.
SELECT location, raw
FROM quarantine
WHERE source = @source
ORDER BY record_id;

-- name: QuarantinedHashes :many
SELECT record_id, location, raw_hash FROM quarantine WHERE source = @source;

-- name: PutQuarantined :exec
-- first_seen stays when the record was there before.
INSERT INTO quarantine (source, record_id, reason, detail, location, run_id, first_seen, last_seen, listed_at, raw_hash,
                        raw)
VALUES (@source, @record_id, @reason, @detail, @location, @run_id, @seen_at, @seen_at, sqlc.narg(listed_at), @raw_hash,
        @raw)
ON CONFLICT (source, record_id) DO UPDATE
SET reason = excluded.reason, detail = excluded.detail, location = excluded.location, run_id = excluded.run_id,
    last_seen = excluded.last_seen, listed_at = excluded.listed_at, raw_hash = excluded.raw_hash, raw = excluded.raw;

-- name: TouchQuarantined :exec
UPDATE quarantine
SET last_seen = @seen_at, run_id = @run_id
WHERE source = @source AND record_id = ANY (@record_ids::text[]);

-- name: ReleaseQuarantined :exec
DELETE FROM quarantine WHERE source = @source AND record_id = ANY (@record_ids::text[]);
