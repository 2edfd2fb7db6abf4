// A job's row decides who runs it, and says what became of it; queue and rows are mended from each other.
#include "jobs/job_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/inspector.hpp"
#include "jobs/mender.hpp"
#include "jobs/queue.hpp"
#include "jobs/task_types.hpp"
#include "pg/migrations.hpp"
#include "support/postgres.hpp"
#include "support/redis.hpp"

namespace jobs {
namespace {

class JobRun : public testing::Test {
 protected:
  JobRun() { pg::Migrator(connection_).up(); }
  Attempt attempt(const std::string& id, int retried = 0) {
    TaskMessage message = message_for(std::string(cleanup_type), "low", id, R"({"older_than_days":90})");
    message.retried = retried;
    const Seconds now = broker_.clock().now();
    return {std::move(message), now, now + 1000, Attempt::Clock::now() + std::chrono::seconds(1000)};
  }
  std::string run(const std::string& worker, Attempt& attempt) {
    return run_job({[this] { return database_.settings(); }, worker}, attempt, [this](JobContext&) {
      ++runs_;
      return JobDone{R"({"n":1})"};
    });
  }
  Job job(const std::string& id) { return Queue::find(connection_, id).value(); }
  std::string add() { return queue_.enqueue(connection_, CleanupRequest{}).job.id; }
  void let_a_minute_pass() {
    connection_.exec("UPDATE jobs SET heartbeat_at = heartbeat_at - interval '1 minute'");
  }

  support::TestDatabase database_;
  support::TestRedis redis_;
  pg::Connection connection_{database_.settings()};
  Broker broker_{redis_.settings()};
  Queue queue_{redis_.settings()};
  int runs_ = 0;
};

TEST_F(JobRun, ATaskThatIsDeliveredTwiceRunsOnce) {
  Attempt first = attempt("a");
  EXPECT_EQ(run("one", first), R"({"n":1})");
  EXPECT_EQ(job("a").state, "succeeded");
  EXPECT_EQ(job("a").worker, "one");
  Attempt again = attempt("a", 1);
  EXPECT_EQ(run("two", again), R"({"n": 1})");
  EXPECT_EQ(job("a").worker, "one");
  EXPECT_EQ(runs_, 1);
}

TEST_F(JobRun, WhatRunsElsewhereIsLeftAloneUntilItIsSilent) {
  Attempt first = attempt("a");
  ASSERT_EQ(run("one", first), R"({"n":1})");
  connection_.exec("UPDATE jobs SET state = 'running', finished_at = NULL, result = NULL");
  Attempt second = attempt("a", 1);
  EXPECT_THROW(run("two", second), NotNow);
  EXPECT_EQ(job("a").worker, "one");
  let_a_minute_pass();
  Attempt third = attempt("a", 1);
  EXPECT_EQ(run("two", third), R"({"n":1})");
  EXPECT_EQ(job("a").worker, "two");
  EXPECT_EQ(job("a").attempt, 2);
}

TEST_F(JobRun, ACancelledJobIsGivenUp) {
  const std::string id = add();
  connection_.exec("UPDATE jobs SET state = 'cancelled', finished_at = now()");
  Attempt late = attempt(id);
  EXPECT_THROW(run("one", late), GiveUp);
  EXPECT_EQ(job(id).state, "cancelled");
  EXPECT_EQ(runs_, 0);
}

TEST_F(JobRun, AnErrorThatWillNotPassIsAFailureUnderItsOwnName) {
  connection_.exec("ALTER TABLE jobs RENAME TO elsewhere");
  Attempt first = attempt("a");
  try {
    run("one", first);
    FAIL() << "it ran without a row";
  } catch (const pg::Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("\"jobs\" does not exist"));
  }
  EXPECT_EQ(runs_, 0);
}

TEST_F(JobRun, AWipedQueueIsFilledAgain) {
  const std::string id = add();
  broker_.connection().command({"FLUSHALL"});
  EXPECT_EQ(mend(connection_, broker_, 30), 0);  // it gave a sign of life just now
  let_a_minute_pass();
  EXPECT_EQ(mend(connection_, broker_, 30), 1);
  const auto task = Inspector(broker_).find(job(id).queue, id);
  ASSERT_TRUE(task);
  EXPECT_EQ(task->state, "pending");
  EXPECT_EQ(task->message.type, cleanup_type);
  EXPECT_EQ(mend(connection_, broker_, 30), 0);
}

TEST_F(JobRun, ARowLearnsHowItsTaskEnded) {
  const std::string id = add();
  const std::string queue = job(id).queue;
  const auto taken = broker_.dequeue(queue);
  ASSERT_TRUE(taken);
  connection_.exec("UPDATE jobs SET state = 'running', worker = 'dead'");
  let_a_minute_pass();
  EXPECT_TRUE(broker_.archive(Inspector(broker_).find(queue, id)->message, "asynq: task lease expired"));
  EXPECT_EQ(mend(connection_, broker_, 30), 0);
  EXPECT_EQ(job(id).state, "failed");
  EXPECT_EQ(job(id).error, "asynq: task lease expired");
}

}  // namespace
}  // namespace jobs
