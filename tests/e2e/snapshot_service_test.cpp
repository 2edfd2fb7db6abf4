// Snapshots by the service: asked for, due, downloaded, and followed by a consumer with a PostgreSQL of its
// own.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "base/files.hpp"
#include "pg/connection.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/http_client.hpp"
#include "support/paths.hpp"
#include "support/postgres.hpp"
#include "support/service.hpp"
#include "support/sync_scenario.hpp"
#include "support/zip_builder.hpp"

namespace {

namespace fs = std::filesystem;
using support::eventually;
using support::json_member;
using support::osv_record;
using support::Service;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class SnapshotService : public testing::Test {
 protected:
  SnapshotService() {
    program_.set("ENABLED_SOURCES", "osv");
    program_.set("SOURCE_MIRROR", mirror_.path().string());
    program_.set("EXPORT_RETENTION", "1 daily");
    for (const char* variable : {"REDIS_URL", "REDIS_ADDR"}) program_.set(variable, "");
  }

  std::string run(std::vector<std::string> arguments) {
    arguments.emplace_back("--quiet");
    const base::RunResult result = program_.run(arguments);
    EXPECT_EQ(result.status.code, 0) << result.error;
    return result.output;
  }
  void sync(const std::vector<std::string>& records) {
    std::vector<std::pair<std::string, std::string>> entries;
    for (const std::string& record : records) {
      const std::size_t id = record.find(R"("id":")") + 6;
      entries.emplace_back(record.substr(id, record.find('"', id) - id) + ".json", record);
    }
    support::write_file(mirror_.path() / "osv/all.zip", support::zip_of(entries));
    run({"sync"});
  }
  static std::vector<std::string> before() {
    return {osv_record("GO-2024-1", "2024-01-01T00:00:00Z", R"("summary":"A flaw","aliases":["CVE-2024-1"])"),
            osv_record("GHSA-aaaa-bbbb-cccc", "2024-01-01T00:00:00Z", R"("summary":"Alone for now")"),
            osv_record("PYSEC-2024-3", "2024-01-01T00:00:00Z", R"("summary":"Stays \u00e9 as it is")")};
  }
  // One is changed, one joins it, one is new.
  static std::vector<std::string> after() {
    return {osv_record("GO-2024-1", "2024-02-01T00:00:00Z",
                       R"("summary":"A worse flaw","aliases":["CVE-2024-1"])"),
            osv_record("GHSA-aaaa-bbbb-cccc", "2024-02-01T00:00:00Z",
                       R"("summary":"Not alone","aliases":["CVE-2024-1"])"),
            before()[2], osv_record("GO-2024-4", "2024-02-01T00:00:00Z", R"("summary":"New")")};
  }

  support::Program program_;
  base::TemporaryDirectory mirror_;
};

TEST_F(SnapshotService, ASnapshotIsAskedForAndDownloaded) {
  sync(before());
  Service service(program_, "log", "api,worker");
  const std::string answer = service.post("/api/jobs/export", R"({"formats":["jsonl"]})");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 202 "), HasSubstr(R"("state":"pending")")));
  std::string id = json_member(answer, "id");
  id = id.substr(1, id.size() - 2);
  ASSERT_TRUE(service.waits_for_job(id, "succeeded")) << service.log();
  EXPECT_THAT(json_member(service.get("/api/v1/jobs/" + id), "result"), HasSubstr(R"("state":"published")"));
  EXPECT_THAT(json_member(service.get("/api/v1/exports"), "items"), HasSubstr(R"("state":"published")"));
  const std::string version = json_member(service.get("/api/v1/exports/latest"), "version");
  EXPECT_THAT(service.get("/api/v1/exports/latest/vulnerabilities.jsonl.zst"),
              AllOf(StartsWith("HTTP/1.1 302 "),
                    HasSubstr("Location: /api/v1/exports/" + version.substr(1, version.size() - 2) + "/")));
  EXPECT_TRUE(service.stop().success());
}

TEST_F(SnapshotService, ASnapshotIsMadeWhenItIsDue) {
  sync(before());
  program_.set("EXPORT_INTERVAL", "@every 1s");
  program_.set("SYNC_INTERVAL", "@yearly");
  Service service(program_, "log", "api,worker,scheduler");
  EXPECT_TRUE(eventually([&] {
    return service.get("/api/v1/jobs?type=export:database&state=succeeded").find(R"("id":"export@)") !=
           std::string::npos;
  })) << service.log();
  EXPECT_TRUE(service.stop().success());
  EXPECT_THAT(run({"exports", "list"}), HasSubstr("postgres,osv,jsonl"));
}

TEST_F(SnapshotService, WhatIsDownloadedIsNotPruned) {
  sync(before());
  run({"export", "--format", "jsonl"});
  const fs::path exports = program_.data_dir() / "exports";
  const std::string old = fs::canonical(exports / "latest").filename();
  // More than fits on the way to a client that does not read.
  support::write_file(exports / old / "large", "");
  fs::resize_file(exports / old / "large", std::uintmax_t{64} << 20);
  sync(after());
  run({"export", "--format", "jsonl"});
  Service service(program_, "log", "api");
  base::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(service.port()));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  base::write_all(socket, "GET /api/v1/exports/" + old + "/large HTTP/1.1\r\nHost: h\r\n\r\n", "the service");
  char first = 0;
  ASSERT_EQ(::recv(socket.get(), &first, 1, MSG_WAITALL), 1);
  EXPECT_EQ(run({"exports", "prune"}), "kept, somebody reads it: " + old + "\n");
  EXPECT_TRUE(fs::exists(exports / old / "large"));
  socket.close();
  EXPECT_TRUE(eventually([&] { return run({"exports", "prune"}) == "removed " + old + "\n"; }));
  EXPECT_FALSE(fs::exists(exports / old));
  EXPECT_TRUE(service.stop().success());
}

TEST_F(SnapshotService, AConsumerThatFollowsEndsWithTheSameDigest) {
  const support::TestDatabase copy;
  copy.connect().exec("CREATE ROLE consumer LOGIN; GRANT CREATE ON DATABASE " + copy.name() + " TO consumer");
  sync(before());
  run({"export"});
  Service service(program_, "log", "api");
  const auto follow = [&] {
    return base::run(
        {.arguments = {VDS_SOURCE_DIR "/tools/follow_snapshot.sh", "--once",
                       "http://127.0.0.1:" + std::to_string(service.port()), copy.url("consumer")},
         .environment = {{"http_proxy", std::nullopt}, {"all_proxy", std::nullopt}}});
  };
  base::RunResult first = follow();
  EXPECT_EQ(first.output, run({"digest"})) << first.error;
  EXPECT_THAT(first.error, StartsWith("loaded snapshot "));

  const std::string digest_before = first.output;
  sync(after());
  base::RunResult second = follow();
  EXPECT_EQ(second.output, run({"digest"})) << second.error;
  EXPECT_NE(second.output, digest_before);
  EXPECT_EQ(second.error, "") << "it goes on from where it was";

  // A database that was built anew has another feed, and its cursors mean nothing to who followed the old
  // one.
  run({"database", "psql", "-Xqc", "UPDATE vulndb.feed SET feed_id = gen_random_uuid()"});
  run({"export"});
  base::RunResult third = follow();
  EXPECT_EQ(third.output, second.output) << third.error;
  EXPECT_THAT(third.error, StartsWith("loaded snapshot "));
  EXPECT_TRUE(service.stop().success());
  copy.connect().exec("DROP OWNED BY consumer");
  copy.connect().exec("DROP ROLE consumer");
}

}  // namespace
