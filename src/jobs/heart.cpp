#include "jobs/heart.hpp"

#include <algorithm>
#include <map>

#include "base/format.hpp"
#include "base/log.hpp"
#include "jobs/keys.hpp"
#include "jobs/scripts.hpp"

namespace jobs {

namespace {

constexpr Seconds shown_for = 10;

// A Redis that answers slowly must not keep deadlines from being noticed.
redis::Settings impatient(redis::Settings settings) {
  settings.connect_timeout = std::min(settings.connect_timeout, std::chrono::milliseconds(2000));
  settings.reply_timeout = std::min(settings.reply_timeout, std::chrono::milliseconds(3000));
  return settings;
}

}  // namespace

Heart::Heart(redis::Settings redis, Clock clock, ServerInfo server, const Attempts& attempts)
    : broker_(impatient(std::move(redis)), clock), server_(std::move(server)), attempts_(attempts) {
  const std::string tag = base::format("{{{}:{}:{}}}", server_.host, server_.pid, server_.server_id);
  server_key_ = std::string(keys::servers) + ":" + tag;
  workers_key_ = std::string(keys::workers) + ":" + tag;
}

void Heart::beat(const std::string& status) {
  std::vector<AttemptPtr> running = attempts_.all();
  std::erase_if(running, [](const AttemptPtr& attempt) { return attempt->is_settled(); });
  extend_leases(running);
  show(status, running);
}

void Heart::show(const std::string& status, const std::vector<AttemptPtr>& running) {
  broker_.announce(keys::servers, server_key_, shown_for);
  broker_.announce(keys::workers, workers_key_, shown_for);
  server_.status = status;
  server_.active_worker_count = static_cast<std::int32_t>(running.size());
  std::vector<std::string> arguments{std::to_string(shown_for), encode(server_)};
  for (const AttemptPtr& attempt : running) {
    const TaskMessage& message = attempt->message();
    arguments.push_back(message.id);
    arguments.push_back(
        encode(WorkerInfo{server_.host, server_.pid, server_.server_id, message.id, message.type,
                          message.payload, message.queue, attempt->started(), attempt->deadline()}));
  }
  broker_.connection().run(scripts::server_state(), {server_key_, workers_key_}, arguments);
}

void Heart::extend_leases(const std::vector<AttemptPtr>& running) {
  std::map<std::string, std::vector<AttemptPtr>> by_queue;
  for (const AttemptPtr& attempt : running)
    if (attempt->has_lease()) by_queue[attempt->message().queue].push_back(attempt);
  for (const auto& [queue, of_queue] : by_queue) {
    std::vector<std::string> ids;
    for (const AttemptPtr& attempt : of_queue) ids.push_back(attempt->message().id);
    const auto end = Attempt::Clock::now() + std::chrono::seconds(Broker::lease_seconds);
    const std::vector<std::string> lost = broker_.extend_leases(queue, ids);
    for (const AttemptPtr& attempt : of_queue) {
      if (std::find(lost.begin(), lost.end(), attempt->message().id) == lost.end()) {
        attempt->extend_lease(end);
      } else if (!attempt->is_claimed()) {
        base::log::warn("the queue has given a running task away or lost it",
                        {{"task", attempt->message().id}, {"type", attempt->message().type}});
        attempt->lose_lease();
      }
    }
  }
}

void Heart::stop() {
  try {
    broker_.connection().command({"ZREM", keys::servers, server_key_});
    broker_.connection().command({"ZREM", keys::workers, workers_key_});
    broker_.connection().command({"DEL", server_key_, workers_key_});
  } catch (const redis::Error& error) {
    base::log::warn("a stopped worker is shown a few seconds longer", {{"cause", error.what()}});
  }
}

}  // namespace jobs
