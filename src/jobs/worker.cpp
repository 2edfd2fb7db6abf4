#include "jobs/worker.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <random>

#include "base/backoff.hpp"
#include "base/format.hpp"
#include "base/host.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"
#include "base/uuid.hpp"
#include "jobs/housekeeping.hpp"
#include "jobs/keys.hpp"
#include "jobs/redis_trouble.hpp"

namespace jobs {

namespace {

using std::chrono::milliseconds;
using SteadyClock = Attempt::Clock;

constexpr milliseconds tick(250);

ServerInfo server_info(const WorkerSettings& settings) {
  ServerInfo info;
  info.host = base::host_name();
  info.pid = ::getpid();
  info.server_id = base::random_uuid();
  info.concurrency = static_cast<std::int32_t>(settings.concurrency);
  info.queues.insert(settings.queues.begin(), settings.queues.end());
  info.strict_priority = settings.strict;
  info.start_nanos = settings.clock.nanos();
  return info;
}

// Half to one and a half of it: many workers do not ask at the same moments.
milliseconds around(milliseconds time) {
  thread_local std::minstd_rand random{std::random_device{}()};
  return milliseconds(
      std::uniform_int_distribution<long long>(time.count() / 2, time.count() * 3 / 2)(random));
}

}  // namespace

Worker::Worker(const WorkerSettings& settings) : Worker(settings, server_info(settings)) {}

Worker::Worker(WorkerSettings settings, const ServerInfo& info)
    : settings_(std::move(settings)),
      name_(base::format("{}:{}:{}", info.host, info.pid, info.server_id)),
      settler_(settings_.retry_delay),
      heart_(settings_.redis, settings_.clock, info, attempts_) {}

Worker::~Worker() {
  stop();
}

void Worker::start() {
  others_.emplace_back([this] { watch(); });
  others_.emplace_back([this] { keep_house(); });
  others_.emplace_back([this] { listen(); });
  for (unsigned i = 0; i < settings_.concurrency; ++i) add_slot();
}

void Worker::request_stop() {
  stopping_ = true;
  stop_.request_stop();
  for (const AttemptPtr& attempt : attempts_.all()) attempt->request_stop(StopReason::shutdown);
}

void Worker::stop() {
  if (others_.empty()) return;
  request_stop();
  const auto deadline = SteadyClock::now() + settings_.shutdown_time;
  const auto all_are_over = [this] {
    const std::scoped_lock lock(slots_mutex_);
    return std::all_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.is_over.load(); });
  };
  while (!all_are_over() && SteadyClock::now() < deadline) std::this_thread::sleep_for(milliseconds(10));
  Broker broker(settings_.redis, settings_.clock);
  hand_back_what_runs(broker);
  std::list<Slot> slots;
  {
    const std::scoped_lock lock(slots_mutex_);
    slots.swap(slots_);
  }
  slots.clear();  // waits for handlers that do not care about being stopped
  settler_.repeat(broker);
  closing_.request_stop();
  others_.clear();
  heart_.stop();
}

void Worker::hand_back_what_runs(Broker& broker) {
  for (const AttemptPtr& attempt : attempts_.all())
    if (attempt->claim()) settler_.hand_back(broker, attempt);
}

void Worker::add_slot() {
  const std::scoped_lock lock(slots_mutex_);
  if (stopping_) return;  // and stop() may have taken the slots already
  slots_.remove_if([](const Slot& slot) { return slot.is_over.load(); });
  Slot& slot = slots_.emplace_back();
  slot.thread = std::jthread([this, &slot] {
    serve_slot();
    slot.is_over = true;
  });
}

// Takes and runs tasks until the worker stops, or until one was taken from it while it ran: then another slot
// has taken its place.
void Worker::serve_slot() {
  Broker broker(settings_.redis, settings_.clock);
  QueueOrder order(settings_.queues, settings_.strict);
  base::Backoff backoff(milliseconds(200), milliseconds(5000));
  RedisTrouble trouble("slot");
  while (!stopping_) {
    AttemptPtr attempt;
    try {
      attempt = take(broker, order);
      trouble.is_back();
      backoff.reset();
    } catch (const redis::Error& error) {
      trouble.is_away(error);
      base::sleep_for(backoff.next(), stop_.get_token());
    }
    if (!attempt) continue;
    if (stopping_) attempt->request_stop(StopReason::shutdown);
    call_handler(broker, attempt);
    attempt->set_returned();
    attempts_.sweep();
    const StopReason reason = attempt->stop_reason();
    if (reason == StopReason::cancelled || reason == StopReason::deadline) return;
  }
}

// One slot asks, the others wait for their turn: an idle worker is one question a second, however many slots.
AttemptPtr Worker::take(Broker& broker, QueueOrder& order) {
  const std::scoped_lock turn(turn_);
  if (stopping_) return nullptr;
  for (const std::string& queue : order.next()) {
    const auto lease_end = SteadyClock::now() + std::chrono::seconds(Broker::lease_seconds);
    const auto task = broker.dequeue(queue);
    if (task) return accept(broker, queue, *task, lease_end);
  }
  base::sleep_for(around(settings_.poll), stop_.get_token());
  return nullptr;
}

