// The messages of the Asynq protocol as plain structs, and their bytes (protobuf, see proto/asynq.proto).
// Every text has to be valid UTF-8, or Go peers can neither read nor write the message: encode replaces what
// is not by U+FFFD. Times are Unix seconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jobs {

using Seconds = std::int64_t;  // of Unix time, or a number of them

struct TaskMessage {
  std::string type;
  std::string payload;
  std::string id;
  std::string queue;
  std::int32_t retry = 25;  // the most retries
  std::int32_t retried = 0;
  std::string error_msg;
  Seconds timeout = 0;   // 0: none
  Seconds deadline = 0;  // 0: none
  std::string unique_key;
  Seconds last_failed_at = 0;
  Seconds retention = 0;
  Seconds completed_at = 0;
  std::string group_key;
  std::map<std::string, std::string> headers;
  std::string received;  // the bytes it was read from: fields of newer peers stay in what is written again
};

struct ServerInfo {
  std::string host;
  std::int32_t pid = 0;
  std::string server_id;
  std::int32_t concurrency = 0;
  std::map<std::string, std::int32_t> queues;
  bool strict_priority = false;
  std::string status;
  std::int64_t start_nanos = 0;  // since 1970
  std::int32_t active_worker_count = 0;
};

struct WorkerInfo {
  std::string host;
  std::int32_t pid = 0;
  std::string server_id;
  std::string task_id;
  std::string task_type;
  std::string task_payload;
  std::string queue;
  Seconds start_time = 0;
  Seconds deadline = 0;
};

struct SchedulerEntry {
  std::string id;
  std::string spec;
  std::string task_type;
  std::string task_payload;
  std::vector<std::string> enqueue_options;
  Seconds next = 0;
  std::optional<Seconds> previous;  // Go's zero time on the wire when there was none
};

struct SchedulerEvent {
  std::string task_id;
  Seconds enqueued_at = 0;
};

std::string encode(const TaskMessage& message);
std::string encode(const ServerInfo& info);
std::string encode(const WorkerInfo& info);
std::string encode(const SchedulerEntry& entry);
std::string encode(const SchedulerEvent& event);

/// Nothing when the bytes are no such message, or hold text that is not UTF-8.
std::optional<TaskMessage> decode_task(std::string_view bytes);
std::optional<ServerInfo> decode_server(std::string_view bytes);
std::optional<SchedulerEntry> decode_entry(std::string_view bytes);

}  // namespace jobs
