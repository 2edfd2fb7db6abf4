// The worker against a real Redis: what it leaves there is the protocol.
#include "jobs/worker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/stop.hpp"
#include "jobs/inspector.hpp"
#include "jobs/keys.hpp"
#include "support/eventually.hpp"
#include "support/redis.hpp"

namespace jobs {
namespace {

using std::chrono::milliseconds;
using support::eventually;

constexpr Seconds long_after = 1000;  // no test lasts that long

class WorkerTest : public testing::Test {
 protected:
  WorkerSettings quick() const {
    WorkerSettings settings;
    settings.redis = redis_.settings();
    settings.queues = {{"q", 1}};
    settings.concurrency = 1;
    settings.poll = milliseconds(20);
    settings.beat = milliseconds(200);
    settings.forward = milliseconds(100);
    settings.recover = milliseconds(200);
    settings.clean = milliseconds(200);
    settings.shutdown_time = milliseconds(300);
    // What failed is looked at before it is tried again, however slow the machine.
    settings.retry_delay = [](int) { return long_after; };
    return settings;
  }
  std::unique_ptr<Worker> worker(std::map<std::string, Handler> handlers) {
    return worker(quick(), std::move(handlers));
  }
  static std::unique_ptr<Worker> worker(const WorkerSettings& settings,
                                        std::map<std::string, Handler> handlers) {
    auto made = std::make_unique<Worker>(settings);
    made->set_handlers(std::move(handlers));
    made->start();
    return made;
  }
  void add(const std::string& id, const std::function<void(TaskMessage&)>& change = {},
           const EnqueueOptions& options = {}) {
    TaskMessage message;
    message.type = "t";
    message.id = id;
    message.queue = "q";
    if (change) change(message);
    broker_.enqueue(message, options);
  }
  std::string state(const std::string& id) {
    return broker_.connection().command({"HGET", keys::task("q", id), "state"}).text;
  }
  std::string text(const redis::Command& command) { return broker_.connection().command(command).text; }
  std::int64_t number(const redis::Command& command) { return broker_.connection().command(command).integer; }
  bool becomes(const std::string& id, const std::string& wanted) {
    return eventually([&] { return state(id) == wanted; });
  }
  TaskMessage message(const std::string& id) { return inspector_.find("q", id)->message; }
  // Each id in a container has a hash of that state, and active and lease hold the same ids.
  void expect_consistent() {
    for (const char* const name : {"scheduled", "retry", "archived", "completed", "lease"})
      for (const auto& id :
           broker_.connection().command({"ZRANGE", keys::of_queue("q", name), "0", "-1"}).items)
        EXPECT_EQ(state(id.text), std::string_view(name) == "lease" ? "active" : name);
    EXPECT_EQ(number({"LLEN", keys::of_queue("q", "active")}),
              number({"ZCARD", keys::of_queue("q", "lease")}));
  }