// The attempt to make, or nothing where the task was dealt with here.
AttemptPtr Worker::accept(Broker& broker, const std::string& queue, const Dequeued& task,
                          SteadyClock::time_point lease_end) {
  if (task.message.empty()) {
    base::log::warn("a waiting task had vanished", {{"task", task.id}, {"queue", queue}});
    return nullptr;
  }
  std::string trouble;
  TaskMessage message = read_message(queue, task, trouble);
  const Seconds now = settings_.clock.now();
  const Seconds deadline = deadline_of(message, now);
  auto attempt = std::make_shared<Attempt>(std::move(message), now, deadline, lease_end);
  if (!trouble.empty()) {
    base::log::warn("a task is archived", {{"task", task.id}, {"queue", queue}, {"cause", trouble}});
    settler_.give_up(broker, attempt, trouble);
    return nullptr;
  }
  if (deadline <= now) {
    settler_.failure(broker, attempt, "context deadline exceeded");
    return nullptr;
  }
  if (!attempts_.add(attempt)) {
    constexpr Seconds while_it_ends = 15;
    settler_.not_now(broker, attempt, "an earlier attempt still ends here", while_it_ends);
    return nullptr;
  }
  return attempt;
}

void Worker::call_handler(Broker& broker, const AttemptPtr& attempt) {
  const auto handler = handlers_.find(attempt->message().type);
  try {
    if (handler == handlers_.end())
      throw base::Error(base::format("handler not found for task \"{}\"", attempt->message().type));
    const std::string result = handler->second(*attempt);
    if (attempt->claim()) settler_.success(broker, attempt, result);
  } catch (const GiveUp& error) {
    if (attempt->claim()) settler_.give_up(broker, attempt, error.what());
  } catch (const NotNow& error) {
    if (attempt->claim()) settler_.not_now(broker, attempt, error.what(), error.delay());
  } catch (const std::exception& error) {
    if (!attempt->claim()) return;
    if (attempt->stop_reason() == StopReason::shutdown)
      settler_.hand_back(broker, attempt);
    else
      settler_.failure(broker, attempt, error.what());
  }
}

// Leases every few seconds, deadlines at once.
void Worker::watch() {
  Broker broker(settings_.redis, settings_.clock);
  RedisTrouble trouble("heartbeat");
  auto next_beat = SteadyClock::now();
  do {
    end_overdue(broker);
    if (SteadyClock::now() < next_beat) continue;
    try {
      heart_.beat(stopping_ ? "closed" : "active");
      trouble.is_back();
    } catch (const redis::Error& error) {
      trouble.is_away(error);
    }
    next_beat = SteadyClock::now() + settings_.beat;
  } while (base::sleep_for(tick, closing_.get_token()));
}

void Worker::end_overdue(Broker& broker) {
  const Seconds now = settings_.clock.now();
  for (const AttemptPtr& attempt : attempts_.all()) {
    if (attempt->deadline() > now || !attempt->claim()) continue;
    abandon(attempt, StopReason::deadline);
    settler_.failure(broker, attempt, "context deadline exceeded");
  }
}

// Its handler may take its time to end, or never do: another slot takes the place of its own.
void Worker::abandon(const AttemptPtr& attempt, StopReason reason) {
  attempt->request_stop(reason);
  add_slot();
}

void Worker::keep_house() {
  Broker broker(settings_.redis, settings_.clock);
  Housekeeping house(broker, settings_.retry_delay);
  RedisTrouble trouble("housekeeping");
  struct Chore {
    void (Housekeeping::*work)(const std::string&);
    milliseconds interval;
    SteadyClock::time_point next;
  };
  const auto now = SteadyClock::now();
  std::array<Chore, 3> chores{{{&Housekeeping::recover, settings_.recover, now},
                               {&Housekeeping::forward, settings_.forward, now + settings_.forward},
                               {&Housekeeping::delete_expired, settings_.clean, now + settings_.clean}}};
  do {
    try {
      settler_.repeat(broker);
      for (Chore& chore : chores) {
        if (SteadyClock::now() < chore.next) continue;
        chore.next = SteadyClock::now() + chore.interval;
        for (const auto& [queue, weight] : settings_.queues) (house.*chore.work)(queue);
      }
      trouble.is_back();
    } catch (const redis::Error& error) {
      trouble.is_away(error);
    }
    attempts_.sweep();
  } while (base::sleep_for(tick, closing_.get_token()));
}

void Worker::listen() {
  Broker broker(settings_.redis, settings_.clock);
  base::Backoff backoff(milliseconds(500), milliseconds(5000));
  RedisTrouble trouble("cancellation");
  do {
    try {
      redis::Connection channel(settings_.redis);
      channel.subscribe(keys::cancel_channel);
      trouble.is_back();
      backoff.reset();
      while (!closing_.stop_requested())
        if (const auto id = channel.next_message(tick)) cancel(broker, *id);
    } catch (const redis::Error& error) {
      trouble.is_away(error);
    }
  } while (base::sleep_for(backoff.next(), closing_.get_token()));
}

// Asynq's cancellation is a failure like others, and the task is retried; ours has marked it to be archived.
void Worker::cancel(Broker& broker, const std::string& id) {
  for (const AttemptPtr& attempt : attempts_.all()) {
    if (attempt->message().id != id) continue;
    const bool is_ours = broker.connection()
                             .command({"HEXISTS", keys::task(attempt->message().queue, id), "cancelled"})
                             .integer == 1;
    if (!attempt->claim()) continue;
    abandon(attempt, StopReason::cancelled);
    if (is_ours)
      settler_.give_up(broker, attempt, "cancelled");
    else
      settler_.failure(broker, attempt, "context canceled");
  }
}

}  // namespace jobs
