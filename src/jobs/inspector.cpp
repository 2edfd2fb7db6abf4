#include "jobs/inspector.hpp"

#include <algorithm>
#include <charconv>

#include "jobs/keys.hpp"
#include "jobs/scripts.hpp"

namespace jobs {

namespace {

std::int64_t number(const redis::Reply& reply) {
  if (reply.kind == redis::Reply::Kind::integer) return reply.integer;
  std::int64_t value = 0;
  std::from_chars(reply.text.data(), reply.text.data() + reply.text.size(), value);
  return value;
}

}  // namespace

std::vector<std::string> Inspector::queues() {
  std::vector<std::string> names;
  for (const redis::Reply& item : broker_.connection().command({"SMEMBERS", keys::queues}).items)
    names.push_back(item.text);
  std::sort(names.begin(), names.end());
  return names;
}

QueueCounts Inspector::info(const std::string& queue) {
  const auto key = [&](std::string_view what) { return keys::of_queue(queue, what); };
  const Seconds now = broker_.clock().now();
  const std::vector<redis::Command> commands{{"EXISTS", key("paused")},
                                             {"LLEN", key("pending")},
                                             {"LLEN", key("active")},
                                             {"ZCARD", key("scheduled")},
                                             {"ZCARD", key("retry")},
                                             {"ZCARD", key("archived")},
                                             {"ZCARD", key("completed")},
                                             {"GET", keys::of_day(queue, "processed", now)},
                                             {"GET", keys::of_day(queue, "failed", now)},
                                             {"LINDEX", key("pending"), "-1"}};
  const auto replies = broker_.connection().pipeline(commands);
  QueueCounts info;
  info.queue = queue;
  info.paused = number(replies[0]) == 1;
  std::int64_t* const counts[] = {&info.pending,  &info.active,    &info.scheduled,       &info.retry,
                                  &info.archived, &info.completed, &info.processed_today, &info.failed_today};
  for (std::size_t i = 0; i < std::size(counts); ++i) *counts[i] = number(replies[i + 1]);
  if (!replies[9].is_text()) return info;
  const std::int64_t since =
      number(broker_.connection().command({"HGET", keys::task(queue, replies[9].text), "pending_since"}));
  if (since > 0)
    info.latency_seconds = std::max(0.0, static_cast<double>(broker_.clock().nanos() - since) / 1e9);
  return info;
}

std::optional<TaskState> Inspector::find(const std::string& queue, const std::string& id) {
  const auto reply = broker_.connection().command({"HMGET", keys::task(queue, id), "state", "msg"});
  if (reply.items.size() != 2 || !reply.items[1].is_text()) return std::nullopt;
  auto message = decode_task(reply.items[1].text);
  if (!message) return std::nullopt;
  return TaskState{reply.items[0].text, std::move(*message)};
}

bool Inspector::run_now(const std::string& queue, const std::string& id) {
  const auto reply =
      broker_.connection().run(scripts::run_now(), {keys::task(queue, id), keys::of_queue(queue, "pending")},
                               {id, keys::of_queue(queue, "")});
  return reply.integer == 1;
}

bool Inspector::archive(const std::string& queue, const std::string& id, const std::string& reason) {
  const Seconds now = broker_.clock().now();
  std::string message;
  if (auto task = find(queue, id)) {
    task->message.error_msg = reason;
    task->message.last_failed_at = now;
    message = encode(task->message);
  }
  const auto reply = broker_.connection().run(scripts::archive_waiting(),
                                              {keys::task(queue, id), keys::of_queue(queue, "archived")},
                                              {id, keys::of_queue(queue, ""), std::to_string(now),
                                               std::to_string(now - Broker::archive_life), message});
  return reply.integer == 1;
}

void Inspector::cancel_active(const std::string& queue, const std::string& id) {
  // Asynq's own cancellation lets the task be retried; ours is meant to end it.
  if (find(queue, id)) broker_.connection().command({"HSET", keys::task(queue, id), "cancelled", "1"});
  broker_.connection().command({"PUBLISH", keys::cancel_channel, id});
}

bool Inspector::pause(const std::string& queue) {
  const auto reply = broker_.connection().command(
      {"SET", keys::of_queue(queue, "paused"), std::to_string(broker_.clock().now()), "NX"});
  return reply.is_text();
}

bool Inspector::resume(const std::string& queue) {
  return broker_.connection().command({"DEL", keys::of_queue(queue, "paused")}).integer == 1;
}

std::vector<ServerInfo> Inspector::servers() {
  std::vector<ServerInfo> found;
  for (const std::string& key : living(keys::servers))
    if (const auto bytes = broker_.connection().command({"GET", key}); bytes.is_text())
      if (auto info = decode_server(bytes.text)) found.push_back(std::move(*info));
  return found;
}

std::vector<SchedulerEntry> Inspector::schedule() {
  std::vector<SchedulerEntry> found;
  for (const std::string& key : living(keys::schedulers))
    for (const redis::Reply& item : broker_.connection().command({"LRANGE", key, "0", "-1"}).items)
      if (auto entry = decode_entry(item.text)) found.push_back(std::move(*entry));
  return found;
}

// Who died without taking itself out of the index is taken out of it here, as Asynq's inspector does.
std::vector<std::string> Inspector::living(const char* index) {
  const std::string now = std::to_string(broker_.clock().now());
  broker_.connection().command({"ZREMRANGEBYSCORE", index, "-inf", "(" + now});
  std::vector<std::string> names;
  for (const redis::Reply& item : broker_.connection().command({"ZRANGEBYSCORE", index, now, "+inf"}).items)
    names.push_back(item.text);
  return names;
}

}  // namespace jobs
