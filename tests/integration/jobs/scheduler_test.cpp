// Schedules on a real PostgreSQL and a real Redis. Clocks are set by their offset, so nothing waits for an
// hour.
#include "jobs/scheduler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "jobs/inspector.hpp"
#include "jobs/keys.hpp"
#include "pg/migrations.hpp"
#include "support/eventually.hpp"
#include "support/postgres.hpp"
#include "support/redis.hpp"

namespace jobs {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

class SchedulerTest : public testing::Test {
 protected:
  SchedulerTest() { pg::Migrator(connection_).up(); }

  SchedulerSettings settings(const std::string& spec, std::chrono::seconds ahead = std::chrono::seconds(0)) {
    SchedulerSettings result;
    result.database = [this] { return database_.settings(); };
    result.redis = redis_.settings();
    result.schedules = {schedule_of("sync", spec, SyncRequest{{"osv"}, false})};
    result.most_jitter = std::chrono::seconds(0);
    result.clock = Clock(ahead);
    result.look = milliseconds(20);
    result.beat = milliseconds(20);
    return result;
  }

  // The row is there once the scheduler has looked.
  void run_until(const SchedulerSettings& with, const std::function<bool()>& done) {
    Scheduler scheduler(with);
    scheduler.start();
    EXPECT_TRUE(support::eventually(done, milliseconds(10)));
  }

  std::vector<std::string> ids() {
    std::vector<std::string> result;
    for (const Job& job : Queue::list(connection_, {})) result.push_back(job.id);
    return result;
  }

  Seconds due() {
    const auto row = store::sql::get_schedule(connection_, "sync");
    return row ? std::chrono::floor<std::chrono::seconds>(row->next_at).time_since_epoch().count() : 0;
  }

