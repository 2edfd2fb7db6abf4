// One attempt at a task: what its handler sees of it, and what the worker knows of it while it runs.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "jobs/message.hpp"

namespace jobs {

/// Thrown by a handler: trying again makes no sense. The task is archived.
class GiveUp : public base::Error {
 public:
  using Error::Error;
};

/// Thrown by a handler: not now, and not the task's fault. It runs again after `delay`, however often.
class NotNow : public base::Error {
 public:
  NotNow(const std::string& message, Seconds delay) : Error(message), delay_(delay) {}
  Seconds delay() const { return delay_; }

 private:
  Seconds delay_;
};

/// When an attempt at the task that begins `now` has to have ended: after its timeout, and before its
/// deadline; a task that has neither gets Asynq's 30 minutes.
Seconds deadline_of(const TaskMessage& message, Seconds now);

enum class StopReason { none, shutdown, cancelled, deadline };

class Attempt {
 public:
  using Clock = std::chrono::steady_clock;

  /// `deadline` in Unix seconds; `lease_end` of the lease that Redis gave.
  Attempt(TaskMessage message, Seconds started, Seconds deadline, Clock::time_point lease_end)
      : message_(std::move(message)), started_(started), deadline_(deadline), lease_end_(lease_end) {}
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  const TaskMessage& message() const { return message_; }
  Seconds started() const { return started_; }
  Seconds deadline() const { return deadline_; }
  /// Counted from 1.
  int number() const { return message_.retried + 1; }
  bool is_last() const { return message_.retried >= message_.retry; }

  /// Handlers watch it, and throw anything when they were stopped by it; the first reason stays.
  std::stop_token stop() const { return stop_.get_token(); }
  StopReason stop_reason() const { return reason_; }
  void request_stop(StopReason reason);

  // The worker's part. Who claims an attempt writes its end to Redis, and nobody else does.
  bool claim() { return !claimed_.exchange(true); }
  bool is_claimed() const { return claimed_; }
  void set_settled() { settled_ = true; }  // its end is written, or never will be
  bool is_settled() const { return settled_; }
  void set_returned() { returned_ = true; }  // its handler has ended
  bool has_returned() const { return returned_; }

  /// Whether nobody else may have recovered the task meanwhile.
  bool has_lease() const { return Clock::now() < lease_end_.load(); }
  Clock::time_point lease_end() const { return lease_end_; }
  void extend_lease(Clock::time_point end) { lease_end_ = end; }
  void lose_lease() { lease_end_ = Clock::time_point::min(); }

 private:
  TaskMessage message_;
  Seconds started_;
  Seconds deadline_;
  std::atomic<Clock::time_point> lease_end_;
  std::stop_source stop_;
  std::atomic<StopReason> reason_ = StopReason::none;
  std::atomic<bool> claimed_ = false;
  std::atomic<bool> settled_ = false;
  std::atomic<bool> returned_ = false;
};

using AttemptPtr = std::shared_ptr<Attempt>;

/// Runs a task and returns its result, which Redis keeps as long as the task's retention. What it throws is
/// the attempt's error, GiveUp and NotNow apart; after a stop for shutdown the task is handed back instead.
using Handler = std::function<std::string(Attempt&)>;

/// The attempts of one worker, for its threads. One stays until its handler has returned and its end is
/// written.
class Attempts {
 public:
  /// False when an attempt at a task of that id and queue is here already.
  bool add(const AttemptPtr& attempt);
  /// Forgets what is over.
  void sweep();
  std::vector<AttemptPtr> all() const;

 private:
  mutable std::mutex mutex_;
  std::vector<AttemptPtr> attempts_;
};

}  // namespace jobs
