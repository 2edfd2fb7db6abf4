#include "jobs/scheduler.hpp"

#include <unistd.h>

#include <algorithm>
#include <random>
#include <utility>

#include "base/backoff.hpp"
#include "base/format.hpp"
#include "base/host.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"
#include "base/uuid.hpp"
#include "jobs/keys.hpp"
#include "jobs/scripts.hpp"
#include "jobs/task_types.hpp"
#include "store/generated/jobs.hpp"

namespace jobs {

namespace sql = store::sql;

namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr Seconds shown_for = 20;

pg::Timestamp timestamp(Seconds time) {
  return pg::Timestamp(std::chrono::seconds(time));
}

Seconds seconds_of(pg::Timestamp time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::string history_key(const std::string& entry_id) {
  return "asynq:scheduler_history:" + entry_id;
}

template <typename Request>
Schedule make(std::string name, std::string spec, std::string_view type, const Request& request) {
  return {std::move(name), std::move(spec), std::string(type), to_payload(request),
          [request](Queue& queue, pg::Connection& connection, const std::string& id) {
            return queue.enqueue(connection, request, id);
          }};
}

}  // namespace

Schedule schedule_of(std::string name, std::string spec, const SyncRequest& request) {
  return make(std::move(name), std::move(spec), sync_type, request);
}

Schedule schedule_of(std::string name, std::string spec, const ExportRequest& request) {
  return make(std::move(name), std::move(spec), export_type, request);
}

Schedule schedule_of(std::string name, std::string spec, const CleanupRequest& request) {
  return make(std::move(name), std::move(spec), cleanup_type, request);
}

Scheduler::Scheduler(SchedulerSettings settings)
    : settings_(std::move(settings)),
      queue_(settings_.redis),
      broker_(settings_.redis, settings_.clock),
      key_(base::format("{}:{{{}:{}:{}}}", keys::schedulers, base::host_name(), ::getpid(),
                        base::random_uuid())) {
  std::minstd_rand random{std::random_device{}()};
  for (const Schedule& schedule : settings_.schedules) {
    Entry entry{schedule, Cron::parse(schedule.spec), base::random_uuid(), 0, std::nullopt, 0};
    entry.lateness = std::uniform_real_distribution<double>(0, 1)(random);
    entries_.push_back(std::move(entry));
  }
}

Scheduler::~Scheduler() {
  stop();
}

void Scheduler::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Scheduler::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  hide();
}

void Scheduler::run(const std::stop_token& stop) {
  std::optional<pg::Connection> connection;
  base::Backoff backoff(settings_.look, milliseconds(10000));
  auto next_beat = SteadyClock::now();
  for (milliseconds wait{0}; base::sleep_for(wait, stop);) {
    wait = settings_.look;
    try {
      if (!connection) connection.emplace(settings_.database());
      look(*connection);
      backoff.reset();
    } catch (const pg::Error& error) {
      base::log::warn("schedules wait for the database", {{"cause", error.what()}});
      connection.reset();
      wait = backoff.next();
    }
    if (SteadyClock::now() < next_beat) continue;
    show();
    next_beat = SteadyClock::now() + settings_.beat;
  }
}

void Scheduler::look(pg::Connection& connection) {
  for (Entry& entry : entries_) look_at(entry, connection);
}

// The row says what is due next, whichever scheduler wrote it. One for another time table begins anew, but
// for a time that was missed under the old one; and of two schedulers that disagree, the earlier time counts,
// or each would put off what the other one has set.
void Scheduler::look_at(Entry& entry, pg::Connection& connection) {
  const Seconds now = settings_.clock.now();
  const std::string& name = entry.schedule.name;
  const auto row = sql::get_schedule(connection, name);
  if (!row || row->spec != entry.schedule.spec) {
    auto next = entry.cron.after(now);
    if (!next) return;  // never
    if (row && (is_disputed(entry, row->spec) || seconds_of(row->next_at) <= now))
      next = std::min(*next, seconds_of(row->next_at));
    entry.next = *next;
    sql::put_schedule(connection, name, entry.schedule.spec, timestamp(now), timestamp(*next));
    return;
  }
  entry.next = seconds_of(row->next_at);
  if (now < entry.next + jitter(entry, entry.next)) return;
  add(entry, connection, entry.next);
  const auto next = entry.cron.after(std::max(now, entry.next));
  if (!next) return;
  sql::put_schedule(connection, name, entry.schedule.spec, timestamp(entry.next), timestamp(*next));
  entry.next = *next;
}

// A row for another time table is found once where the settings changed; more often, somebody changes it
// back.
bool Scheduler::is_disputed(Entry& entry, const std::string& spec) {
  if (++entry.replaced == 2)
    base::log::warn("another scheduler has another time table; give all of them the same",
                    {{"schedule", entry.schedule.name}, {"ours", entry.schedule.spec}, {"theirs", spec}});
  return entry.replaced > 1;
}

void Scheduler::add(Entry& entry, pg::Connection& connection, Seconds due) {
  const std::string id = entry.schedule.name + "@" + std::to_string(due);
  const Enqueued added = entry.schedule.add(queue_, connection, id);
  if (!added.created) {
    if (added.job.id != id)
      base::log::info("a job is due that runs or waits already",
                      {{"schedule", entry.schedule.name}, {"job", added.job.id}});
    return;
  }
  base::log::info("a job is due", {{"schedule", entry.schedule.name}, {"job", id}});
  entry.previous = settings_.clock.now();
  record(entry, id);
}

Seconds Scheduler::jitter(const Entry& entry, Seconds due) const {
  const auto following = entry.cron.after(due);
  if (!following) return 0;
  const Seconds most = std::min<Seconds>(settings_.most_jitter.count(), (*following - due) / 10);
  return static_cast<Seconds>(entry.lateness * static_cast<double>(most));
}

void Scheduler::record(const Entry& entry, const std::string& job) {
  try {
    broker_.connection().run(scripts::scheduler_event(), {history_key(entry.id)},
                             {std::to_string(*entry.previous), encode(SchedulerEvent{job, *entry.previous})});
  } catch (const redis::Error& error) {
    base::log::debug("what was due is missing in what is shown", {{"cause", error.what()}});
  }
}

void Scheduler::show() {
  std::vector<std::string> arguments{std::to_string(shown_for)};
  for (const Entry& entry : entries_)
    arguments.push_back(
        encode(SchedulerEntry{entry.id,
                              entry.schedule.spec,
                              entry.schedule.type,
                              entry.schedule.payload,
                              {base::format("Queue(\"{}\")", find_task_type(entry.schedule.type)->queue)},
                              entry.next,
                              entry.previous}));
  try {
    broker_.announce(keys::schedulers, key_, shown_for);
    broker_.connection().run(scripts::scheduler_state(), {key_}, arguments);
  } catch (const redis::Error& error) {
    base::log::debug("the schedules are not shown", {{"cause", error.what()}});
  }
}

void Scheduler::hide() {
  try {
    broker_.connection().command({"ZREM", keys::schedulers, key_});
    broker_.connection().command({"DEL", key_});
    for (const Entry& entry : entries_) broker_.connection().command({"DEL", history_key(entry.id)});
  } catch (const redis::Error& error) {
    base::log::debug("a stopped scheduler is shown a few seconds longer", {{"cause", error.what()}});
  }
}

}  // namespace jobs
