// The transitions of a task between its states in Redis: what Asynq's clients and servers do, one atomic
// step each. Times are those of the clock given, never Redis' own.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/clock.hpp"
#include "jobs/message.hpp"
#include "redis/connection.hpp"

namespace jobs {

struct EnqueueOptions {
  std::optional<Seconds> process_at = {};  // a time that is not in the future means now
  Seconds unique_for = 0;  // seconds nobody else may enqueue the same type and payload; 0: none
};

enum class EnqueueResult { enqueued, duplicate, id_conflict };

/// What dequeue found.
struct Dequeued {
  std::string id;
  std::string message;  // its bytes; empty: the task had vanished, and its id is dropped
};

/// For one thread at a time. All functions throw redis::Error.
class Broker {
 public:
  static constexpr Seconds lease_seconds = 30;
  static constexpr Seconds archive_life = 90L * 86400;

  explicit Broker(redis::Settings settings, Clock clock = {})
      : connection_(std::move(settings)), clock_(clock) {}

  redis::Connection& connection() { return connection_; }
  const Clock& clock() const { return clock_; }

  /// Adds a task; an empty id gets a random one, missing limits Asynq's default of 30 minutes.
  EnqueueResult enqueue(TaskMessage& message, const EnqueueOptions& options = {});

  /// Takes the oldest waiting task of a queue, unless the queue is paused.
  std::optional<Dequeued> dequeue(const std::string& queue, Seconds lease = lease_seconds);

  // The end of an attempt. False: the task is not ours any more, and nothing was written.
  bool done(const TaskMessage& message);
  bool complete(TaskMessage message, const std::string& result);
  bool requeue(const TaskMessage& message);
  bool retry(TaskMessage message, const std::string& error, Seconds retry_at, bool is_failure = true);
  bool archive(TaskMessage message, const std::string& error);

  /// Moves tasks that are due from scheduled and retry to pending; returns how many.
  std::int64_t forward(const std::string& queue);
  /// Tasks whose lease ended before `cutoff`; an empty message: the task has vanished.
  std::vector<Dequeued> expired_leases(const std::string& queue, Seconds cutoff);
  /// Drops the id of a vanished task from the active ones.
  void drop_vanished(const std::string& queue, const std::string& id);
  /// Gives a lease to active tasks that have none.
  void adopt_active(const std::string& queue, Seconds lease = lease_seconds);
  /// Extends leases; returns the ids that have none any more.
  std::vector<std::string> extend_leases(const std::string& queue, std::span<const std::string> ids,
                                         Seconds lease = lease_seconds);
  /// Deletes completed tasks whose retention is over; returns how many.
  std::int64_t delete_expired(const std::string& queue);

  /// Puts `key` into an index of who is alive, for `seconds`. Who has been silent for an hour is taken out of
  /// it; sooner, a clock that is behind could be why.
  void announce(const char* index, const std::string& key, Seconds seconds);

 private:
  bool ended(const redis::Script& script, const std::vector<std::string>& keys,
             const std::vector<std::string>& arguments);
  static std::vector<std::string> active_keys(const TaskMessage& message);
  void add_counters(std::vector<std::string>& names, const std::string& queue, bool failed) const;
  std::string counter_expiry() const;

  redis::Connection connection_;
  Clock clock_;
};

/// The name of the lock of a unique task: of its type and the MD5 of its payload.
std::string unique_key(std::string_view queue, std::string_view type, std::string_view payload);

/// Asynq's default delay before attempt `retried` + 2: n^4 + 15 seconds and up to 29 * (n + 1) at random.
Seconds retry_delay(int retried);

}  // namespace jobs
