-- The history of runs and the state of each source: see src/store/runs.hpp.

-- name: EndAbandonedRuns :exec
UPDATE sync_runs SET state = 'interrupted', finished_at = heartbeat_at WHERE state = 'running';

-- name: StartRun :one
INSERT INTO sync_runs (state, started_at, heartbeat_at, worker)
VALUES ('running', @started_at, clock_timestamp(), @worker)
RETURNING run_id;

-- name: TouchRun :exec
-- Only the holder of the lease has a run that is running.
UPDATE sync_runs SET heartbeat_at = clock_timestamp() WHERE state = 'running';

-- name: FinishRun :exec
UPDATE sync_runs
SET state = @state, report = @report, finished_at = clock_timestamp(), heartbeat_at = clock_timestamp()
WHERE run_id = @run_id;

-- name: SourceProgress :one
SELECT fingerprint, rules, watermark, duplicates, records,
       extract(epoch FROM clock_timestamp() - reconciled_at)::bigint AS seconds_since_reconciled
FROM source_state
WHERE source = @source;

-- name: NoteCurrent :exec
UPDATE source_state
SET fingerprint = @fingerprint, last_attempt = clock_timestamp(), last_success = clock_timestamp(), last_error = NULL,
    failures = 0
WHERE source = @source;

-- name: BeginSource :exec
UPDATE source_state
SET fingerprint = NULL, rules = coalesce(rules, @first_rules), last_attempt = clock_timestamp()
WHERE source = @source;

-- name: FinishSource :exec
UPDATE source_state
SET fingerprint = @fingerprint, rules = @rules, watermark = coalesce(sqlc.narg(watermark), watermark),
    reconciled_at = CASE WHEN @reconciled THEN clock_timestamp() ELSE reconciled_at END,
    duplicates = @duplicates::bigint + CASE WHEN @reconciled THEN 0 ELSE duplicates END,
    last_success = clock_timestamp(), last_error = NULL, failures = 0
WHERE source = @source;

-- name: FailSource :exec
UPDATE source_state
SET last_attempt = clock_timestamp(), last_error = @error, failures = failures + 1
WHERE source = @source;

-- name: CountVulnerabilities :one
-- Kept beside the change feed: counting them anew takes the longer the more there are.
SELECT vulnerabilities AS total FROM feed;
