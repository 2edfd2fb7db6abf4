-- The history of jobs. The queue is in Redis; rows that are pending or running here are what it is mended from.

-- name: LockJobs :one
-- notnull: locked
-- Until the end of the transaction nobody else adds jobs: two equal requests at one time become one job.
SELECT pg_advisory_xact_lock(hashtextextended('vuln-datasync jobs ' || current_schema(), 0))::text AS locked;

-- name: InsertJob :execrows
-- A new job; nothing where there is one of that id.
INSERT INTO jobs (id, type, queue, state, payload, heartbeat_at)
VALUES (@id, @type, @queue, 'pending', @payload, clock_timestamp())
ON CONFLICT (id) DO NOTHING;

-- name: GetJob :one
SELECT id, type, queue, state, payload, attempt, worker, created_at, started_at, finished_at, heartbeat_at, progress,
       error, result
FROM jobs
WHERE id = @id;

-- name: OpenJobs :many
-- The jobs of a type that wait or run, oldest first.
SELECT id, state, payload
FROM jobs
WHERE type = @type AND state IN ('pending', 'running')
ORDER BY created_at, id;

-- name: ListJobs :many
-- One page, newest first, of those older than (before_at, before_id); an empty state or type means any.
SELECT id, type, queue, state, payload, attempt, worker, created_at, started_at, finished_at, heartbeat_at, progress,
       error, result
FROM jobs
WHERE (created_at, id) < (@before_at, @before_id)
  AND (@state::text = '' OR state = @state)
  AND (@type::text = '' OR type = @type)
ORDER BY created_at DESC, id DESC
LIMIT @page_size;

-- name: RunningJobs :many
SELECT id, type, queue, state, payload, attempt, worker, created_at, started_at, finished_at, heartbeat_at, progress,
       error, result
FROM jobs
WHERE state = 'running'
ORDER BY started_at, id;

-- name: CountJobs :many
-- notnull: jobs
SELECT queue, state, count(*) AS jobs
FROM jobs
GROUP BY queue, state
ORDER BY queue, state;

-- name: StartJob :execrows
-- An attempt begins, unless the job was cancelled, is done already and only delivered once more, or still runs at
-- another worker that gave a sign of life lately.
INSERT INTO jobs (id, type, queue, state, payload, attempt, worker, started_at, heartbeat_at)
VALUES (@id, @type, @queue, 'running', @payload, @attempt, @worker, clock_timestamp(), clock_timestamp())
ON CONFLICT (id) DO UPDATE
SET type = excluded.type, queue = excluded.queue, state = 'running', payload = excluded.payload,
    attempt = excluded.attempt, worker = excluded.worker, started_at = excluded.started_at,
    heartbeat_at = excluded.heartbeat_at, finished_at = NULL, progress = NULL, error = NULL, result = NULL
WHERE jobs.state <> 'cancelled'
  AND NOT (jobs.state = 'succeeded' AND excluded.attempt > 1)
  AND NOT (jobs.state = 'running' AND jobs.worker <> excluded.worker
           AND jobs.heartbeat_at BETWEEN clock_timestamp() - @patience_seconds::int * interval '1 second'
                                     AND clock_timestamp() + @patience_seconds::int * interval '1 second');

-- name: TouchJob :execrows
-- A sign of life with the progress; no row when the job was cancelled or another worker has it now.
UPDATE jobs
SET heartbeat_at = clock_timestamp(), progress = @progress
WHERE id = @id AND worker = @worker AND state = 'running';

-- name: FinishJob :execrows
-- The end of an attempt: succeeded, failed, or pending when it is tried again.
UPDATE jobs
SET state = @state, error = sqlc.narg(error), result = sqlc.narg(result), progress = NULL,
    heartbeat_at = clock_timestamp(),
    finished_at = CASE WHEN @state = 'pending' THEN NULL ELSE clock_timestamp() END
WHERE id = @id AND worker = @worker AND state = 'running';

-- name: RejectJob :exec
-- A job that cannot be run at all.
INSERT INTO jobs (id, type, queue, state, attempt, worker, started_at, finished_at, error)
VALUES (@id, @type, @queue, 'failed', 1, @worker, clock_timestamp(), clock_timestamp(), @error)
ON CONFLICT (id) DO UPDATE
SET state = 'failed', worker = excluded.worker, finished_at = excluded.finished_at, error = excluded.error
WHERE jobs.state IN ('pending', 'running');

-- name: CancelJob :execrows
UPDATE jobs
SET state = 'cancelled', error = 'cancelled', progress = NULL, finished_at = clock_timestamp()
WHERE id = @id AND state IN ('pending', 'running');

-- name: ReopenJob :execrows
-- A job that ended waits again.
UPDATE jobs
SET state = 'pending', attempt = 0, worker = NULL, error = NULL, result = NULL, progress = NULL, started_at = NULL,
    finished_at = NULL, heartbeat_at = clock_timestamp()
WHERE id = @id AND state IN ('succeeded', 'failed', 'cancelled');

-- name: SilentJobs :many
-- Open jobs that gave no sign of life for a while: their task may be gone from Redis.
SELECT id, type, queue, state, payload
FROM jobs
WHERE state IN ('pending', 'running')
  AND heartbeat_at NOT BETWEEN clock_timestamp() - @silent_seconds::int * interval '1 second'
                           AND clock_timestamp() + @silent_seconds::int * interval '1 second'
ORDER BY created_at, id
LIMIT 1000;

-- name: SettleSilentJob :execrows
-- What Redis knew of a job that gave no sign of life.
UPDATE jobs
SET state = @state, error = sqlc.narg(error), progress = NULL, heartbeat_at = clock_timestamp(),
    finished_at = CASE WHEN @state = 'pending' THEN NULL ELSE clock_timestamp() END
WHERE id = @id AND state IN ('pending', 'running')
  AND heartbeat_at NOT BETWEEN clock_timestamp() - @silent_seconds::int * interval '1 second'
                           AND clock_timestamp() + @silent_seconds::int * interval '1 second';

-- name: DeleteOldJobs :execrows
DELETE FROM jobs
WHERE state IN ('succeeded', 'failed', 'cancelled') AND finished_at < clock_timestamp() - @days::int * interval '1 day';

-- name: DeleteOldRuns :execrows
-- The newest run stays, whatever its age.
DELETE FROM sync_runs
WHERE state <> 'running' AND finished_at < clock_timestamp() - @days::int * interval '1 day'
  AND run_id < (SELECT max(run_id) FROM sync_runs);

-- name: DeleteOldChanges :execrows
-- Only what the newest snapshot of a directory covers that can be loaded: whoever lags behind loads that and follows
-- from its cursor.
DELETE FROM changes
WHERE at < clock_timestamp() - @days::int * interval '1 day'
  AND cursor <= (SELECT max((manifest ->> 'changes_cursor')::bigint) FROM exports
                 WHERE state = 'published' AND substr(location, strpos(location, ':') + 1) = @directory);

-- name: GetSchedule :one
SELECT spec, previous_at, next_at FROM schedules WHERE name = @name;

-- name: PutSchedule :exec
-- Of several schedulers none sets the time back.
INSERT INTO schedules (name, spec, previous_at, next_at)
VALUES (@name, @spec, @previous_at, @next_at)
ON CONFLICT (name) DO UPDATE
SET spec = excluded.spec, previous_at = greatest(schedules.previous_at, excluded.previous_at),
    next_at = CASE WHEN schedules.spec = excluded.spec THEN greatest(schedules.next_at, excluded.next_at)
                   ELSE excluded.next_at END;
