// Our side of the queue against a client, a server and an inspector built from the real Asynq
// (tests/interop). Where those cannot be had, these tests are skipped.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <ctime>
#include <mutex>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/format.hpp"
#include "base/stop.hpp"
#include "jobs/inspector.hpp"
#include "jobs/keys.hpp"
#include "jobs/worker.hpp"
#include "support/asynq_peer.hpp"
#include "support/eventually.hpp"
#include "support/redis.hpp"

namespace {

using jobs::Attempt;
using jobs::Seconds;
using jobs::TaskMessage;
using std::chrono::milliseconds;
using support::eventually;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class Asynq : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = support::AsynqPeer::missing()) GTEST_SKIP() << *reason;
  }

  // A worker with one slot, which handles tasks of the type "t".
  std::unique_ptr<jobs::Worker> work(const jobs::Handler& handler) {
    jobs::WorkerSettings settings;
    settings.redis = redis_.settings();
    settings.queues = {{"q", 1}};
    settings.concurrency = 1;
    settings.poll = settings.forward = settings.recover = settings.clean = milliseconds(50);
    settings.beat = milliseconds(200);
    // What failed is looked at before it is tried again, however slow the machine.
    settings.retry_delay = [](int) { return Seconds{1000}; };
    auto worker = std::make_unique<jobs::Worker>(settings);
    worker->set_handlers({{"t", handler}});
    worker->start();
    return worker;
  }

  std::string produce(const std::string& payload, std::vector<std::string> options) {
    options.insert(options.begin(), {"produce", "t", "q", payload});
    return peer_.run(options);
  }
  jobs::EnqueueResult enqueue(const std::string& id, const std::string& payload,
                              const jobs::EnqueueOptions& options = {}, Seconds retention = 0) {
    TaskMessage message;
    message.type = "t";
    message.id = id;
    message.queue = "q";
    message.payload = payload;
    message.retention = retention;
    message.headers = {{"trace", "7"}};
    return broker_.enqueue(message, options);
  }

  base::Process consume() {
    return peer_.consume({"q"}, base::open_file(consumed_, O_WRONLY | O_CREAT | O_APPEND));
  }
  std::string seen_there() const { return base::read_file_if_present(consumed_).value_or(""); }
  std::string state(const std::string& id) {
    return broker_.connection().command({"HGET", jobs::keys::task("q", id), "state"}).text;
  }
  bool becomes(const std::string& id, const std::string& wanted) {
    return eventually([&] { return state(id) == wanted; });
  }
  std::string counter(const char* name) {
    return broker_.connection().command({"GET", jobs::keys::of_queue("q", name)}).text;
  }
  // As if two minutes had passed since the task's worker gave its last sign of life.
  void let_lease_expire(const std::string& id) {
    broker_.connection().command(
        {"ZADD", jobs::keys::of_queue("q", "lease"), "XX", std::to_string(std::time(nullptr) - 120), id});
  }

  support::TestRedis redis_;
  support::AsynqPeer peer_{redis_.settings()};
  jobs::Broker broker_{redis_.settings()};
  jobs::Inspector inspector_{broker_};
  base::TemporaryDirectory directory_;
  std::filesystem::path consumed_ = directory_.path() / "consumed";
};