  // Half an hour away, so that no test runs into it.
  const std::string hourly_ = std::to_string((Clock().now() / 60 + 30) % 60) + " * * * *";
  support::TestDatabase database_;
  support::TestRedis redis_;
  pg::Connection connection_{database_.settings()};
  Broker broker_{redis_.settings()};
  Inspector inspector_{broker_};
};

TEST_F(SchedulerTest, BeginsWithTheNextTime) {
  const Seconds now = Clock().now();
  run_until(settings(hourly_), [this] { return due() != 0; });
  EXPECT_GT(due(), now);
  EXPECT_LE(due(), now + 3600);
  EXPECT_EQ(due() % 3600 / 60, std::stoi(hourly_));
  EXPECT_EQ(due() % 60, 0);
  EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(SchedulerTest, AddsWhatIsDueUnderItsTime) {
  run_until(settings(hourly_), [this] { return due() != 0; });
  const Seconds first = due();
  run_until(settings(hourly_, std::chrono::hours(1)), [&] { return due() != first; });
  EXPECT_THAT(ids(), ElementsAre("sync@" + std::to_string(first)));
  EXPECT_EQ(due(), first + 3600);
  const auto task = inspector_.find("critical", "sync@" + std::to_string(first));
  ASSERT_TRUE(task);
  EXPECT_EQ(task->message.payload, R"({"full": false, "sources": ["osv"]})");
}

TEST_F(SchedulerTest, MakesUpOnceForWhatWasMissed) {
  run_until(settings(hourly_), [this] { return due() != 0; });
  const Seconds first = due();
  run_until(settings(hourly_, std::chrono::hours(30)), [&] { return due() != first; });
  EXPECT_THAT(ids(), ElementsAre("sync@" + std::to_string(first)));
  EXPECT_EQ(due(), first + Seconds{30} * 3600);
}

TEST_F(SchedulerTest, SeveralSchedulersAddOneJob) {
  run_until(settings(hourly_), [this] { return due() != 0; });
  const Seconds first = due();
  Scheduler other(settings(hourly_, std::chrono::minutes(60)));
  other.start();
  // Its clock is ahead by as much as clocks may differ.
  run_until(settings(hourly_, std::chrono::seconds(3620)), [&] { return due() != first && !ids().empty(); });
  std::this_thread::sleep_for(milliseconds(200));
  EXPECT_THAT(ids(), ElementsAre("sync@" + std::to_string(first)));
}

TEST_F(SchedulerTest, AJobThatEndedIsNotAddedAgainForTheSameTime) {
  run_until(settings(hourly_), [this] { return due() != 0; });
  const Seconds first = due();
  run_until(settings(hourly_, std::chrono::hours(1)), [&] { return due() != first; });
  connection_.exec("UPDATE jobs SET state = 'succeeded'");
  // As a scheduler sees it that read the row before the other one wrote it.
  connection_.exec("UPDATE schedules SET next_at = next_at - interval '1 hour'");
  run_until(settings(hourly_, std::chrono::hours(1)), [&] { return due() == first + 3600; });
  EXPECT_THAT(ids(), ElementsAre("sync@" + std::to_string(first)));
}

TEST_F(SchedulerTest, AnotherTimeTableBeginsAnew) {
  run_until(settings(hourly_), [this] { return due() != 0; });
  run_until(settings("@daily"), [this] { return due() % 86400 == 0; });
  EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(SchedulerTest, ATimeThatWasMissedBeforeTheTableChangedIsMadeUpFor) {
  run_until(settings(hourly_), [this] { return due() != 0; });
  const Seconds first = due();
  run_until(settings("@daily", std::chrono::hours(1)), [this] { return due() % 86400 == 0; });
  EXPECT_THAT(ids(), ElementsAre("sync@" + std::to_string(first)));
}

TEST_F(SchedulerTest, OfTwoThatDisagreeNoneKeepsTheOtherFromAdding) {
  Scheduler rare(settings("@every 240h"));
  rare.start();
  run_until(settings("@every 1s"), [this] { return !ids().empty(); });
}

TEST_F(SchedulerTest, WhoWasKilledLongAgoIsNotRememberedForever) {
  const std::string now = std::to_string(Clock().now());
  broker_.connection().command({"ZADD", keys::schedulers, "1", "killed", now, "clock behind"});
  run_until(settings(hourly_), [this] {
    return broker_.connection().command({"ZCARD", keys::schedulers}).integer == 2 && due() != 0;
  });
  EXPECT_EQ(broker_.connection().command({"ZRANGE", keys::schedulers, "0", "-1"}).items.front().text,
            "clock behind");
}

TEST_F(SchedulerTest, WaitsForAJobThatStillRuns) {
  run_until(settings(hourly_), [this] { return due() != 0; });
  const Seconds first = due();
  Queue queue(redis_.settings());
  const std::string open = queue.enqueue(connection_, SyncRequest{}).job.id;
  run_until(settings(hourly_, std::chrono::hours(1)), [&] { return due() != first; });
  EXPECT_THAT(ids(), ElementsAre(open));
}

TEST_F(SchedulerTest, IsShownAsAsynqsAreAndHiddenWhenItStops) {
  run_until(settings(hourly_), [this] { return due() != 0; });
  const Seconds first = due();
  std::vector<SchedulerEntry> entries;
  run_until(settings(hourly_, std::chrono::hours(1)), [&] {
    entries = inspector_.schedule();
    return !entries.empty() && entries[0].previous;
  });
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].spec, hourly_);
  EXPECT_EQ(entries[0].task_type, "sync:vulnerabilities");
  EXPECT_EQ(entries[0].next, first + 3600);
  EXPECT_THAT(entries[0].enqueue_options, ElementsAre("Queue(\"critical\")"));
  EXPECT_THAT(inspector_.schedule(), IsEmpty());
}

TEST_F(SchedulerTest, SurvivesARedisThatIsAway) {
  run_until(settings(hourly_), [this] { return due() != 0; });
  const Seconds first = due();
  redis_.kill();
  run_until(settings(hourly_, std::chrono::hours(1)), [&] { return due() != first; });
  EXPECT_THAT(ids(), ElementsAre("sync@" + std::to_string(first)));
}

}  // namespace
}  // namespace jobs
