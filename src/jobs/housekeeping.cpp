#include "jobs/housekeeping.hpp"

#include "base/format.hpp"
#include "base/log.hpp"

namespace jobs {

namespace {

constexpr Seconds clock_slack = 30;
constexpr const char* lease_expired = "asynq: task lease expired";

}  // namespace

TaskMessage read_message(const std::string& queue, const Dequeued& task, std::string& trouble) {
  auto message = decode_task(task.message);
  if (message && message->id == task.id && message->queue == queue && !message->type.empty())
    return std::move(*message);
  if (!message)
    trouble = "the message of the task cannot be read: it is no Asynq task, or has text that is not UTF-8";
  else if (message->type.empty())
    trouble = "the task has no type";
  else
    trouble = base::format("the message is of the task '{}' of the queue '{}'", message->id, message->queue);
  TaskMessage unreadable;
  unreadable.type = "malformed";
  unreadable.payload = task.message;
  unreadable.id = task.id;
  unreadable.queue = queue;
  unreadable.retry = 0;
  return unreadable;
}

void Housekeeping::recover(const std::string& queue) {
  for (const Dequeued& task : broker_.expired_leases(queue, broker_.clock().now() - clock_slack))
    recover(queue, task);
  // Active without a lease: the work of a server that died between two commands.
  broker_.adopt_active(queue);
}

void Housekeeping::recover(const std::string& queue, const Dequeued& task) {
  if (task.message.empty()) return broker_.drop_vanished(queue, task.id);
  std::string trouble;
  const TaskMessage message = read_message(queue, task, trouble);
  if (!trouble.empty() || message.retried >= message.retry) {
    if (broker_.archive(message, trouble.empty() ? lease_expired : trouble))
      base::log::warn("a task that its worker left is archived", {{"task", task.id}, {"queue", queue}});
    return;
  }
  const Seconds retry_at = broker_.clock().now() + retry_delay_(message.retried);
  if (broker_.retry(message, lease_expired, retry_at))
    base::log::warn("a task that its worker left will be tried again",
                    {{"task", task.id}, {"type", message.type}, {"queue", queue}});
}

}  // namespace jobs