TEST_F(Asynq, TheirTasksAreHandledHereInOrderWithAllTheyCarry) {
  EXPECT_EQ(produce("1", {"id=a", "header=trace:7", "retention=60", "timeout=90"}), "a");
  EXPECT_EQ(produce("2", {"id=b", "deadline=1000", "retries=3"}), "b");
  EXPECT_EQ(produce("", {"id=c"}), "c");
  std::mutex mutex;
  std::vector<std::string> seen;
  const auto worker = work([&](Attempt& attempt) {
    const std::scoped_lock lock(mutex);
    const TaskMessage& task = attempt.message();
    const Seconds limit = attempt.deadline() - attempt.started();
    seen.push_back(base::format("{} {} '{}' {} {} {}", task.id, task.retry, task.payload, task.retention,
                                task.headers.empty() ? "-" : task.headers.at("trace"),
                                task.id == "b" ? (limit > 900 && limit <= 1000) : limit));
    return "seen " + task.payload;
  });
  EXPECT_TRUE(eventually([&] { return counter("processed") == "3"; }));
  EXPECT_THAT(seen, ElementsAre("a 25 '1' 60 7 90", "b 3 '2' 0 - 1", "c 25 '' 0 - 1800"));
  EXPECT_THAT(peer_.run({"task", "q", "a"}),
              AllOf(HasSubstr(R"("headers":{"trace":"7"})"), HasSubstr(R"("result":"seen 1")"),
                    HasSubstr(R"("state":"completed")")));
  EXPECT_THAT(peer_.run({"task", "q", "b"}), HasSubstr("error: ")) << "kept although it has no retention";
  EXPECT_EQ(peer_.run({"queue", "q"}),
            R"({"active":0,"archived":0,"completed":1,"failed":0,"paused":false,"pending":0,"processed":3,)"
            R"("retry":0,"scheduled":0})");
}

TEST_F(Asynq, LocksIdsAndDelaysAreTheSameOnBothSides) {
  EXPECT_EQ(produce("x", {"id=a", "unique=60"}), "a");
  EXPECT_EQ(enqueue("b", "x", {.unique_for = 60}), jobs::EnqueueResult::duplicate);
  EXPECT_EQ(enqueue("a", "y"), jobs::EnqueueResult::id_conflict);
  EXPECT_EQ(enqueue("none", "", {.unique_for = 60}), jobs::EnqueueResult::enqueued);
  EXPECT_EQ(produce("", {"unique=60"}), "duplicate");
  EXPECT_EQ(produce("z", {"id=none"}), "conflict");
  EXPECT_EQ(produce("later", {"id=later", "in=1"}), "later");
  EXPECT_EQ(state("later"), "scheduled");
  const auto worker = work([](Attempt&) { return std::string(); });
  EXPECT_TRUE(eventually([&] { return counter("processed") == "3"; }));
  EXPECT_EQ(enqueue("b", "x", {.unique_for = 60}), jobs::EnqueueResult::enqueued)
      << "the lock outlived its task";
}

TEST_F(Asynq, OurTasksAreHandledThere) {
  enqueue("plain", "1", {}, 60);
  enqueue("later", "2", {.process_at = broker_.clock().now() + 1, .unique_for = 60});
  EXPECT_EQ(produce("2", {"unique=60"}), "duplicate");
  enqueue("bad", "fail");
  enqueue("long", "wait");
  base::Process server = consume();
  EXPECT_TRUE(becomes("plain", "completed"));
  EXPECT_EQ(broker_.connection().command({"HGET", jobs::keys::task("q", "plain"), "result"}).text, "seen 1");
  EXPECT_THAT(seen_there(),
              HasSubstr(R"({"headers":{"trace":"7"},"id":"plain","payload":"1","retried":0,"type":"t"})"));
  EXPECT_TRUE(becomes("later", ""));
  EXPECT_TRUE(becomes("bad", "retry"));
  EXPECT_EQ(inspector_.find("q", "bad")->message.error_msg, "no luck");
  EXPECT_TRUE(inspector_.run_now("q", "bad"));
  EXPECT_TRUE(eventually(
      [&] { return seen_there().find(R"("id":"bad","payload":"fail","retried":1)") != std::string::npos; }));
  EXPECT_TRUE(eventually([&] { return inspector_.servers().size() == 1; }));
  EXPECT_TRUE(eventually([&] {
    inspector_.cancel_active("q", "long");
    return state("long") == "retry";
  }));
  EXPECT_EQ(inspector_.find("q", "long")->message.error_msg, "context canceled");
  EXPECT_TRUE(server.terminate(std::chrono::minutes(2)).success());
  EXPECT_TRUE(inspector_.servers().empty());
}

