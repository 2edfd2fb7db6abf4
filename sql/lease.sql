-- The lease of the one writer: see src/store/lease.hpp.

-- name: AcquireLease :one
-- Takes the lease where it is free, its holder gave no sign for so long, or its holder is the process that is known to
-- have ended. A sign out of the future is from before the server's clock was set back, or from another server. No row:
-- somebody holds it.
UPDATE feed
SET epoch = epoch + 1, holder = @holder, process = @process, heartbeat_at = clock_timestamp()
WHERE holder IS NULL
   OR heartbeat_at NOT BETWEEN clock_timestamp() - @timeout_seconds::int * interval '1 second'
                           AND clock_timestamp() + @timeout_seconds::int * interval '1 second'
   OR process = sqlc.narg(ended)
RETURNING epoch;

-- name: LeaseHolder :one
SELECT holder, process FROM feed;

-- name: RenewLease :execrows
-- No row: another writer took over.
UPDATE feed SET heartbeat_at = clock_timestamp() WHERE epoch = @epoch;

-- name: ProveLease :one
-- No row: another writer took over. Until the end of the transaction none can.
SELECT epoch FROM feed WHERE epoch = @epoch FOR SHARE;

-- name: ReleaseLease :exec
UPDATE feed SET holder = NULL, process = NULL, heartbeat_at = NULL WHERE epoch = @epoch;
