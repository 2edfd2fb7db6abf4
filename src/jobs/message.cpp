#include "jobs/message.hpp"

#include <asynq.pb.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>

#include <algorithm>

#include "base/utf8.hpp"

namespace jobs {

namespace {

// Go's time.Time{}: year 1.
constexpr std::int64_t go_zero_time = -62135596800;
constexpr std::int64_t nanos_per_second = 1'000'000'000;

void set_time(proto::Timestamp& to, Seconds seconds) {
  to.set_seconds(seconds);
}

// It would write lines of its own between those of our log; whoever reads a message says what is wrong with
// it.
[[maybe_unused]] const auto unused_log = google::protobuf::SetLogHandler(nullptr);

template <typename Message>
std::optional<Message> parsed(std::string_view bytes) {
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  return message;
}

// The same bytes for the same message: the entries of a map would otherwise come in any order.
template <typename Message>
std::string serialized(const Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream to(&stream);
    to.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&to);
  }
  return bytes;
}

// Whatever a foreign server says, within what nanoseconds can hold (the years 1677 to 2262).
std::int64_t nanos_of(const proto::Timestamp& time) {
  constexpr std::int64_t furthest = 9'223'372'035;
  return std::clamp(time.seconds(), -furthest, furthest) * nanos_per_second + time.nanos() % nanos_per_second;
}

void set_texts(const TaskMessage& message, proto::TaskMessage& to) {
  to.set_type(base::to_valid_utf8(message.type));
  to.set_id(base::to_valid_utf8(message.id));
  to.set_queue(base::to_valid_utf8(message.queue));
  to.set_error_msg(base::to_valid_utf8(message.error_msg));
  to.set_unique_key(base::to_valid_utf8(message.unique_key));
  to.set_group_key(base::to_valid_utf8(message.group_key));
  to.clear_headers();
  for (const auto& [name, value] : message.headers)
    (*to.mutable_headers())[base::to_valid_utf8(name)] = base::to_valid_utf8(value);
}

}  // namespace

std::string encode(const TaskMessage& message) {
  proto::TaskMessage to;
  // Fields that we do not know stay in what is written over. Bytes that are no message leave `to` empty.
  if (!message.received.empty() && !to.ParseFromString(message.received)) to.Clear();
  set_texts(message, to);
  to.set_payload(message.payload);
  to.set_retry(message.retry);
  to.set_retried(message.retried);
  to.set_timeout(message.timeout);
  to.set_deadline(message.deadline);
  to.set_last_failed_at(message.last_failed_at);
  to.set_retention(message.retention);
  to.set_completed_at(message.completed_at);
  return serialized(to);
}

std::optional<TaskMessage> decode_task(std::string_view bytes) {
  const auto from = parsed<proto::TaskMessage>(bytes);
  if (!from) return std::nullopt;
  TaskMessage message;
  message.type = from->type();
  message.payload = from->payload();
  message.id = from->id();
  message.queue = from->queue();
  message.retry = from->retry();
  message.retried = from->retried();
  message.error_msg = from->error_msg();
  message.timeout = from->timeout();
  message.deadline = from->deadline();
  message.unique_key = from->unique_key();
  message.last_failed_at = from->last_failed_at();
  message.retention = from->retention();
  message.completed_at = from->completed_at();
  message.group_key = from->group_key();
  message.headers.insert(from->headers().begin(), from->headers().end());
  message.received = bytes;
  return message;
}

std::string encode(const ServerInfo& info) {
  proto::ServerInfo to;
  to.set_host(base::to_valid_utf8(info.host));
  to.set_pid(info.pid);
  to.set_server_id(info.server_id);
  to.set_concurrency(info.concurrency);
  for (const auto& [queue, priority] : info.queues) (*to.mutable_queues())[queue] = priority;
  to.set_strict_priority(info.strict_priority);
  to.set_status(info.status);
  to.mutable_start_time()->set_seconds(info.start_nanos / nanos_per_second);
  to.mutable_start_time()->set_nanos(static_cast<std::int32_t>(info.start_nanos % nanos_per_second));
  to.set_active_worker_count(info.active_worker_count);
  return serialized(to);
}

std::optional<ServerInfo> decode_server(std::string_view bytes) {
  const auto from = parsed<proto::ServerInfo>(bytes);
  if (!from) return std::nullopt;
  ServerInfo info;
  info.host = from->host();
  info.pid = from->pid();
  info.server_id = from->server_id();
  info.concurrency = from->concurrency();
  info.queues.insert(from->queues().begin(), from->queues().end());
  info.strict_priority = from->strict_priority();
  info.status = from->status();
  info.start_nanos = nanos_of(from->start_time());
  info.active_worker_count = from->active_worker_count();
  return info;
}

std::string encode(const WorkerInfo& info) {
  proto::WorkerInfo to;
  to.set_host(base::to_valid_utf8(info.host));
  to.set_pid(info.pid);
  to.set_server_id(info.server_id);
  to.set_task_id(info.task_id);
  to.set_task_type(info.task_type);
  to.set_task_payload(info.task_payload);
  to.set_queue(info.queue);
  set_time(*to.mutable_start_time(), info.start_time);
  set_time(*to.mutable_deadline(), info.deadline);
  return serialized(to);
}

std::string encode(const SchedulerEntry& entry) {
  proto::SchedulerEntry to;
  to.set_id(entry.id);
  to.set_spec(entry.spec);
  to.set_task_type(entry.task_type);
  to.set_task_payload(entry.task_payload);
  for (const std::string& option : entry.enqueue_options) to.add_enqueue_options(option);
  set_time(*to.mutable_next_enqueue_time(), entry.next);
  set_time(*to.mutable_prev_enqueue_time(), entry.previous.value_or(go_zero_time));
  return serialized(to);
}

std::optional<SchedulerEntry> decode_entry(std::string_view bytes) {
  const auto from = parsed<proto::SchedulerEntry>(bytes);
  if (!from) return std::nullopt;
  SchedulerEntry entry;
  entry.id = from->id();
  entry.spec = from->spec();
  entry.task_type = from->task_type();
  entry.task_payload = from->task_payload();
  entry.enqueue_options.assign(from->enqueue_options().begin(), from->enqueue_options().end());
  entry.next = from->next_enqueue_time().seconds();
  if (from->prev_enqueue_time().seconds() != go_zero_time)
    entry.previous = from->prev_enqueue_time().seconds();
  return entry;
}

std::string encode(const SchedulerEvent& event) {
  proto::SchedulerEnqueueEvent to;
  to.set_task_id(event.task_id);
  set_time(*to.mutable_enqueue_time(), event.enqueued_at);
  return serialized(to);
}

}  // namespace jobs
