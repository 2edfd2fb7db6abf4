// The service by the true program while Redis and PostgreSQL fail under it: nothing is lost, what could not
// be done is done later, and the digest is that of a sync that nothing happened to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <sstream>

#include "base/files.hpp"
#include "e2e/serve_fixture.hpp"
#include "support/eventually.hpp"
#include "support/http_client.hpp"
#include "support/redis.hpp"

namespace e2e {
namespace {

using support::eventually;
using support::json_member;
using support::Service;
using testing::HasSubstr;
using testing::StartsWith;

class ServiceFaults : public Serve {
 protected:
  ServiceFaults() { program_.set("REDIS_URL", "unix:" + redis_.settings().socket.string()); }
  redis::Settings queue_settings() const override { return redis_.settings(); }

  void set_memory(const char* limit) { queue().command({"CONFIG", "SET", "maxmemory", limit}); }
  std::string task_state(const std::string& id) const {
    return queue().command({"HGET", "asynq:{critical}:t:" + id, "state"}).text;
  }
  // To the server's first process, so that it begins no other, and to those that it has.
  void signal_postgres(int number) const {
    const std::string server =
        std::to_string(std::stoi(base::read_file(program_.data_dir() / "postgres" / "postmaster.pid")));
    ::kill(std::stoi(server), number);
    std::istringstream children(base::read_file("/proc/" + server + "/task/" + server + "/children"));
    for (pid_t child = 0; children >> child;) ::kill(child, number);
  }
  void expect_the_right_digest() { EXPECT_EQ(program_.run({"digest"}).output, digest_of_fresh_sync()); }

  support::TestRedis redis_{{"--appendonly", "yes"}};
};

TEST_F(ServiceFaults, AJobIsTakenOnAndDoneWhenRedisHasMemoryAgain) {
  Service service(program_, "log", "api,worker");
  set_memory("1");
  const std::string id = ask_for_sync(service);
  EXPECT_THAT(service.log(), HasSubstr("a job waits until Redis is back"));
  EXPECT_THAT(service.log(), HasSubstr("OOM"));
  EXPECT_THAT(service.get("/readyz"), StartsWith("HTTP/1.1 200 "));
  set_memory("0");
  psql("UPDATE vulndb.jobs SET heartbeat_at = heartbeat_at - interval '1 minute'");
  EXPECT_TRUE(service.waits_for_job(id, "succeeded")) << service.log();
  EXPECT_TRUE(service.stop().success());
  expect_the_right_digest();
}

TEST_F(ServiceFaults, AJobThatRunsWhileRedisHasNoMemoryIsDoneOnce) {
  is_held_ = true;
  Service service(program_, "log", "api,worker");
  const std::string id = ask_for_sync(service);
  ASSERT_TRUE(service.waits_for_job(id, "running")) << service.log();
  set_memory("1");
  is_held_ = false;
  EXPECT_TRUE(service.waits_for_job(id, "succeeded")) << service.log();
  set_memory("0");
  EXPECT_TRUE(eventually([&] {
    let_retries_be_due();
    return task_state(id) == "completed";
  })) << service.log();
  EXPECT_EQ(psql("SELECT count(*) FROM vulndb.sync_runs"), "1\n");
  EXPECT_TRUE(service.stop().success());
  expect_the_right_digest();
}

TEST_F(ServiceFaults, ARedisThatDoesNotAnswerDelaysAJobAndNothingElse) {
  Service service(program_, "log", "api,worker");
  redis_.signal(SIGSTOP);
  const std::string id = ask_for_sync(service);
  EXPECT_THAT(service.get("/livez"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(service.get("/readyz"), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(json_member(service.get("/api/v1/jobs/" + id), "state"), "\"pending\"");
  redis_.signal(SIGCONT);
  psql("UPDATE vulndb.jobs SET heartbeat_at = heartbeat_at - interval '1 minute'");
  EXPECT_TRUE(service.waits_for_job(id, "succeeded")) << service.log();
  EXPECT_TRUE(service.stop().success());
  expect_the_right_digest();
}

TEST_F(ServiceFaults, AJobOutlivesRedis) {
  is_held_ = true;
  Service service(program_, "log", "api,worker");
  const std::string id = ask_for_sync(service);
  ASSERT_TRUE(service.waits_for_job(id, "running")) << service.log();
  redis_.kill();
  is_held_ = false;
  EXPECT_TRUE(service.waits_for_job(id, "succeeded")) << service.log();
  redis_.start();
  EXPECT_TRUE(eventually([&] {
    let_retries_be_due();
    return task_state(id) == "completed";
  })) << service.log();
  EXPECT_EQ(psql("SELECT count(*) FROM vulndb.sync_runs"), "1\n");
  EXPECT_TRUE(service.stop().success());
  expect_the_right_digest();
}

TEST_F(ServiceFaults, AJobIsDoneAfterPostgresWasKilledUnderIt) {
  is_held_ = true;
  Service service(program_, "log", "api,worker");
  const std::string id = ask_for_sync(service);
  ASSERT_TRUE(service.waits_for_job(id, "running")) << service.log();
  ASSERT_TRUE(eventually([&] { return psql("SELECT count(*) FROM vulndb.sync_runs") == "1\n"; }));
  const std::string pid_file = base::read_file(program_.data_dir() / "postgres" / "postmaster.pid");
  ::kill(std::stoi(pid_file), SIGKILL);
  is_held_ = false;
  EXPECT_TRUE(eventually([&] {
    let_retries_be_due();
    return json_member(service.get("/api/v1/jobs/" + id), "state") == "\"succeeded\"";
  })) << service.log();
  EXPECT_TRUE(service.stop().success());
  expect_the_right_digest();
}

TEST_F(ServiceFaults, AJobIsHandedBackWhilePostgresHangs) {
  is_held_ = true;
  Service service(program_, "log", "api,worker,scheduler");
  const std::string id = ask_for_sync(service);
  ASSERT_TRUE(service.waits_for_job(id, "running")) << service.log();
  ASSERT_TRUE(eventually([&] { return psql("SELECT count(*) FROM vulndb.sync_runs") == "1\n"; }));
  signal_postgres(SIGSTOP);
  service.signal(SIGTERM);
  EXPECT_TRUE(eventually([&] { return task_state(id) == "pending"; })) << service.log();
  signal_postgres(SIGCONT);
  EXPECT_TRUE(service.wait().success()) << service.log();
}

TEST_F(ServiceFaults, TwoSchedulersAddEachJobOnceAndOneGoesOnAlone) {
  program_.set("SYNC_INTERVAL", "@every 2s");
  Service first(program_, "first", "api,worker,scheduler");
  Service second(program_, "second", "scheduler");
  const auto jobs_done = [&] {
    return std::stoi(psql("SELECT count(*) FROM vulndb.jobs WHERE state = 'succeeded'"));
  };
  EXPECT_TRUE(eventually([&] { return jobs_done() >= 3; })) << first.log();
  second.kill();
  const int before = jobs_done();
  EXPECT_TRUE(eventually([&] { return jobs_done() > before + 1; })) << first.log();
  EXPECT_TRUE(first.stop().success());
  EXPECT_EQ(
      psql(
          "SELECT count(*) FROM (SELECT split_part(id, '@', 2)::bigint - lag(split_part(id, '@', 2)::bigint) "
          "OVER (ORDER BY id) AS gap FROM vulndb.jobs WHERE id LIKE 'sync@%') gaps WHERE gap < 2"),
      "0\n");
}

}  // namespace
}  // namespace e2e
