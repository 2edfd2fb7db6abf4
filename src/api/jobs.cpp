#include "api/jobs.hpp"

#include <charconv>
#include <map>

#include "api/backend.hpp"
#include "api/parameters.hpp"
#include "base/format.hpp"
#include "jobs/job_state.hpp"
#include "jobs/queue.hpp"
#include "jobs/task_types.hpp"
#include "redis/error.hpp"
#include "store/json.hpp"

namespace api {

namespace {

using base::json::Value;

constexpr std::int64_t most_jobs = 1000;

std::string text_of(const jobs::Job& job) {
  base::Arena arena;
  return base::json::write(jobs::to_json(job, arena));
}

[[noreturn]] void refuse_missing(const std::string& id) {
  throw Refusal(404, "not_found", "there is no job '" + id + "'");
}

jobs::Job find_job(Backend& backend, const std::string& id) {
  auto job =
      backend.pool().read([&](pg::Connection& connection) { return jobs::Queue::find(connection, id); });
  if (!job) refuse_missing(id);
  return std::move(*job);
}

template <typename Read>
Response enqueue(Backend& backend, const Request& request, std::initializer_list<std::string_view> members,
                 Read read) {
  base::Arena arena;
  object_body(request, arena, members);
  try {
    auto connection = backend.pool().acquire();
    const jobs::Enqueued added = backend.queue().enqueue(*connection, read(request.body));
    if (!added.created) return json_response(text_of(added.job));
    Response response = json_response(base::json::ObjectBuilder(arena)
                                          .add("id", store::json_text(added.job.id, arena))
                                          .add("state", store::json_text(added.job.state, arena))
                                          .finish(),
                                      202);
    response.set("Location", "/api/v1/jobs/" + added.job.id);
    return response;
  } catch (const jobs::RequestError& error) {
    throw Refusal(400, "bad_body", error.what());
  }
}

Value queue_json(const jobs::QueueCounts& queue, base::Arena& arena) {
  const auto number = [&](std::int64_t value) { return store::json_number(value, arena); };
  return base::json::ObjectBuilder(arena)
      .add("queue", store::json_text(queue.queue, arena))
      .add("paused", Value::boolean(queue.paused))
      .add("pending", number(queue.pending))
      .add("active", number(queue.active))
      .add("scheduled", number(queue.scheduled))
      .add("retry", number(queue.retry))
      .add("archived", number(queue.archived))
      .add("completed", number(queue.completed))
      .add("processed_today", number(queue.processed_today))
      .add("failed_today", number(queue.failed_today))
      .add("latency_seconds", Value::number(arena.copy(base::format("{:.3f}", queue.latency_seconds))))
      .finish();
}

Value states_json(const std::vector<jobs::StateCount>& counts, base::Arena& arena) {
  std::map<std::string, std::int64_t> states{
      {"pending", 0}, {"running", 0}, {"succeeded", 0}, {"failed", 0}, {"cancelled", 0}};
  for (const jobs::StateCount& count : counts) states[count.state] += count.jobs;
  base::json::ObjectBuilder object(arena);
  for (const auto& [state, number] : states) object.add(arena.copy(state), store::json_number(number, arena));
  return object.finish();
}

Value jobs_json(const std::vector<jobs::Job>& found, base::Arena& arena) {
  std::vector<Value> items;
  for (const jobs::Job& job : found) items.push_back(jobs::to_json(job, arena));
  return base::json::make_array(arena, std::span<const Value>(items));
}

// A place in the list: creation in microseconds, and the id, which may hold anything but is no part of a
// number.
std::string cursor_text(const jobs::Job& job) {
  return base::format("{}.{}", job.created_at.time_since_epoch().count(), job.id);
}

void read_cursor(const std::string& cursor, jobs::JobFilter& filter) {
  if (cursor.empty()) return;
  std::int64_t micros = 0;
  const char* const end = cursor.data() + cursor.size();
  const auto [after, error] = std::from_chars(cursor.data(), end, micros);
  if (error != std::errc() || after == end || *after != '.' || micros < 0)
    throw Refusal(400, "bad_parameter", "'cursor' must be the next_cursor of an answer");
  filter.before_at = pg::Timestamp(std::chrono::microseconds(micros));
  filter.before_id.assign(after + 1, end);
}

bool has_ended(const jobs::Job& job) {
  return job.state == "succeeded" || job.state == "failed" || job.state == "cancelled";
}

}  // namespace

Response request_sync(Backend& backend, const Request& request) {
  return enqueue(backend, request, {"sources", "full"}, jobs::read_sync_request);
}

Response request_export(Backend& backend, const Request& request) {
  return enqueue(backend, request, {"formats"}, jobs::read_export_request);
}

Response show_jobs_status(Backend& backend, const Request&) {
  base::Arena arena;
  base::json::ObjectBuilder object(arena);
  backend.pool().read([&](pg::Connection& connection) {
    const auto counts = jobs::Queue::counts(connection);
    const auto running = jobs::Queue::running(connection);
    object.add("states", states_json(counts, arena));
    object.add("running", jobs_json(running, arena));
    return true;
  });
  try {
    std::vector<Value> queues;
    for (const jobs::QueueCounts& queue : backend.queue().queues())
      queues.push_back(queue_json(queue, arena));
    object.add("queues", base::json::make_array(arena, std::span<const Value>(queues)));
  } catch (const redis::Error& error) {
    // PostgreSQL is the history, and it answers.
    object.add("queues", Value());
    object.add("redis_error", arena.copy(error.what()));
  }
  return json_response(object.finish());
}

Response list_jobs(Backend& backend, const Request& request) {
  jobs::JobFilter filter;
  filter.state = text_parameter(request, "state", 16);
  if (!filter.state.empty() && !jobs::is_state(filter.state))
    throw Refusal(400, "bad_parameter", "'state' must be pending, running, succeeded, failed or cancelled");
  filter.type = text_parameter(request, "type", 128);
  const std::int64_t limit = number_parameter(request, "limit", 1, most_jobs, 100);
  filter.limit = static_cast<int>(limit) + 1;
  read_cursor(text_parameter(request, "cursor"), filter);
  auto found =
      backend.pool().read([&](pg::Connection& connection) { return jobs::Queue::list(connection, filter); });
  const bool has_more = found.size() > static_cast<std::size_t>(limit);
  if (has_more) found.resize(static_cast<std::size_t>(limit));
  base::Arena arena;
  return json_response(
      base::json::ObjectBuilder(arena)
          .add("items", jobs_json(found, arena))
          .add("next_cursor", has_more ? store::json_text(cursor_text(found.back()), arena) : Value())
          .finish());
}

Response show_job(Backend& backend, const Request& request) {
  return json_response(text_of(find_job(backend, request.variable("id"))));
}

Response cancel_job(Backend& backend, const Request& request) {
  const std::string& id = request.variable("id");
  auto connection = backend.pool().acquire();
  switch (backend.queue().cancel(*connection, id)) {
    case jobs::Cancelled::no_such_job:
      refuse_missing(id);
    case jobs::Cancelled::ended_before:
      throw Refusal(409, "ended", "job '" + id + "' has ended already");
    case jobs::Cancelled::cancelled:
      break;
  }
  return json_response(text_of(find_job(backend, id)));
}

Response retry_job(Backend& backend, const Request& request) {
  const std::string& id = request.variable("id");
  try {
    auto connection = backend.pool().acquire();
    switch (backend.queue().retry(*connection, id)) {
      case jobs::Retried::no_such_job:
        refuse_missing(id);
      case jobs::Retried::still_open:
        throw Refusal(409, "still_open", "job '" + id + "' has not ended yet");
      case jobs::Retried::waiting:
        break;
    }
  } catch (const redis::Error& error) {
    throw Refusal(503, "no_queue", error.what());
  }
  return json_response(text_of(find_job(backend, id)), 202);
}

Response follow_job(Backend& backend, const Request& request) {
  const std::string& id = request.variable("id");
  find_job(backend, id);
  Response response;
  response.set("Content-Type", "text/event-stream; charset=utf-8");
  response.events = [&backend, id, told = std::string()]() mutable {
    const jobs::Job job = find_job(backend, id);
    std::string text = text_of(job);
    Event event;
    if (text != told) event.text = "event: " + job.state + "\ndata: " + text + "\n\n";
    event.last = has_ended(job);
    told = std::move(text);
    return event;
  };
  return response;
}

void write_queue_metrics(Backend& backend, MetricsText& text) {
  std::vector<jobs::QueueCounts> queues;
  std::uint64_t is_up = 1;
  try {
    queues = backend.queue().queues();
  } catch (const redis::Error&) {
    is_up = 0;
  }
  text.describe("vulndatasync_queue_up", "gauge", "1 when Redis answered.");
  text.sample("vulndatasync_queue_up", {}, is_up);
  text.describe("vulndatasync_queue_tasks", "gauge", "Tasks of the queue in Redis, by state.");
  for (const jobs::QueueCounts& queue : queues)
    for (const auto& [state, count] :
         {std::pair("pending", queue.pending), std::pair("active", queue.active),
          std::pair("scheduled", queue.scheduled), std::pair("retry", queue.retry),
          std::pair("archived", queue.archived)})
      text.sample("vulndatasync_queue_tasks", {{"queue", queue.queue}, {"state", state}},
                  static_cast<double>(count));
  text.describe("vulndatasync_queue_latency_seconds", "gauge",
                "How long the oldest waiting task has waited.");
  for (const jobs::QueueCounts& queue : queues)
    text.sample("vulndatasync_queue_latency_seconds", {{"queue", queue.queue}}, queue.latency_seconds);
  text.describe("vulndatasync_queue_paused", "gauge", "1 when the queue hands out nothing.");
  for (const jobs::QueueCounts& queue : queues)
    text.sample("vulndatasync_queue_paused", {{"queue", queue.queue}}, queue.paused ? 1.0 : 0.0);
}

}  // namespace api
