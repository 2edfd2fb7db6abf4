// The service by the true program: a job from the request to the changes it made, and what stops, kills and
// losses in the middle of one leave.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>

#include "e2e/serve_fixture.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/http_client.hpp"

namespace e2e {
namespace {

using support::eventually;
using support::json_member;
using support::Service;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

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
  EXPECT_THAT(program_.run({"jobs", "show", id}).output,
              HasSubstr("osv, full: 3 seen, 3 inserted\n          vulnerabilities: 3 created, 3 total\n"));
  const base::ExitStatus end = service.stop();
  EXPECT_TRUE(end.success()) << end.to_string();
  EXPECT_EQ(program_.run({"digest"}).output, digest_of_fresh_sync());
}

TEST_F(Serve, AStopInMidSyncHandsItToTheNext) {
  is_held_ = true;
  Service first(program_, "first", "api,worker");
  const std::string id = ask_for_sync(first);
  ASSERT_TRUE(first.waits_for_job(id, "running")) << first.log();
  const base::ExitStatus end = first.stop();
  EXPECT_TRUE(end.success()) << end.to_string();
  is_held_ = false;
  Service second(program_, "second", "api,worker");
  EXPECT_TRUE(second.waits_for_job(id, "succeeded")) << second.log();
  EXPECT_EQ(json_member(second.get("/api/v1/jobs/" + id), "attempt"), "1");  // it was no failure
  EXPECT_TRUE(second.stop().success());
  EXPECT_EQ(program_.run({"digest"}).output, digest_of_fresh_sync());
}

TEST_F(Serve, TheSyncOfAKilledWorkerIsFinishedByAnother) {
  is_held_ = true;
  Service first(program_, "first", "api,worker");
  const std::string id = ask_for_sync(first);
  ASSERT_TRUE(first.waits_for_job(id, "running")) << first.log();
  first.kill();
  is_held_ = false;
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

TEST_F(Serve, TokensAreReadAgainWhileItWaitsForItsDatabase) {
  const auto tokens = support::write_file(program_.directory() / "tokens", "old\n");
  program_.set("API_TOKENS_FILE", tokens.string());
  program_.set("DATABASE_URL", "postgresql://127.0.0.1:1/nowhere");
  Service service(program_, "log", "api,worker");
  const auto answer_to = [&](const std::string& token) {
    return support::http_exchange(service.port(), "POST", "/api/jobs/sync", {},
                                  "Authorization: Bearer " + token + "\r\n");
  };
  EXPECT_THAT(answer_to("old"), StartsWith("HTTP/1.1 503 "));
  support::write_file(tokens, "new\n");
  service.signal(SIGHUP);
  EXPECT_TRUE(eventually([&] { return answer_to("old").starts_with("HTTP/1.1 401 "); })) << service.log();
  EXPECT_THAT(answer_to("new"), StartsWith("HTTP/1.1 503 "));
  EXPECT_TRUE(service.stop().success());
}

TEST_F(Serve, OpensAsManyFilesAsItMay) {
  program_.set("DATABASE_URL", "postgresql://127.0.0.1:1/nowhere");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit low{std::min<rlim_t>(256, before.rlim_max), before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &low);
  Service service(program_, "log", "api");
  ::setrlimit(RLIMIT_NOFILE, &before);
  rlimit its{};
  EXPECT_EQ(::prlimit(service.process(), RLIMIT_NOFILE, nullptr, &its), 0);
  EXPECT_EQ(its.rlim_cur, before.rlim_max);
  EXPECT_TRUE(service.stop().success());
}

}  // namespace
}  // namespace e2e
