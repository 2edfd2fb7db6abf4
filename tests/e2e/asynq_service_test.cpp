// The service by the true program among peers built from the real Asynq (tests/interop): they ask it for
// jobs, look at it and steer it, and take over its work. Skipped where they cannot be had.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/asynq_peer.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/http_client.hpp"
#include "support/redis.hpp"
#include "support/service.hpp"
#include "support/sync_scenario.hpp"
#include "support/zip_builder.hpp"

namespace {

using support::eventually;
using support::Service;
using testing::AllOf;
using testing::HasSubstr;

class AsynqService : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = support::AsynqPeer::missing()) GTEST_SKIP() << *reason;
    program_.set("REDIS_URL", "unix:" + redis_.settings().socket.string());
    program_.set("SOURCE_MIRROR", mirror_.path().string());
    program_.set("ENABLED_SOURCES", "osv");
    support::write_file(
        mirror_.path() / "osv/all.zip",
        support::zip_of({{"GO-2024-1.json", support::osv_record("GO-2024-1", "2024-01-01T00:00:00Z")}}));
  }

  bool tells(const std::vector<std::string>& question, const std::string& answer) const {
    return eventually([&] { return peer_.run(question).find(answer) != std::string::npos; });
  }
  std::string job(const std::vector<std::string>& arguments) {
    const base::RunResult result = program_.run(arguments);
    EXPECT_EQ(result.status.code, 0) << result.error;
    return result.output;
  }

  support::TestRedis redis_;
  support::AsynqPeer peer_{redis_.settings()};
  base::TemporaryDirectory mirror_;
  support::Program program_;
};

TEST_F(AsynqService, DoesWhatTheirClientAsksForAndRefusesWhatCannotBeMeant) {
  Service service(program_, "log", "api,worker");
  EXPECT_EQ(peer_.run({"produce", "sync:vulnerabilities", "critical", R"({"sources": ["osv"]})", "id=theirs",
                       "retention=600"}),
            "theirs");
  EXPECT_TRUE(service.waits_for_job("theirs", "succeeded")) << service.log();
  EXPECT_TRUE(tells({"task", "critical", "theirs"}, R"("state":"completed")"));
  EXPECT_THAT(peer_.run({"task", "critical", "theirs"}), HasSubstr(R"(\"inserted\": 1)"));

  peer_.run({"produce", "sync:vulnerabilities", "critical", R"({"sources": ["nvd"]})", "id=foreign"});
  peer_.run({"produce", "export:database", "default", "not JSON", "id=broken"});
  peer_.run({"produce", "email:send", "low", "{}", "id=unknown", "retries=0"});
  EXPECT_TRUE(tells({"tasks", "critical", "archived"}, R"("id":"foreign")"));
  EXPECT_THAT(peer_.run({"task", "critical", "foreign"}),
              HasSubstr(R"("error":"'sources' is not an array of osv, gitlab and cve")"));
  EXPECT_TRUE(tells({"tasks", "default", "archived"}, "the payload is not JSON: "));
  EXPECT_TRUE(tells({"tasks", "low", "archived"}, R"(handler not found for task \"email:send\")"));
  EXPECT_TRUE(service.waits_for_job("foreign", "failed"));
  EXPECT_TRUE(service.stop().success());
}

TEST_F(AsynqService, IsSeenAndSteeredByTheirInspector) {
  Service service(program_, "log", "api,worker,scheduler");
  EXPECT_TRUE(
      tells({"servers"}, R"("queues":{"critical":6,"default":3,"low":1},"running":[],"status":"active")"));
  EXPECT_TRUE(tells({"schedule"}, R"("type":"sync:vulnerabilities")"));
  EXPECT_THAT(
      peer_.run({"schedule"}),
      AllOf(HasSubstr(R"j("options":"Queue(\"critical\")","payload":"{\"sources\": [], \"full\": false}",)j"
                      R"j("spec":"@hourly","type":"sync:vulnerabilities")j"),
            HasSubstr(R"("type":"export:database")"), HasSubstr(R"("type":"cleanup:old_data")"),
            HasSubstr(R"("never_ran":true)")));
  // A queue can be paused and shown before anything was put into it.
  job({"jobs", "pause"});
  const std::string id =
      support::json_member("\r\n\r\n" + job({"jobs", "enqueue", "cleanup", "--json"}), "id");
  EXPECT_THAT(peer_.run({"queues"}), HasSubstr("\"low\""));
  EXPECT_THAT(peer_.run({"tasks", "low", "pending"}), HasSubstr("\"id\":" + id));
  EXPECT_THAT(peer_.run({"queue", "low"}), HasSubstr(R"("paused":true)"));
  EXPECT_EQ(peer_.run({"resume", "low"}), "");
  EXPECT_TRUE(tells({"tasks", "low", "completed"}, "\"id\":" + id));
  EXPECT_THAT(peer_.run({"tasks", "low", "completed"}), HasSubstr(R"(\"sync_runs\":0)"));
  EXPECT_TRUE(service.stop().success());
  EXPECT_EQ(peer_.run({"servers"}), "[]");
  EXPECT_EQ(peer_.run({"schedule"}), "[]");
}

TEST_F(AsynqService, LeavesItsJobsToTheirServer) {
  const std::filesystem::path consumed = program_.directory() / "consumed";
  base::Process server = peer_.consume({"critical"}, base::open_file(consumed, O_WRONLY | O_CREAT));
  const std::string shown = job({"jobs", "enqueue", "sync", "--source", "osv", "--full", "--json"});
  const std::string id = support::json_member("\r\n\r\n" + shown, "id");
  EXPECT_TRUE(eventually([&] {
    return base::read_file(consumed) ==
           R"({"headers":null,"id":)" + id +
               R"(,"payload":"{\"full\": true, \"sources\": [\"osv\"]}","retried":0,"type":"sync:vulnerabilities"})"
               "\n";
  })) << base::read_file(consumed);
  EXPECT_TRUE(tells({"tasks", "critical", "completed"}, "\"id\":" + id));
  EXPECT_TRUE(server.terminate(std::chrono::minutes(2)).success());
}

}  // namespace
