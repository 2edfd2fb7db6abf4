// A mirror by the true program: written from live sources, carried to a machine without network, or read over
// HTTP; the digest is that of a sync from the sources themselves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <csignal>

#include <atomic>
#include <thread>

#include "support/cve_project.hpp"
#include "support/files.hpp"
#include "support/git_builder.hpp"
#include "support/osv_bucket.hpp"
#include "support/program.hpp"
#include "support/sync_scenario.hpp"
#include "support/web_directory.hpp"
#include "support/zip_builder.hpp"

namespace {

namespace fs = std::filesystem;
using support::HttpRequest;
using support::HttpServer;
using support::osv_record;
using support::Program;
using testing::AllOf;
using testing::HasSubstr;

std::string gitlab_record(const std::string& id, const std::string& uuid) {
  return "identifier: \"" + id + "\"\nidentifiers: [\"" + id +
         "\"]\npackage_slug: \"npm/left-pad\"\ntitle: \"A title\"\ndescription: \"Text\"\ndate: "
         "\"2024-01-02\"\n"
         "pubdate: \"2024-01-02\"\naffected_range: \"<1.0.0\"\nfixed_versions: [\"1.0.0\"]\n"
         "affected_versions: \"All\"\nurls: []\nuuid: \"" +
         uuid + "\"\n";
}

/// The live sources on this machine, and programs that use them or a mirror.
class MirrorCommand : public testing::Test {
 protected:
  MirrorCommand() {
    cve()->change("CVE-2024-1000", "One", "2024-05-01T10:00:00Z");
    cve()->change("CVE-2024-1001", "Two", "2024-05-01T10:00:00Z");
    repository_.put("npm/left-pad/CVE-2024-1000.yml", gitlab_record("CVE-2024-1000", uuid_)).commit();
    publish({{"GO-2024-1", "2024-01-01"}, {"GO-2024-2", "2024-01-01"}});
    for (Program* const program : {&online_, &offline_}) {
      for (const char* variable : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
        program->set(variable, "");
      const std::string base = program == &online_ ? server_.url() : support::dead_url();
      program->set("OSV_GCS_ENDPOINT", base);
      program->set("OSV_HTTP_URL", base + "/plain");
      program->set("CVE_PROJECT_URL", base + "/cve/archive/refs/heads/main.zip");
      program->set("CVE_RAW_URL", base + "/raw");
      program->set("GITLAB_REPO_URL", program == &online_ ? repository_.path().string() : base);
    }
  }

  support::Locked<support::CveProject> cve() { return {server_.lock(), cve_}; }
  void publish(const std::map<std::string, std::string>& days) {
    support::ZipBuilder zip;
    const auto lock = server_.lock();
    bucket_.list.clear();
    for (const auto& [id, day] : days) {
      const std::string record = osv_record(id, day + "T00:00:00Z", R"("aliases":["CVE-2024-1001"])");
      zip.add(id + ".json", record);
      bucket_.records["Go/" + id + ".json"] = record;
      bucket_.list += day + "T00:00:00Z,Go/" + id + "\n";
    }
    bucket_.content = zip.finish();
    ++bucket_.generation;
    ++bucket_.list_generation;
  }
  void change_everything() {
    publish({{"GO-2024-1", "2024-01-01"}, {"GO-2024-2", "2024-02-02"}, {"GO-2024-3", "2024-02-02"}});
    cve()->change("CVE-2024-1002", "Three", "2024-05-01T11:00:00Z");
    repository_.put("npm/left-pad/CVE-2024-1002.yml", gitlab_record("CVE-2024-1002", uuid_))
        .remove("npm/left-pad/CVE-2024-1000.yml")
        .commit();
  }

  static std::string ok(const base::RunResult& result) {
    EXPECT_EQ(result.status.code, 0) << result.error;
    return result.output;
  }
  std::string mirror() const { return (online_.directory() / "mirror").string(); }
  std::string sync_from(const std::string& address) {
    return ok(offline_.run({"sync", "--quiet", "--mirror", address}));
  }

  /// Starts the command, and kills it when it has made so many requests; whether that happened.
  bool is_killed_at(int request, const std::vector<std::string>& arguments) {
    base::Command command = online_.command(arguments);
    command.output = base::Stream::null();
    victim_ = 0;
    requests_left_ = request;
    base::Process process(command);
    victim_ = process.id();
    const base::ExitStatus end = process.wait();
    requests_left_ = 0;
    EXPECT_TRUE(end.success() || end.signal == SIGKILL) << end.to_string();
    return !end.success();
  }
  void kill_the_victim() {
    while (victim_ == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ::kill(victim_, SIGKILL);
  }

  std::atomic<int> requests_left_ = 0;
  std::atomic<pid_t> victim_ = 0;
  const std::string uuid_ = "11111111-2222-3333-4444-555555555555";
  support::OsvBucket bucket_;
  support::CveProject cve_;
  base::TemporaryDirectory directory_;
  support::GitBuilder repository_{directory_.path() / "repository"};
  HttpServer server_{[this](const HttpRequest& request) {
    if (requests_left_ > 0 && --requests_left_ == 0) kill_the_victim();
    const bool is_cve = request.path().starts_with("/cve") || request.path().starts_with("/raw");
    return is_cve ? cve_(request) : bucket_(request);
  }};
  Program online_;
  Program offline_;
};

TEST_F(MirrorCommand, CarriesTheSourcesAcrossAnAirGap) {
  EXPECT_THAT(ok(online_.run({"mirror", mirror(), "--quiet"})),
              AllOf(HasSubstr("osv     full: "), HasSubstr("gitlab  full: "), HasSubstr("cve     full: ")));
  ok(online_.run({"sync", "--quiet"}));
  EXPECT_THAT(sync_from(mirror()), HasSubstr("osv     full: 2 seen, 2 inserted"));
  EXPECT_EQ(ok(offline_.run({"digest"})), ok(online_.run({"digest"})));
  EXPECT_THAT(ok(online_.run({"mirror", mirror(), "--quiet"})), HasSubstr("osv     unchanged: "));

  change_everything();
  EXPECT_THAT(ok(online_.run({"mirror", mirror(), "--quiet"})),
              AllOf(HasSubstr("osv     delta: 2 records"), HasSubstr("cve     delta: "),
                    HasSubstr("gitlab  delta: ")));
  ok(online_.run({"sync", "--quiet"}));
  EXPECT_THAT(sync_from("file://" + mirror()),
              AllOf(HasSubstr("osv     delta: 2 seen, 1 inserted, 1 updated"),
                    HasSubstr("gitlab  delta: 1 seen"), HasSubstr("cve     delta: ")));
  EXPECT_EQ(ok(offline_.run({"digest"})), ok(online_.run({"digest"})));
  // Who has nothing yet gets the same.
  Program fresh;
  ok(fresh.run({"sync", "--quiet", "--mirror", mirror()}));
  EXPECT_EQ(ok(fresh.run({"digest"})), ok(online_.run({"digest"})));
}

TEST_F(MirrorCommand, IsReadOverHttpAndOnlyWhatDiffersIsFetched) {
  ok(online_.run({"mirror", mirror(), "--quiet"}));
  HttpServer web([this](const HttpRequest& request) { return support::web_directory(mirror(), request); });
  sync_from(web.url());
  const std::size_t asked = web.requests().size();
  EXPECT_THAT(sync_from(web.url()), AllOf(HasSubstr("osv     unchanged"), HasSubstr("cve     unchanged"),
                                          HasSubstr("gitlab  unchanged")));
  EXPECT_EQ(web.requests().size(), asked + 3);  // mirror.json, for each source
  change_everything();
  ok(online_.run({"mirror", mirror(), "--quiet"}));
  EXPECT_THAT(sync_from(web.url()),
              AllOf(HasSubstr("osv     delta: 2 seen"), HasSubstr("gitlab  delta: 1 seen")));
  ok(online_.run({"sync", "--quiet"}));
  EXPECT_EQ(ok(offline_.run({"digest"})), ok(online_.run({"digest"})));
}

TEST_F(MirrorCommand, OfWhichOneIsKilledAtAnyRequestIsGoodAndFinishedByTheNext) {
  int kills = 0;
  for (const bool first : {true, false}) {
    if (!first) change_everything();
    for (int request = 1; is_killed_at(request, {"mirror", mirror(), "--quiet"}); ++request) {
      ++kills;
      // What lies there at that moment is whole: of an earlier state, of the new one, or absent.
      if (fs::exists(mirror())) ok(offline_.run({"sync", "--quiet", "--dry-run", "--mirror", mirror()}));
    }
  }
  EXPECT_GE(kills, 8);
  ok(online_.run({"sync", "--quiet"}));
  sync_from(mirror());
  EXPECT_EQ(ok(offline_.run({"digest"})), ok(online_.run({"digest"})));
}

TEST_F(MirrorCommand, NamesPartsThatAreAbsent) {
  ok(online_.run({"mirror", mirror(), "--quiet", "--source", "osv"}));
  EXPECT_THAT(sync_from(mirror()), AllOf(HasSubstr("gitlab  absent"), HasSubstr("cve     absent")));
  const base::RunResult named = offline_.run({"sync", "--quiet", "--mirror", mirror(), "--source", "cve"});
  EXPECT_EQ(named.status.code, 1);
  EXPECT_THAT(named.error, HasSubstr("has no part of this name"));
}

TEST_F(MirrorCommand, SaysWhatCannotBeFetched) {
  cve()->archive_up = cve()->git_up = false;
  const base::RunResult partial = online_.run({"mirror", mirror(), "--quiet"});
  EXPECT_EQ(partial.status.code, 3);
  EXPECT_THAT(partial.output, AllOf(HasSubstr("cve     failed: "), HasSubstr("status 503")));
  EXPECT_TRUE(fs::exists(mirror() + "/osv/all.zip"));
  EXPECT_EQ(offline_.run({"mirror", mirror() + "2", "--quiet", "--source", "gitlab"}).status.code, 1);
}

}  // namespace
