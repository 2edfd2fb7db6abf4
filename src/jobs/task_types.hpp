// The kinds of jobs there are, and what they are asked for: their payloads.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "jobs/message.hpp"
#include "jobs/queue.hpp"

namespace jobs {

inline constexpr std::string_view sync_type = "sync:vulnerabilities";
inline constexpr std::string_view export_type = "export:database";
inline constexpr std::string_view cleanup_type = "cleanup:old_data";

/// The queues and their weights: of ten tasks taken from full queues, six are critical.
inline const std::map<std::string, int> queue_weights{{"critical", 6}, {"default", 3}, {"low", 1}};

/// What Asynq has to know of a kind of job.
struct TaskType {
  std::string_view type;
  std::string_view queue;
  int max_retry;
  Seconds timeout;  // a sync of everything over a slow line takes its time
};

inline constexpr Seconds one_day = 86400;

inline constexpr std::array<TaskType, 3> task_types{{
    {sync_type, "critical", 3, 7 * one_day},
    {export_type, "default", 3, one_day},
    {cleanup_type, "low", 3, one_day},
}};

/// Nothing when there is no such kind.
const TaskType* find_task_type(std::string_view type);

/// The payload as JSON text: {"sources": [...], "full": false}.
std::string to_payload(const SyncRequest& request);
std::string to_payload(const ExportRequest& request);
std::string to_payload(const CleanupRequest& request);

/// Reads a payload; an empty one asks for the defaults. Throws RequestError that names what is wrong.
SyncRequest read_sync_request(std::string_view text);
ExportRequest read_export_request(std::string_view text);
CleanupRequest read_cleanup_request(std::string_view text);

/// Whether an open job of a type with the payload `open` does what `wanted` asks for.
bool covers(std::string_view type, std::string_view open, std::string_view wanted);

/// The message that is sent for a job.
TaskMessage message_for(std::string_view type, const std::string& queue, const std::string& id,
                        const std::string& payload);

}  // namespace jobs