  support::TestRedis redis_;
  Broker broker_{redis_.settings()};
  Inspector inspector_{broker_};
};

TEST_F(WorkerTest, TasksAreHandledInOrderAndLeaveCounters) {
  for (const char* const id : {"a", "b", "c"}) add(id);
  std::mutex mutex;
  std::string seen;
  const auto running = worker({{"t", [&](Attempt& attempt) {
                                  const std::scoped_lock lock(mutex);
                                  seen += attempt.message().id;
                                  return std::string();
                                }}});
  EXPECT_TRUE(eventually([&] { return text({"GET", keys::of_queue("q", "processed")}) == "3"; }));
  EXPECT_EQ(seen, "abc");
  EXPECT_EQ(state("a"), "");
  expect_consistent();
}

TEST_F(WorkerTest, AResultIsKeptAsLongAsItsRetention) {
  add("kept", [](TaskMessage& message) { message.retention = long_after; });
  const auto running = worker({{"t", [](Attempt&) { return std::string("42"); }}});
  EXPECT_TRUE(becomes("kept", "completed"));
  EXPECT_EQ(text({"HGET", keys::task("q", "kept"), "result"}), "42");
  const Seconds until = std::stoll(text({"ZSCORE", keys::of_queue("q", "completed"), "kept"}));
  EXPECT_EQ(until, message("kept").completed_at + long_after);
  broker_.connection().command({"ZADD", keys::of_queue("q", "completed"), "XX",
                                std::to_string(broker_.clock().now() - 1), "kept"});  // as if it had passed
  EXPECT_TRUE(becomes("kept", ""));
  EXPECT_EQ(number({"ZCARD", keys::of_queue("q", "completed")}), 0);
}

TEST_F(WorkerTest, AFailureIsRetriedWithDelayAndThenArchived) {
  add("bad", [](TaskMessage& message) { message.retry = 1; });
  WorkerSettings settings = quick();
  settings.retry_delay = [](int) { return 0; };
  const auto running =
      worker(settings, {{"t", [](Attempt&) -> std::string { throw base::Error("caf\xE9"); }}});
  EXPECT_TRUE(becomes("bad", "archived"));
  EXPECT_EQ(message("bad").retried, 1);
  EXPECT_EQ(message("bad").error_msg, "caf\xEF\xBF\xBD");  // or Go could not read it
  EXPECT_EQ(text({"GET", keys::of_queue("q", "failed")}), "2");
  EXPECT_EQ(text({"GET", keys::of_queue("q", "processed")}), "2");
  expect_consistent();
}

TEST_F(WorkerTest, TheDelayIsAsynqs) {
  add("bad");
  WorkerSettings settings = quick();
  settings.retry_delay = retry_delay;
  const Seconds before = broker_.clock().now();
  const auto running = worker(settings, {{"t", [](Attempt&) -> std::string { throw base::Error("boom"); }}});
  EXPECT_TRUE(becomes("bad", "retry"));
  const Seconds due = std::stoll(text({"ZSCORE", keys::of_queue("q", "retry"), "bad"}));
  EXPECT_GE(due, before + 15);
  EXPECT_LE(due, broker_.clock().now() + 44);
  EXPECT_EQ(message("bad").retried, 1);
  EXPECT_EQ(message("bad").error_msg, "boom");
}

TEST_F(WorkerTest, GivingUpAndPuttingOffDoNotCountAlike) {
  add("never");
  add("later", [](TaskMessage& message) { message.retry = 0; });
  const auto running = worker({{"t", [](Attempt& attempt) -> std::string {
                                  if (attempt.message().id == "never") throw GiveUp("no such thing");
                                  throw NotNow("busy", 100);
                                }}});
  EXPECT_TRUE(becomes("never", "archived"));
  EXPECT_TRUE(becomes("later", "retry"));
  EXPECT_EQ(message("later").retried, 0);
  EXPECT_EQ(text({"GET", keys::of_queue("q", "failed")}), "1");
}

TEST_F(WorkerTest, WhatNobodyHandlesIsAFailure) {
  add("foreign", [](TaskMessage& message) {
    message.type = "email:send";
    message.retry = 0;
  });
  const auto running = worker({});
  EXPECT_TRUE(becomes("foreign", "archived"));
  EXPECT_EQ(message("foreign").error_msg, "handler not found for task \"email:send\"");
}

TEST_F(WorkerTest, MalformedTasksAreArchivedAndTheWorkerGoesOn) {
  for (const char* const id : {"garbage", "empty"}) {
    broker_.connection().command({"HSET", keys::task("q", id), "msg",
                                  std::string(id) == "empty" ? "" : "\xFF\xFF", "state", "pending"});
    broker_.connection().command({"LPUSH", keys::of_queue("q", "pending"), id});
  }
  broker_.connection().command({"LPUSH", keys::of_queue("q", "pending"), "vanished"});
  add("good");
  const auto running = worker({{"t", [](Attempt&) { return std::string(); }}});
  EXPECT_TRUE(eventually([&] { return state("good").empty(); }));
  EXPECT_TRUE(becomes("garbage", "archived"));
  EXPECT_THAT(message("garbage").error_msg, testing::HasSubstr("cannot be read"));
  EXPECT_EQ(message("garbage").payload, "\xFF\xFF");
  EXPECT_EQ(number({"LLEN", keys::of_queue("q", "active")}), number({"ZCARD", keys::of_queue("q", "lease")}));
  EXPECT_EQ(number({"EXISTS", keys::task("q", "vanished")}), 0);
}

TEST_F(WorkerTest, ADeadlineEndsAnAttemptWhateverItsHandlerDoes) {
  add("slow", [](TaskMessage& message) { message.timeout = 1; });
  std::atomic<bool> let_go = false;
  const auto running = worker({{"t", [&](Attempt& attempt) {
                                  while (attempt.message().id == "slow" && !let_go)
                                    std::this_thread::sleep_for(milliseconds(5));
                                  return std::string("late");
                                }}});
  EXPECT_TRUE(becomes("slow", "retry"));
  EXPECT_EQ(message("slow").error_msg, "context deadline exceeded");
  add("next");  // another slot has taken the place
  EXPECT_TRUE(eventually([&] { return state("next").empty(); }));
  let_go = true;
  running->request_stop();
  EXPECT_EQ(state("slow"), "retry");
  EXPECT_EQ(number({"HEXISTS", keys::task("q", "slow"), "result"}), 0);
}

TEST_F(WorkerTest, CancellingLikeAsynqRetriesAndOursArchives) {
  add("theirs");
  std::atomic<int> begun = 0;
  const auto running = worker({{"t", [&](Attempt& attempt) -> std::string {
                                  ++begun;
                                  while (!attempt.stop().stop_requested())
                                    base::sleep_for(milliseconds(500), attempt.stop());
                                  throw base::Error("stopped");
                                }}});
  EXPECT_TRUE(eventually([&] { return begun == 1; }));
  EXPECT_TRUE(eventually([&] {
    broker_.connection().command({"PUBLISH", keys::cancel_channel, "theirs"});
    return state("theirs") == "retry";
  }));
  EXPECT_EQ(message("theirs").error_msg, "context canceled");
  add("ours");
  EXPECT_TRUE(eventually([&] { return begun == 2; }));
  EXPECT_TRUE(eventually([&] {
    if (state("ours") == "active") inspector_.cancel_active("q", "ours");
    return state("ours") == "archived";
  }));
  EXPECT_EQ(message("ours").error_msg, "cancelled");
  expect_consistent();
}

TEST_F(WorkerTest, AStopHandsBackWhatRuns) {
  add("polite");
  add("waits");
  std::atomic<bool> begun = false;
  auto running = worker({{"t", [&](Attempt& attempt) -> std::string {
                            begun = true;
                            while (!attempt.stop().stop_requested())
                              std::this_thread::sleep_for(milliseconds(1));
                            throw base::Error("interrupted");
                          }}});
  EXPECT_TRUE(eventually([&] { return begun.load(); }));
  EXPECT_TRUE(eventually([&] { return inspector_.servers().size() == 1; }));
  running->stop();
  EXPECT_EQ(state("polite"), "pending");
  EXPECT_EQ(message("polite").retried, 0);
  EXPECT_EQ(text({"LINDEX", keys::of_queue("q", "pending"), "-1"}), "polite");  // the next one
  EXPECT_EQ(number({"EXISTS", keys::of_queue("q", "processed")}), 0);
  EXPECT_TRUE(inspector_.servers().empty());
  expect_consistent();
}

TEST_F(WorkerTest, AStopHandsBackAlsoWhatDoesNotEndInTime) {
  add("stubborn");
  std::atomic<bool> begun = false;
  std::atomic<bool> let_go = false;
  auto running = worker({{"t", [&](Attempt&) {
                            begun = true;
                            while (!let_go) std::this_thread::sleep_for(milliseconds(1));
                            return std::string("late");
                          }}});
  EXPECT_TRUE(eventually([&] { return begun.load(); }));
  std::jthread stopping([&] { running->stop(); });
  EXPECT_TRUE(becomes("stubborn", "pending"));
  let_go = true;
  stopping.join();
  EXPECT_EQ(state("stubborn"), "pending");
}

TEST_F(WorkerTest, TasksOfADeadWorkerAreRecovered) {
  add("orphan");
  broker_.dequeue("q", -31);  // whose lease ended half a minute ago
  add("last", [](TaskMessage& message) { message.retry = 0; });
  broker_.dequeue("q", -31);
  const auto running = worker({});
  EXPECT_TRUE(becomes("orphan", "retry"));
  EXPECT_EQ(message("orphan").error_msg, "asynq: task lease expired");
  EXPECT_EQ(message("orphan").retried, 1);
  EXPECT_TRUE(becomes("last", "archived"));
  expect_consistent();
}

TEST_F(WorkerTest, ATaskThatWasRecoveredElsewhereIsNotWrittenTo) {
  add("lost");
  std::atomic<bool> begun = false;
  std::atomic<bool> let_go = false;
  const auto running = worker({{"t", [&](Attempt&) {
                                  begun = true;
                                  while (!let_go) std::this_thread::sleep_for(milliseconds(1));
                                  return std::string();
                                }}});
  EXPECT_TRUE(eventually([&] { return begun.load(); }));
  const TaskMessage taken = message("lost");
  EXPECT_TRUE(broker_.retry(taken, "asynq: task lease expired", broker_.clock().now() + 1000));
  EXPECT_TRUE(eventually([&] {
    const auto servers = inspector_.servers();
    return servers.size() == 1 && servers[0].active_worker_count == 1;
  }));
  let_go = true;
  add("after");
  EXPECT_TRUE(eventually([&] { return state("after").empty(); }));
  EXPECT_EQ(state("lost"), "retry");
  EXPECT_EQ(text({"GET", keys::of_queue("q", "failed")}), "1");
}

TEST_F(WorkerTest, RunningTasksAreLeasedAndShown) {
  add("shown");
  std::atomic<bool> let_go = false;
  const auto running = worker({{"t", [&](Attempt&) {
                                  while (!let_go) std::this_thread::sleep_for(milliseconds(1));
                                  return std::string();
                                }}});
  EXPECT_TRUE(becomes("shown", "active"));
  EXPECT_TRUE(eventually([&] {
    const auto servers = inspector_.servers();
    return servers.size() == 1 && servers[0].active_worker_count == 1 && servers[0].status == "active" &&
           servers[0].concurrency == 1;
  }));
  const std::string workers_key =
      broker_.connection().command({"ZRANGE", keys::workers, "0", "0"}).items.at(0).text;
  EXPECT_EQ(number({"HEXISTS", workers_key, "shown"}), 1);
  // Ends now, which is too late for nobody yet: only half a minute later it is taken up by another worker.
  broker_.connection().command(
      {"ZADD", keys::of_queue("q", "lease"), "XX", std::to_string(broker_.clock().now()), "shown"});
  EXPECT_TRUE(eventually([&] {
    return std::stoll("0" + text({"ZSCORE", keys::of_queue("q", "lease"), "shown"})) >
           broker_.clock().now() + 20;
  }));
  let_go = true;
}

TEST_F(WorkerTest, PausedQueuesGiveNothing) {
  inspector_.pause("q");
  add("waits");
  const auto running = worker({{"t", [](Attempt&) { return std::string(); }}});
  EXPECT_TRUE(eventually([&] { return inspector_.servers().size() == 1; }));
  std::this_thread::sleep_for(milliseconds(200));
  EXPECT_EQ(state("waits"), "pending");
  inspector_.resume("q");
  EXPECT_TRUE(eventually([&] { return state("waits").empty(); }));
}

TEST_F(WorkerTest, ARestartOfRedisIsSurvived) {
  support::TestRedis durable({"--appendonly", "yes"});
  Broker other(durable.settings());
  TaskMessage first;
  first.type = "t";
  first.id = "during";
  first.queue = "q";
  first.retention = 100;
  other.enqueue(first);
  WorkerSettings settings = quick();
  settings.redis = durable.settings();
  std::atomic<bool> begun = false;
  std::atomic<bool> let_go = false;
  const auto running = worker(settings, {{"t", [&](Attempt&) {
                                            begun = true;
                                            while (!let_go) std::this_thread::sleep_for(milliseconds(1));
                                            return std::string("done");
                                          }}});
  EXPECT_TRUE(eventually([&] { return begun.load(); }));
  durable.kill();
  let_go = true;
  std::this_thread::sleep_for(milliseconds(300));
  durable.start();
  EXPECT_TRUE(eventually([&] {
    return other.connection().command({"HGET", keys::task("q", "during"), "result"}).text == "done";
  }));
}

TEST_F(WorkerTest, ScheduledTasksRunWhenTheyAreDue) {
  add("soon", {}, {.process_at = broker_.clock().now() + 1});
  EXPECT_EQ(state("soon"), "scheduled");
  std::atomic<int> runs = 0;
  const auto running = worker({{"t", [&](Attempt&) {
                                  ++runs;
                                  return std::string();
                                }}});
  EXPECT_TRUE(eventually([&] { return runs == 1; }));
  EXPECT_TRUE(eventually([&] { return state("soon").empty(); }));
}

TEST_F(WorkerTest, HostsWithDifferentClocksDoNotTakeFromEachOther) {
  WorkerSettings behind = quick();
  behind.clock = Clock(std::chrono::seconds(-20));
  WorkerSettings ahead = quick();
  ahead.clock = Clock(std::chrono::seconds(20));
  std::atomic<int> runs = 0;
  std::atomic<bool> let_go = false;
  const Handler handler = [&](Attempt&) {
    ++runs;
    while (!let_go) std::this_thread::sleep_for(milliseconds(1));
    return std::string();
  };
  add("one");
  const auto slow = worker(behind, {{"t", handler}});
  EXPECT_TRUE(eventually([&] { return runs == 1; }));
  const auto fast = worker(ahead, {{"t", handler}});
  EXPECT_TRUE(eventually([&] { return !inspector_.servers().empty(); }));
  std::this_thread::sleep_for(milliseconds(600));  // several rounds of recovery
  EXPECT_EQ(state("one"), "active");
  let_go = true;
  EXPECT_TRUE(eventually([&] { return state("one").empty(); }));
  EXPECT_EQ(runs, 1);
}

}  // namespace
}  // namespace jobs
