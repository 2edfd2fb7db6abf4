-- Records that could not be taken in.

-- name: ListQuarantine :many
SELECT source, record_id, reason, detail, location, run_id, first_seen, last_seen
FROM quarantine
ORDER BY source, record_id;

-- name: GetQuarantined :many
SELECT reason, detail, location, run_id, first_seen, last_seen, raw
FROM quarantine
WHERE source = $1 AND record_id = $2;
