// Any bytes as messages and payloads of the queue: none, or what survives being written and read again.
#include "base/error.hpp"
#include "fuzz/fuzz_target.hpp"
#include "jobs/message.hpp"
#include "jobs/task_types.hpp"

namespace {

template <typename Message, typename Decode>
void check(std::string_view bytes, Decode decode) {
  const std::optional<Message> message = decode(bytes);
  if (!message) return;
  const std::string written = jobs::encode(*message);
  const auto again = decode(written);
  fuzz::require(again.has_value(), "what is written is read");
  fuzz::require(jobs::encode(*again) == written, "what is written again is the same");
}

template <typename Read>
void check_payload(std::string_view bytes, Read read) {
  try {
    const auto request = read(bytes);
    fuzz::require(jobs::to_payload(read(jobs::to_payload(request))) == jobs::to_payload(request),
                  "a payload survives");
  } catch (const base::Error&) {
  }
}

}  // namespace

FUZZ_TARGET(asynq) {
  check<jobs::TaskMessage>(bytes, jobs::decode_task);
  check<jobs::ServerInfo>(bytes, jobs::decode_server);
  check<jobs::SchedulerEntry>(bytes, jobs::decode_entry);
  check_payload(bytes, jobs::read_sync_request);
  check_payload(bytes, jobs::read_export_request);
  check_payload(bytes, jobs::read_cleanup_request);
}
