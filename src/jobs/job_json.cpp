#include "advisory/timestamp.hpp"
#include "jobs/queue.hpp"

namespace jobs {

namespace {

using base::json::Value;

Value time_value(const std::optional<pg::Timestamp>& time, base::Arena& arena) {
  if (!time) return {};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(*time);
  const auto nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(*time - seconds).count();
  return Value::string(arena.copy(
      advisory::format_instant({seconds.time_since_epoch().count(), static_cast<std::uint32_t>(nanos)})));
}

Value text_value(const std::optional<std::string>& text, base::Arena& arena) {
  return text ? Value::string(arena.copy(*text)) : Value();
}

Value json_value(const std::optional<std::string>& text, base::Arena& arena) {
  return text ? base::json::parse(arena.copy(*text), arena).value : Value();
}

}  // namespace

Value to_json(const Job& job, base::Arena& arena) {
  base::json::ObjectBuilder object(arena);
  object.add("id", arena.copy(job.id));
  object.add("type", arena.copy(job.type));
  object.add("queue", arena.copy(job.queue));
  object.add("state", arena.copy(job.state));
  object.add("payload", json_value(job.payload, arena));
  object.add("attempt", Value::number(arena.copy(std::to_string(job.attempt))));
  object.add("worker", text_value(job.worker, arena));
  object.add("created_at", time_value(job.created_at, arena));
  object.add("started_at", time_value(job.started_at, arena));
  object.add("finished_at", time_value(job.finished_at, arena));
  object.add("progress", json_value(job.progress, arena));
  object.add("error", text_value(job.error, arena));
  object.add("result", json_value(job.result, arena));
  return object.finish();
}

}  // namespace jobs
