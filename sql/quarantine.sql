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
