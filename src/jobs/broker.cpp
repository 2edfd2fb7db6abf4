#include "jobs/broker.hpp"

#include <random>

#include "base/hash.hpp"
#include "base/uuid.hpp"
#include "jobs/keys.hpp"
#include "jobs/scripts.hpp"

namespace jobs {

namespace {

constexpr Seconds day = 86400;
constexpr Seconds counter_life = 90 * day;
constexpr Seconds default_timeout = 1800;

using Texts = std::vector<std::string>;

}  // namespace

EnqueueResult Broker::enqueue(TaskMessage& message, const EnqueueOptions& options) {
  if (message.id.empty()) message.id = base::random_uuid();
  if (message.timeout == 0 && message.deadline == 0) message.timeout = default_timeout;
  const Seconds now = clock_.now();
  const bool later = options.process_at && *options.process_at > now;
  if (options.unique_for > 0) message.unique_key = unique_key(message.queue, message.type, message.payload);
  // Announced each time: another peer may have deleted the queue meanwhile.
  connection_.command({"SADD", keys::queues, message.queue});
  Texts names{keys::task(message.queue, message.id),
              keys::of_queue(message.queue, later ? "scheduled" : "pending")};
  if (!message.unique_key.empty()) names.push_back(message.unique_key);
  const Seconds lock = options.unique_for + (later ? *options.process_at - now : 0);
  const auto reply =
      connection_.run(scripts::enqueue(), names,
                      {message.id, encode(message), std::to_string(clock_.nanos()),
                       later ? std::to_string(*options.process_at) : std::string(), std::to_string(lock)});
  if (reply.integer < 0) return EnqueueResult::duplicate;
  return reply.integer == 0 ? EnqueueResult::id_conflict : EnqueueResult::enqueued;
}

std::optional<Dequeued> Broker::dequeue(const std::string& queue, Seconds lease) {
  const auto reply = connection_.run(scripts::dequeue(),
                                     {keys::of_queue(queue, "paused"), keys::of_queue(queue, "pending"),
                                      keys::of_queue(queue, "active"), keys::of_queue(queue, "lease")},
                                     {keys::task_prefix(queue), std::to_string(clock_.now() + lease)});
  if (reply.items.empty()) return std::nullopt;
  return Dequeued{reply.items[0].text, reply.items.size() > 1 ? reply.items[1].text : std::string()};
}

bool Broker::done(const TaskMessage& message) {
  Texts names = active_keys(message);
  add_counters(names, message.queue, false);
  if (!message.unique_key.empty()) names.push_back(message.unique_key);
  return ended(scripts::done(), names, {message.id, counter_expiry()});
}

bool Broker::complete(TaskMessage message, const std::string& result) {
  message.completed_at = clock_.now();
  Texts names = active_keys(message);
  names.push_back(keys::of_queue(message.queue, "completed"));
  add_counters(names, message.queue, false);
  if (!message.unique_key.empty()) names.push_back(message.unique_key);
  return ended(scripts::complete(), names,
               {message.id, counter_expiry(), encode(message),
                std::to_string(message.completed_at + message.retention), result});
}

bool Broker::requeue(const TaskMessage& message) {
  Texts names = active_keys(message);
  names.push_back(keys::of_queue(message.queue, "pending"));
  return ended(scripts::requeue(), names, {message.id});
}

bool Broker::retry(TaskMessage message, const std::string& error, Seconds retry_at, bool is_failure) {
  message.error_msg = error;
  message.last_failed_at = clock_.now();
  if (is_failure) ++message.retried;
  Texts names = active_keys(message);
  names.push_back(keys::of_queue(message.queue, "retry"));
  add_counters(names, message.queue, true);
  return ended(
      scripts::retry(), names,
      {message.id, counter_expiry(), encode(message), std::to_string(retry_at), is_failure ? "1" : "0"});
}

bool Broker::archive(TaskMessage message, const std::string& error) {
  const Seconds now = clock_.now();
  message.error_msg = error;
  message.last_failed_at = now;
  Texts names = active_keys(message);
  names.push_back(keys::of_queue(message.queue, "archived"));
  add_counters(names, message.queue, true);
  return ended(scripts::archive(), names,
               {message.id, counter_expiry(), encode(message), std::to_string(now),
                std::to_string(now - archive_life), keys::task_prefix(message.queue)});
}

std::int64_t Broker::forward(const std::string& queue) {
  std::int64_t total = 0;
  for (const char* const source : {"scheduled", "retry"}) {
    for (std::int64_t moved = 1; moved > 0; total += moved)
      moved = connection_
                  .run(scripts::forward(), {keys::of_queue(queue, source), keys::of_queue(queue, "pending")},
                       {std::to_string(clock_.now()), std::to_string(clock_.nanos()),
                        keys::task_prefix(queue), keys::of_queue(queue, "g:")})
                  .integer;
  }
  return total;
}

std::vector<Dequeued> Broker::expired_leases(const std::string& queue, Seconds cutoff) {
  const auto reply = connection_.run(scripts::expired_leases(), {keys::of_queue(queue, "lease")},
                                     {std::to_string(cutoff), keys::task_prefix(queue)});
  std::vector<Dequeued> found;
  for (std::size_t i = 0; i + 1 < reply.items.size(); i += 2)
    found.push_back({reply.items[i].text, reply.items[i + 1].text});
  return found;
}

void Broker::drop_vanished(const std::string& queue, const std::string& id) {
  connection_.run(scripts::drop_vanished(),
                  {keys::of_queue(queue, "active"), keys::of_queue(queue, "lease"), keys::task(queue, id)},
                  {id});
}

void Broker::adopt_active(const std::string& queue, Seconds lease) {
  connection_.run(scripts::adopt_active(), {keys::of_queue(queue, "active"), keys::of_queue(queue, "lease")},
                  {std::to_string(clock_.now() + lease)});
}

std::vector<std::string> Broker::extend_leases(const std::string& queue, std::span<const std::string> ids,
                                               Seconds lease) {
  Texts arguments{std::to_string(clock_.now() + lease)};
  arguments.insert(arguments.end(), ids.begin(), ids.end());
  const auto reply = connection_.run(scripts::extend_leases(), {keys::of_queue(queue, "lease")}, arguments);
  std::vector<std::string> lost;
  for (const redis::Reply& item : reply.items) lost.push_back(item.text);
  return lost;
}

std::int64_t Broker::delete_expired(const std::string& queue) {
  std::int64_t total = 0;
  for (std::int64_t deleted = 1; deleted > 0; total += deleted)
    deleted = connection_
                  .run(scripts::delete_expired(), {keys::of_queue(queue, "completed")},
                       {std::to_string(clock_.now()), keys::task_prefix(queue)})
                  .integer;
  return total;
}

void Broker::announce(const char* index, const std::string& key, Seconds seconds) {
  constexpr Seconds silent_for = 3600;
  const Seconds now = clock_.now();
  connection_.command({"ZADD", index, std::to_string(now + seconds), key});
  connection_.command({"ZREMRANGEBYSCORE", index, "-inf", std::to_string(now - silent_for)});
}

bool Broker::ended(const redis::Script& script, const std::vector<std::string>& keys,
                   const std::vector<std::string>& arguments) {
  return connection_.run(script, keys, arguments).integer == 1;
}

std::vector<std::string> Broker::active_keys(const TaskMessage& message) {
  return {keys::of_queue(message.queue, "active"), keys::of_queue(message.queue, "lease"),
          keys::task(message.queue, message.id)};
}

void Broker::add_counters(std::vector<std::string>& names, const std::string& queue, bool failed) const {
  const Seconds now = clock_.now();
  names.push_back(keys::of_day(queue, "processed", now));
  if (failed) names.push_back(keys::of_day(queue, "failed", now));
  names.push_back(keys::of_queue(queue, "processed"));
  if (failed) names.push_back(keys::of_queue(queue, "failed"));
}

std::string Broker::counter_expiry() const {
  return std::to_string(clock_.now() + counter_life);
}

std::string unique_key(std::string_view queue, std::string_view type, std::string_view payload) {
  std::string key = keys::of_queue(queue, "unique:").append(type).append(":");
  // Without a payload nothing follows: what Asynq makes of a nil payload.
  if (!payload.empty()) key += base::to_hex(base::md5(payload));
  return key;
}

Seconds retry_delay(int retried) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const Seconds n = retried;
  return n * n * n * n + 15 + std::uniform_int_distribution<Seconds>(0, 29)(random) * (n + 1);
}

}  // namespace jobs