TEST_F(Asynq, TheirInspectorReadsAndSteersOurs) {
  produce("bad", {"id=last", "retries=0"});
  produce("bad", {"id=again"});
  produce("wait", {"id=long"});
  const auto worker = work([](Attempt& attempt) -> std::string {
    if (attempt.message().payload == "bad") throw base::Error("caf\xE9 is closed");
    base::sleep_for(std::chrono::minutes(1), attempt.stop());
    throw base::Error("stopped");
  });
  EXPECT_TRUE(becomes("last", "archived"));
  EXPECT_THAT(peer_.run({"tasks", "q", "archived"}),
              AllOf(HasSubstr("\"error\":\"caf\xEF\xBF\xBD is closed\""), HasSubstr(R"("id":"last")")));
  EXPECT_THAT(peer_.run({"tasks", "q", "retry"}),
              AllOf(HasSubstr(R"("id":"again")"), HasSubstr(R"("retried":1)")));
  EXPECT_TRUE(becomes("long", "active"));
  EXPECT_TRUE(eventually(
      [&] { return peer_.run({"servers"}).find(R"("running":[{"id":"long")") != std::string::npos; }));
  EXPECT_THAT(peer_.run({"servers"}),
              AllOf(HasSubstr(R"("concurrency":1)"), HasSubstr(R"("queues":{"q":1})"),
                    HasSubstr(R"({"id":"long","limited":true,"queue":"q","started":true,"type":"t"})"),
                    HasSubstr(R"("status":"active")")));
  EXPECT_EQ(peer_.run({"pause", "q"}), "");
  EXPECT_THAT(peer_.run({"pause", "q"}), HasSubstr("error: "));
  EXPECT_TRUE(inspector_.info("q").paused);
  EXPECT_TRUE(eventually([&] {
    EXPECT_EQ(peer_.run({"cancel", "long"}), "");
    return state("long") == "retry";
  }));
  EXPECT_THAT(peer_.run({"task", "q", "long"}), HasSubstr(R"("error":"context canceled")"));
  EXPECT_EQ(peer_.run({"run", "q", "again"}), "");
  EXPECT_EQ(state("again"), "pending") << "a paused queue gives nothing";
  EXPECT_EQ(peer_.run({"resume", "q"}), "");
  EXPECT_TRUE(eventually([&] { return inspector_.find("q", "again")->message.retried == 2; }));
  EXPECT_EQ(peer_.run({"delete", "q", "last"}), "");
  EXPECT_EQ(state("last"), "");
}

TEST_F(Asynq, EachRecoversWhatADeadWorkerOfTheOtherLeft) {
  enqueue("ours", "1");
  broker_.dequeue("q");
  let_lease_expire("ours");
  base::Process server = consume();
  EXPECT_TRUE(becomes("ours", "retry"));
  EXPECT_EQ(inspector_.find("q", "ours")->message.error_msg, "asynq: task lease expired");
  produce("wait", {"id=theirs"});
  EXPECT_TRUE(becomes("theirs", "active"));
  server.signal(SIGKILL);
  server.wait();
  let_lease_expire("theirs");
  std::atomic<int> attempt_number = 0;
  const auto worker = work([&](Attempt& attempt) {
    attempt_number = attempt.number();
    return std::string();
  });
  EXPECT_TRUE(becomes("theirs", "retry"));
  EXPECT_THAT(peer_.run({"task", "q", "theirs"}), HasSubstr(R"("error":"asynq: task lease expired")"));
  EXPECT_EQ(peer_.run({"run", "q", "theirs"}), "");
  EXPECT_TRUE(becomes("theirs", ""));
  EXPECT_EQ(attempt_number, 2);
}

}  // namespace
