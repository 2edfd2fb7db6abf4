// Jobs as rows and as tasks: a real PostgreSQL and a real Redis.
#include "jobs/queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "jobs/inspector.hpp"
#include "pg/migrations.hpp"
#include "support/eventually.hpp"
#include "support/postgres.hpp"
#include "support/redis.hpp"

namespace jobs {
namespace {

class QueueTest : public testing::Test {
 protected:
  QueueTest() { pg::Migrator(connection_).up(); }
  std::optional<TaskState> task(const std::string& id) { return inspector_.find("critical", id); }

  support::TestDatabase database_;
  support::TestRedis redis_;
  pg::Connection connection_{database_.settings()};
  Queue queue_{redis_.settings()};
  Broker broker_{redis_.settings()};
  Inspector inspector_{broker_};
};

TEST_F(QueueTest, AJobIsARowAndATask) {
  const Enqueued added = queue_.enqueue(connection_, SyncRequest{{"osv"}, true});
  EXPECT_TRUE(added.created);
  EXPECT_EQ(added.job.state, "pending");
  const auto found = task(added.job.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->state, "pending");
  EXPECT_EQ(found->message.type, "sync:vulnerabilities");
  EXPECT_EQ(found->message.payload, R"({"full": true, "sources": ["osv"]})");
  base::Arena arena;
  const auto json = to_json(*Queue::find(connection_, added.job.id), arena);
  EXPECT_EQ(base::json::write(*json.find("payload")), R"({"full":true,"sources":["osv"]})");
  EXPECT_THAT(std::string(json.find("created_at")->text()), testing::EndsWith("Z"));
}

TEST_F(QueueTest, AnOpenJobCoversWhatItDoes) {
  const std::string all = queue_.enqueue(connection_, SyncRequest{}).job.id;
  const Enqueued part = queue_.enqueue(connection_, SyncRequest{{"cve"}, false});
  EXPECT_FALSE(part.created);
  EXPECT_EQ(part.job.id, all);
  EXPECT_TRUE(queue_.enqueue(connection_, SyncRequest{{"cve"}, true}).created);
  EXPECT_TRUE(queue_.enqueue(connection_, ExportRequest{}).created);
  EXPECT_FALSE(queue_.enqueue(connection_, ExportRequest{{"osv"}}).created);
}

TEST_F(QueueTest, ANamedJobIsAddedOnce) {
  EXPECT_TRUE(queue_.enqueue(connection_, CleanupRequest{}, "cleanup@1").created);
  connection_.exec("UPDATE jobs SET state = 'succeeded'");
  EXPECT_FALSE(queue_.enqueue(connection_, CleanupRequest{}, "cleanup@1").created);
}

TEST_F(QueueTest, WhatDoesNotExistIsRefused) {
  EXPECT_THROW(queue_.enqueue(connection_, SyncRequest{{"nvd"}, false}), RequestError);
  EXPECT_THROW(queue_.enqueue(connection_, ExportRequest{{"xml"}}), RequestError);
  EXPECT_THROW(queue_.enqueue(connection_, CleanupRequest{0}), RequestError);
  EXPECT_TRUE(Queue::list(connection_, {}).empty());
}

TEST_F(QueueTest, CancellingArchivesAndRetryingOpensAgain) {
  const std::string id = queue_.enqueue(connection_, SyncRequest{}).job.id;
  EXPECT_EQ(queue_.retry(connection_, id), Retried::still_open);
  EXPECT_EQ(queue_.cancel(connection_, id), Cancelled::cancelled);
  EXPECT_EQ(Queue::find(connection_, id)->state, "cancelled");
  EXPECT_EQ(task(id)->state, "archived");
  EXPECT_EQ(task(id)->message.error_msg, "cancelled");
  EXPECT_EQ(queue_.cancel(connection_, id), Cancelled::ended_before);
  EXPECT_EQ(queue_.retry(connection_, id), Retried::waiting);
  EXPECT_EQ(Queue::find(connection_, id)->state, "pending");
  EXPECT_EQ(task(id)->state, "pending");
  EXPECT_EQ(queue_.cancel(connection_, "nobody"), Cancelled::no_such_job);
}

TEST_F(QueueTest, AJobIsTakenInWhileRedisIsAway) {
  redis_.kill();
  const Enqueued added = queue_.enqueue(connection_, SyncRequest{});
  EXPECT_TRUE(added.created);
  EXPECT_EQ(Queue::find(connection_, added.job.id)->state, "pending");
}

TEST_F(QueueTest, PagesAndCounts) {
  for (const char* const id : {"a", "b", "c"}) {
    queue_.enqueue(connection_, CleanupRequest{}, id);
    connection_.exec("UPDATE jobs SET state = 'succeeded'");
  }
  JobFilter filter;
  filter.limit = 2;
  const auto first = Queue::list(connection_, filter);
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].id, "c");
  filter.before_at = first[1].created_at;
  filter.before_id = first[1].id;
  const auto second = Queue::list(connection_, filter);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].id, "a");
  const auto counts = Queue::counts(connection_);
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_EQ(counts[0].queue + counts[0].state + std::to_string(counts[0].jobs), "lowsucceeded3");
}

TEST_F(QueueTest, PausedQueuesSaySo) {
  queue_.enqueue(connection_, SyncRequest{});
  queue_.pause();
  const auto counts = queue_.queues();
  ASSERT_EQ(counts.size(), 3U);
  EXPECT_EQ(counts[0].queue, "critical");
  EXPECT_TRUE(counts[0].paused);
  EXPECT_EQ(counts[0].pending, 1);
  queue_.resume();
  EXPECT_FALSE(queue_.queues()[0].paused);
}

TEST_F(QueueTest, ARedisThatHangsIsWaitedForByOneOfMany) {
  redis::Settings hasty = redis_.settings();
  hasty.reply_timeout = std::chrono::milliseconds(300);
  Queue queue(hasty);
  const auto connections = [this] {
    const std::string text = broker_.connection().command({"INFO", "stats"}).text;
    const std::string name = "total_connections_received:";
    return std::stol(text.substr(text.find(name) + name.size()));
  };
  const long before = connections();
  broker_.connection().command({"CLIENT", "PAUSE", "5000"});
  {
    std::vector<std::jthread> many;
    for (int i = 0; i < 8; ++i) many.emplace_back([&queue] { EXPECT_THROW(queue.queues(), redis::Error); });
  }
  broker_.connection().command({"CLIENT", "UNPAUSE"});
  EXPECT_EQ(connections(), before + 1);
  EXPECT_TRUE(support::eventually([&queue] {
    try {
      return !queue.queues().empty();
    } catch (const redis::Error&) {
      return false;
    }
  }));
}

}  // namespace
}  // namespace jobs
