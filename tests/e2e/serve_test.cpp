// The service by the true program: a job from the request to the changes it made, and what stops, kills and
// losses in the middle of one leave.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <ctime>

#include "redis/connection.hpp"
#include "support/eventually.hpp"
#include "support/http_client.hpp"
#include "support/osv_bucket.hpp"
#include "support/program.hpp"
#include "support/service.hpp"
#include "support/sync_scenario.hpp"
#include "support/zip_builder.hpp"

namespace {

using support::eventually;
using support::json_member;
using support::osv_record;
using support::Program;
using support::Service;
using testing::AllOf;
using testing::HasSubstr;

class Serve : public testing::Test {
 protected:
  Serve() {
    for (Program* const program : {&program_, &fresh_}) {
      program->set("OSV_GCS_ENDPOINT", server_.url());
      program->set("OSV_HTTP_URL", server_.url("/plain"));
      program->set("ENABLED_SOURCES", "osv");
      for (const char* variable : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
        program->set(variable, "");
      for (const char* variable : {"REDIS_URL", "REDIS_ADDR"}) program->set(variable, "");
    }
    support::ZipBuilder zip;
    for (const char* const id : {"GO-2024-1", "GO-2024-2", "GO-2024-3"})
      zip.add(std::string(id) + ".json", osv_record(id, "2024-01-01T00:00:00Z", R"("summary":"A flaw")"));
    bucket_.content = zip.finish();
  }

  static std::string ask_for_sync(const Service& service) { return service.ask_for_sync("\"osv\""); }
  std::string psql(const std::string& sql) {
    const base::RunResult result = program_.run({"--quiet", "database", "psql", "-XAtqc", sql});
    EXPECT_EQ(result.status.code, 0) << result.error;
    return result.output;
  }
  redis::Connection queue() const {
    redis::Settings settings;
    settings.socket = program_.data_dir() / "run/redis/redis.sock";
    return redis::Connection(settings);
  }
  // As if a minute had passed since the worker of a job gave its last sign of life.
  void let_a_minute_pass(const std::string& id) {
    psql("UPDATE vulndb.jobs SET heartbeat_at = heartbeat_at - interval '1 minute' WHERE id = '" + id + "'");
    queue().command({"ZADD", "asynq:{critical}:lease", "XX", std::to_string(std::time(nullptr) - 60), id});
  }
  std::string digest_of_fresh_sync() {
    EXPECT_EQ(fresh_.run({"sync", "--quiet"}).status.code, 0);
    return fresh_.run({"digest"}).output;
  }

  std::atomic<bool> is_slow_ = false;  // the archive then comes byte by byte
  support::OsvBucket bucket_;
  support::HttpServer server_{[this](const support::HttpRequest& request) {
    support::HttpAnswer answer = bucket_(request);
    const bool is_archive = request.target.find("alt=media") != std::string::npos;
    answer.drip = is_slow_ && is_archive;
    return answer;
  }};
  Program program_;
  Program fresh_;
};

TEST_F(Serve, ASyncIsAskedForFollowedAndReadAndStoppingEndsWell) {
  Service service(program_, "log", "api,worker,scheduler");
  const std::string id = ask_for_sync(service);
  EXPECT_THAT(service.get("/api/v1/jobs/" + id + "/events"),
              AllOf(HasSubstr("event: succeeded\ndata: {"), HasSubstr(R"("inserted":3)")));
  const std::string job = service.get("/api/v1/jobs/" + id);
  EXPECT_THAT(json_member(job, "result"), HasSubstr(R"("inserted":3)"));
  EXPECT_EQ(json_member(job, "attempt"), "1");
  EXPECT_THAT(json_member(service.get("/api/jobs/status"), "states"), HasSubstr(R"("succeeded":1)"));
  const std::string changes = service.get("/api/v1/changes?after=0");
  for (const char* const changed : {"GO-2024-1", "GO-2024-2", "GO-2024-3"})
    EXPECT_THAT(changes, HasSubstr(changed));
  EXPECT_THAT(program_.run({"jobs", "show", id}).output, HasSubstr("succeeded"));
  const base::ExitStatus end = service.stop();
  EXPECT_TRUE(end.success()) << end.to_string();
  EXPECT_EQ(program_.run({"digest"}).output, digest_of_fresh_sync());
}

TEST_F(Serve, AStopInMidSyncHandsItToTheNext) {
  is_slow_ = true;
  Service first(program_, "first", "api,worker");
  const std::string id = ask_for_sync(first);
  ASSERT_TRUE(first.waits_for_job(id, "running")) << first.log();
  const base::ExitStatus end = first.stop();
  EXPECT_TRUE(end.success()) << end.to_string();
  is_slow_ = false;
  Service second(program_, "second", "api,worker");
  EXPECT_TRUE(second.waits_for_job(id, "succeeded")) << second.log();
  EXPECT_EQ(json_member(second.get("/api/v1/jobs/" + id), "attempt"), "1");  // it was no failure
  EXPECT_TRUE(second.stop().success());
  EXPECT_EQ(program_.run({"digest"}).output, digest_of_fresh_sync());
}

TEST_F(Serve, TheSyncOfAKilledWorkerIsFinishedByAnother) {
  is_slow_ = true;
  Service first(program_, "first", "api,worker");
  const std::string id = ask_for_sync(first);
  ASSERT_TRUE(first.waits_for_job(id, "running")) << first.log();
  first.kill();
  is_slow_ = false;
  Service bystander(program_, "bystander", "api");  // keeps the embedded servers up
  let_a_minute_pass(id);
  Service second(program_, "second", "api,worker");
  ASSERT_TRUE(eventually([&] {
    return queue().command({"HGET", "asynq:{critical}:t:" + id, "state"}).text == "retry";
  })) << second.log();
  queue().command({"ZADD", "asynq:{critical}:retry", "XX", std::to_string(std::time(nullptr)), id});
  EXPECT_TRUE(second.waits_for_job(id, "succeeded")) << second.log();
  EXPECT_EQ(json_member(second.get("/api/v1/jobs/" + id), "attempt"), "2");
  EXPECT_TRUE(second.stop().success());
  EXPECT_TRUE(bystander.stop().success());
  EXPECT_EQ(program_.run({"digest"}).output, digest_of_fresh_sync());
}

TEST_F(Serve, AWipedQueueIsFilledAgainFromTheRows) {
  Service bystander(program_, "bystander", "api");
  const std::string id = ask_for_sync(bystander);
  queue().command({"FLUSHALL"});
  psql("UPDATE vulndb.jobs SET heartbeat_at = heartbeat_at - interval '1 minute'");
  Service worker(program_, "worker", "api,worker");
  EXPECT_TRUE(worker.waits_for_job(id, "succeeded")) << worker.log();
  EXPECT_THAT(worker.log(), HasSubstr("a job that the queue had lost is back in it"));
  EXPECT_TRUE(worker.stop().success());
  EXPECT_TRUE(bystander.stop().success());
}

}  // namespace
