// The transitions of a task, against a real Redis.
#include "jobs/broker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/inspector.hpp"
#include "jobs/keys.hpp"
#include "support/redis.hpp"

namespace jobs {
namespace {

using testing::AllOf;
using testing::Gt;
using testing::Le;

TaskMessage task(std::string id = "id1", std::string payload = "abc") {
  TaskMessage message;
  message.type = "t";
  message.payload = std::move(payload);
  message.id = std::move(id);
  message.queue = "q";
  return message;
}

class BrokerTest : public testing::Test {
 protected:
  redis::Reply ask(const redis::Command& command) { return broker_.connection().command(command); }
  std::string text(const redis::Command& command) { return ask(command).text; }
  std::int64_t number(const redis::Command& command) { return ask(command).integer; }
  static std::string key(std::string_view what) { return keys::of_queue("q", what); }
  std::string state(const std::string& id) { return text({"HGET", keys::task("q", id), "state"}); }

  TaskMessage taken() {
    const auto found = broker_.dequeue("q");
    EXPECT_TRUE(found);
    return *decode_task(found->message);
  }

  support::TestRedis redis_;
  Broker broker_{redis_.settings()};
  Inspector inspector_{broker_};
};

TEST_F(BrokerTest, AnEnqueuedTaskWaits) {
  TaskMessage message = task();
  EXPECT_EQ(broker_.enqueue(message), EnqueueResult::enqueued);
  EXPECT_EQ(message.timeout, 1800);
  EXPECT_EQ(state("id1"), "pending");
  EXPECT_EQ(text({"HGET", keys::task("q", "id1"), "pending_since"}).size(), 19U);
  EXPECT_EQ(text({"LINDEX", key("pending"), "0"}), "id1");
  EXPECT_EQ(number({"SISMEMBER", keys::queues, "q"}), 1);
  TaskMessage again = task("id1", "other");
  EXPECT_EQ(broker_.enqueue(again), EnqueueResult::id_conflict);
  EXPECT_EQ(inspector_.find("q", "id1")->message.payload, "abc");
}

TEST_F(BrokerTest, TasksAreTakenInOrderAndLeased) {
  for (const char* const id : {"a", "b", "c"}) {
    TaskMessage message = task(id);
    broker_.enqueue(message);
  }
  const Seconds before = broker_.clock().now();
  EXPECT_EQ(taken().id, "a");
  const Seconds after = broker_.clock().now();
  EXPECT_EQ(taken().id, "b");
  EXPECT_EQ(state("a"), "active");
  EXPECT_EQ(number({"HEXISTS", keys::task("q", "a"), "pending_since"}), 0);
  const Seconds lease = std::stoll(text({"ZSCORE", key("lease"), "a"}));
  EXPECT_GE(lease, before + 30);
  EXPECT_LE(lease, after + 30);
}

TEST_F(BrokerTest, DoneLeavesOnlyCounters) {
  TaskMessage message = task();
  broker_.enqueue(message);
  EXPECT_TRUE(broker_.done(taken()));
  EXPECT_EQ(number({"EXISTS", keys::task("q", "id1"), key("active"), key("lease")}), 0);
  const std::string day = keys::of_day("q", "processed", broker_.clock().now());
  EXPECT_EQ(text({"GET", day}), "1");
  EXPECT_EQ(text({"GET", key("processed")}), "1");
  EXPECT_THAT(number({"TTL", day}), AllOf(Gt(7776000 - 3600), Le(7776000)));
  EXPECT_FALSE(broker_.done(message));
  EXPECT_EQ(text({"GET", key("processed")}), "1");
}

TEST_F(BrokerTest, CompletedTasksKeepTheirResultUntilRetentionIsOver) {
  TaskMessage message = task();
  message.retention = 60;
  broker_.enqueue(message);
  EXPECT_TRUE(broker_.complete(taken(), "the result"));
  const auto found = inspector_.find("q", "id1");
  EXPECT_EQ(found->state, "completed");
  EXPECT_EQ(std::stoll(text({"ZSCORE", key("completed"), "id1"})), found->message.completed_at + 60);
  EXPECT_EQ(text({"HGET", keys::task("q", "id1"), "result"}), "the result");
  EXPECT_EQ(broker_.delete_expired("q"), 0);
  EXPECT_EQ(Broker(redis_.settings(), Clock(std::chrono::minutes(2))).delete_expired("q"), 1);
  EXPECT_EQ(number({"EXISTS", keys::task("q", "id1"), key("completed")}), 0);
}

TEST_F(BrokerTest, UniqueTasksHoldALockUntilTheySucceed) {
  TaskMessage first = task("a");
  EXPECT_EQ(broker_.enqueue(first, {{}, 60}), EnqueueResult::enqueued);
  TaskMessage second = task("b");
  EXPECT_EQ(broker_.enqueue(second, {{}, 60}), EnqueueResult::duplicate);
  TaskMessage other = task("b", "other payload");
  EXPECT_EQ(broker_.enqueue(other, {{}, 60}), EnqueueResult::enqueued);
  EXPECT_TRUE(broker_.done(taken()));
  EXPECT_EQ(number({"EXISTS", first.unique_key}), 0);
  EXPECT_EQ(number({"EXISTS", other.unique_key}), 1);
}

TEST_F(BrokerTest, ScheduledTasksAreForwardedWhenTheyAreDue) {
  TaskMessage message = task();
  broker_.enqueue(message, {broker_.clock().now() + 3600, 60});
  EXPECT_EQ(state("id1"), "scheduled");
  EXPECT_THAT(number({"TTL", message.unique_key}), AllOf(Gt(3600), Le(3660)));
  EXPECT_EQ(broker_.forward("q"), 0);
  EXPECT_EQ(Broker(redis_.settings(), Clock(std::chrono::minutes(61))).forward("q"), 1);
  EXPECT_EQ(state("id1"), "pending");
  EXPECT_EQ(taken().id, "id1");
}

TEST_F(BrokerTest, AFailedTaskIsRetriedAndCounted) {
  TaskMessage message = task();
  message.headers["k"] = "v";
  broker_.enqueue(message);
  EXPECT_TRUE(broker_.retry(taken(), "bo\xffom", broker_.clock().now() + 15));
  const auto found = inspector_.find("q", "id1");
  EXPECT_EQ(found->state, "retry");
  EXPECT_EQ(found->message.retried, 1);
  EXPECT_EQ(found->message.error_msg, "bo\uFFFDom");
  EXPECT_EQ(found->message.headers.at("k"), "v");
  EXPECT_EQ(inspector_.info("q").failed_today, 1);
  EXPECT_EQ(inspector_.info("q").processed_today, 1);
  EXPECT_EQ(inspector_.info("q").retry, 1);
}

TEST_F(BrokerTest, ARequeuedTaskIsNext) {
  for (const char* const id : {"a", "b"}) {
    TaskMessage message = task(id);
    broker_.enqueue(message);
  }
  EXPECT_TRUE(broker_.requeue(taken()));
  const TaskMessage again = taken();
  EXPECT_EQ(again.id, "a");
  EXPECT_EQ(again.retried, 0);
}

TEST_F(BrokerTest, TheArchiveIsTrimmed) {
  std::vector<redis::Command> commands;
  for (int i = 0; i < 10050; ++i) {
    const std::string id = "old" + std::to_string(i);
    commands.push_back({"HSET", keys::task("q", id), "msg", "x", "state", "archived"});
    commands.push_back({"ZADD", key("archived"), std::to_string(broker_.clock().now() - 1), id});
  }
  broker_.connection().pipeline(commands);
  TaskMessage message = task();
  broker_.enqueue(message);
  EXPECT_TRUE(broker_.archive(taken(), "no more"));
  EXPECT_EQ(number({"ZCARD", key("archived")}), 9999);
  EXPECT_EQ(state("id1"), "archived");
  EXPECT_EQ(inspector_.find("q", "id1")->message.error_msg, "no more");
  EXPECT_EQ(number({"DBSIZE"}), 9999 + 6);  // the set, the queues, four counters
}

TEST_F(BrokerTest, LeasesExpireAndAreExtended) {
  TaskMessage message = task();
  broker_.enqueue(message);
  taken();
  EXPECT_EQ(broker_.expired_leases("q", broker_.clock().now()).size(), 0U);
  EXPECT_EQ(broker_.expired_leases("q", broker_.clock().now() + 31).size(), 1U);
  const std::vector<std::string> ids{"id1", "gone"};
  EXPECT_THAT(broker_.extend_leases("q", ids, 100), testing::ElementsAre("gone"));
  EXPECT_EQ(broker_.expired_leases("q", broker_.clock().now() + 31).size(), 0U);
}

TEST_F(BrokerTest, IdsWithoutATaskAreDropped) {
  ask({"LPUSH", key("pending"), "ghost"});
  const auto found = broker_.dequeue("q");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->message, "");
  EXPECT_EQ(number({"EXISTS", keys::task("q", "ghost"), key("active"), key("pending")}), 0);
}

TEST_F(BrokerTest, APausedQueueHandsOutNothing) {
  TaskMessage message = task();
  broker_.enqueue(message);
  EXPECT_TRUE(inspector_.pause("q"));
  EXPECT_FALSE(inspector_.pause("q"));
  EXPECT_FALSE(broker_.dequeue("q"));
  EXPECT_TRUE(inspector_.resume("q"));
  EXPECT_TRUE(broker_.dequeue("q"));
}

TEST_F(BrokerTest, WaitingTasksCanBeArchivedAndRunAgain) {
  TaskMessage message = task();
  broker_.enqueue(message);
  EXPECT_TRUE(inspector_.archive("q", "id1", "cancelled"));
  EXPECT_EQ(state("id1"), "archived");
  EXPECT_FALSE(broker_.dequeue("q"));
  EXPECT_TRUE(inspector_.run_now("q", "id1"));
  EXPECT_FALSE(inspector_.run_now("q", "id1"));
  EXPECT_EQ(taken().error_msg, "cancelled");
  EXPECT_FALSE(inspector_.archive("q", "id1", "cancelled"));
}

TEST_F(BrokerTest, AFullMemoryStopsNewTasksAndLosesNoneThatRun) {
  TaskMessage message = task();
  broker_.enqueue(message);
  TaskMessage waiting = task("id2");
  broker_.enqueue(waiting);
  const TaskMessage running = taken();
  ask({"CONFIG", "SET", "maxmemory", "1"});
  TaskMessage more = task("id3");
  try {
    broker_.enqueue(more);
    FAIL() << "took in a task";
  } catch (const redis::Error& error) {
    EXPECT_EQ(error.code(), "OOM");
    EXPECT_THAT(error.what(), testing::HasSubstr("maxmemory"));
  }
  EXPECT_THROW(broker_.dequeue("q"), redis::Error);
  EXPECT_EQ(broker_.extend_leases("q", std::vector<std::string>{"id1"}, 100).size(), 0U);
  EXPECT_TRUE(broker_.retry(running, "boom", broker_.clock().now()));
  EXPECT_THROW(broker_.forward("q"), redis::Error);
  ask({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_EQ(broker_.forward("q"), 1);
  EXPECT_EQ(taken().id, "id2");
  EXPECT_EQ(taken().id, "id1");
}

TEST_F(BrokerTest, AConnectionComesBack) {
  ask({"PING"});
  redis_.kill();
  EXPECT_THROW(ask({"PING"}), redis::Error);
  redis_.start();
  EXPECT_EQ(text({"PING"}), "PONG");
}

}  // namespace
}  // namespace jobs
