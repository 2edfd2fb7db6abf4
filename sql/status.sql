-- What `status` tells.

-- name: SourceStates :many
-- notnull: max_age_seconds
SELECT source, fingerprint, last_attempt, last_success, last_error, failures,
       extract(epoch FROM max_age)::bigint AS max_age_seconds,
       extract(epoch FROM clock_timestamp() - last_success)::bigint AS age_seconds, records
FROM source_state
ORDER BY CASE source WHEN 'osv' THEN 0 WHEN 'gitlab' THEN 1 ELSE 2 END;

-- name: VulnerabilityStats :one
-- notnull: total, live, withdrawn, in_several_sources, from_osv, from_gitlab, from_cve, known_exploited, critical, high, medium, low, unrated
SELECT total, live, withdrawn, in_several_sources, from_osv, from_gitlab, from_cve, known_exploited, critical, high,
       medium, low, unrated
FROM vulnerability_stats;

-- name: QuarantineCounts :many
-- notnull: records
SELECT source, reason, count(*) AS records
FROM quarantine
GROUP BY source, reason
ORDER BY source, reason;

-- name: RunningSyncs :many
SELECT run_id, started_at, heartbeat_at, worker
FROM sync_runs
WHERE state = 'running'
ORDER BY run_id;

-- name: LastSync :many
-- The last run that ended.
SELECT run_id, state, started_at, finished_at, worker
FROM sync_runs
WHERE state <> 'running'
ORDER BY run_id DESC
LIMIT 1;

-- name: ListExports :many
SELECT version, state
FROM exports
WHERE state <> 'removed'
ORDER BY version DESC;
