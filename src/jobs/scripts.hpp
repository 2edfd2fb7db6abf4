// The atomic steps of the queue, as Lua scripts for Redis. What they leave behind is the protocol; the order
// inside matters, because an error undoes nothing: each begins with what Redis refuses when its memory is
// full, or with a deletion, after which it refuses nothing more in that script. So a step is done or not.
#pragma once

#include "redis/connection.hpp"

namespace jobs::scripts {

/// KEYS: task, pending or scheduled, [lock]. ARGV: id, message, now in ns, process-at or '', lock seconds.
/// 1: done, 0: there is a task of that id, -1: another task holds the lock.
const redis::Script& enqueue();

/// KEYS: paused, pending, active, lease. ARGV: prefix of tasks, end of the lease.
/// Nothing, or {id, message}, or {id} of a task that has vanished and is dropped.
const redis::Script& dequeue();

/// KEYS: active, lease, task, processed of the day, processed, [lock]. ARGV: id, expiry of the day's counter.
/// 1, or 0 when the task is not ours any more; so the next four.
const redis::Script& done();

/// KEYS: active, lease, task, completed, processed of the day, processed, [lock].
/// ARGV: id, expiry of the day's counter, message, expiry of the task, result or ''.
const redis::Script& complete();

/// KEYS: active, lease, task, pending. ARGV: id.
const redis::Script& requeue();

/// KEYS: active, lease, task, retry, processed and failed of the day, processed, failed.
/// ARGV: id, expiry of the day's counters, message, retry-at, 1 when it counts as a failure.
const redis::Script& retry();

/// KEYS: as retry, with archived. ARGV: id, expiry of the day's counters, message, now, oldest to keep,
/// prefix of tasks.
const redis::Script& archive();

/// KEYS: scheduled or retry, pending. ARGV: now, now in ns, prefix of tasks, prefix of groups. How many.
const redis::Script& forward();

/// KEYS: lease. ARGV: cutoff, prefix of tasks. {id, message or '', ...} of leases that ended before.
const redis::Script& expired_leases();

/// KEYS: lease. ARGV: new end, ids. The ids that have no lease any more.
const redis::Script& extend_leases();

/// KEYS: active, lease, task. ARGV: id. Drops an id whose task is gone; 1 when it was.
const redis::Script& drop_vanished();

/// KEYS: active, lease. ARGV: end of the lease. Gives a lease to active tasks that have none, so that
/// somebody recovers them.
const redis::Script& adopt_active();

/// KEYS: completed. ARGV: now, prefix of tasks. How many.
const redis::Script& delete_expired();

/// KEYS: task, pending. ARGV: id, prefix of the queue. 1, 0: it is waiting or running, -1: there is none.
const redis::Script& run_now();

/// KEYS: task, archived. ARGV: id, prefix of the queue, now, oldest to keep, message with the reason or ''.
/// 1, 0: it is running or archived, -1: there is none.
const redis::Script& archive_waiting();

/// KEYS: server, workers of it. ARGV: seconds, server info, {id, worker info}...
const redis::Script& server_state();

/// KEYS: scheduler. ARGV: seconds, entries.
const redis::Script& scheduler_state();

/// KEYS: history. ARGV: second, event.
const redis::Script& scheduler_event();

}  // namespace jobs::scripts
