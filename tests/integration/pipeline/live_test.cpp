// A sync from the live sources is the same sync: only the way of the bytes differs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "support/git_builder.hpp"
#include "support/osv_bucket.hpp"
#include "support/sync_scenario.hpp"
#include "support/zip_builder.hpp"

namespace pipeline {
namespace {

using advisory::Source;
using support::HttpAnswer;
using support::HttpRequest;
using support::HttpServer;
using testing::HasSubstr;

constexpr std::string_view gitlab_record = R"(identifier: "CVE-2024-1000"
identifiers: ["CVE-2024-1000"]
package_slug: "npm/left-pad"
title: "A title"
description: "A description"
date: "2024-01-02"
pubdate: "2024-01-02"
affected_range: "<1.0.0"
fixed_versions: ["1.0.0"]
affected_versions: "All versions before 1.0.0"
urls: ["https://example.org/CVE-2024-1000"]
uuid: "11111111-2222-3333-4444-555555555555"
)";

/// The mirror of a scenario behind a web server, as the live sources have it.
class LiveSync : public testing::Test {
 protected:
  LiveSync() {
    for (const char* variable : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) ::unsetenv(variable);
    scenario_.osv["GO-2024-0001"] = support::osv_record("GO-2024-0001", "2024-01-01T00:00:00Z");
    scenario_.osv["GO-2024-0002"] =
        support::osv_record("GO-2024-0002", "2024-01-01T00:00:00Z", R"("aliases":["CVE-2024-1000"])");
    scenario_.cve["CVE-2024-1000"] = support::cve_record("CVE-2024-1000", "A description");
    repository_.put("npm/left-pad/CVE-2024-1000.yml", gitlab_record).commit();
    scenario_.sync();
    from_mirror_ = scenario_.digest();
    bucket_.content = base::read_file(scenario_.mirror() / "osv/all.zip");
  }

  void go_live() {
    Options& options = scenario_.options;
    options.mirror.reset();
    options.live.osv_gcs_endpoint = server_.url();
    options.live.osv_http_url = server_.url("/plain");
    options.live.cve_project_url = server_.url("/cve.zip");
    options.live.gitlab_repo_url = repository_.path();
    options.live.http.attempts = 1;
  }

  HttpAnswer answer(const HttpRequest& request) {
    if (request.path() != "/cve.zip") return bucket_(request);
    if (!cve_up_) return {.status = 503};
    return support::file_answer(request, base::read_file(scenario_.mirror() / "cve/main.zip"), "\"c\"");
  }

  support::SyncScenario scenario_;
  support::GitBuilder repository_{scenario_.mirror() / "gitlab"};
  support::OsvBucket bucket_;
  bool cve_up_ = true;
  std::string from_mirror_;
  HttpServer server_{[this](const HttpRequest& request) { return answer(request); }};
};

TEST_F(LiveSync, GivesTheDigestOfTheMirror) {
  EXPECT_EQ(scenario_.value("SELECT count(*) FROM vulndb.source_records"), "4");
  go_live();
  EXPECT_EQ(scenario_.digest_of_fresh_sync(), from_mirror_);
}

TEST_F(LiveSync, FollowsWhatChanges) {
  go_live();
  const Report first = scenario_.sync_again();
  EXPECT_EQ(support::counts(first, Source::osv), "full 2 0 0 2 0 0 0");
  EXPECT_EQ(first.sources.at(Source::osv).route, "gcs");
  EXPECT_GT(first.sources.at(Source::osv).bytes_fetched, 0U);
  const Report second = scenario_.sync_again();
  EXPECT_EQ(support::counts(second, Source::osv), "unchanged 0 0 0 0 0 0 0");
  EXPECT_EQ(support::counts(second, Source::cve), "unchanged 0 0 0 0 0 0 0");
  EXPECT_EQ(support::counts(second, Source::gitlab), "unchanged 0 0 0 0 0 0 0");
  EXPECT_EQ(scenario_.digest(), from_mirror_);
}

TEST_F(LiveSync, SaysWhichWayItTook) {
  go_live();
  bucket_.gcs_status = 503;
  const Report report = scenario_.sync_again();
  EXPECT_EQ(report.state, "succeeded");
  EXPECT_THAT(to_json(report), HasSubstr(R"("route": "http", "route_reason": "cannot fetch )"));
}

TEST_F(LiveSync, KeepsTheOldDataWhenNothingCanBeReached) {
  go_live();
  bucket_.gcs_status = 503;
  bucket_.http_status = 503;
  cve_up_ = false;
  scenario_.options.live.gitlab_repo_url = support::dead_url();
  const Report report = scenario_.sync_again();
  EXPECT_EQ(report.state, "failed");
  for (const auto& [source, found] : report.sources) EXPECT_NE(found.error.value_or(""), "");
  EXPECT_EQ(scenario_.digest(), from_mirror_);
}

/// A bucket with a list beside its archive, which says the same as long as nobody changes one of them alone.
class LiveOsvSync : public LiveSync {
 protected:
  LiveOsvSync() {
    scenario_.options.sources = {Source::osv};
    publish();
    go_live();
    first_ = scenario_.sync_again();
  }

  void set(const std::string& id, const std::string& modified, const std::string& summary) {
    scenario_.osv[id] = support::osv_record(id, modified, "\"summary\":\"" + summary + "\"");
    times_[id] = modified;
  }
  void publish_list() {
    bucket_.list.clear();
    for (const auto& [id, bytes] : scenario_.osv) {
      const auto time = times_.find(id);
      bucket_.list += (time == times_.end() ? "2024-01-01T00:00:00Z" : time->second) + ",Go/" + id + "\n";
    }
    ++bucket_.list_generation;
  }
  void publish_records() {
    bucket_.records.clear();
    for (const auto& [id, bytes] : scenario_.osv) bucket_.records["Go/" + id + ".json"] = bytes;
  }
  void publish_archive() {
    support::ZipBuilder zip;
    for (const auto& [id, bytes] : scenario_.osv) zip.add(id + ".json", bytes);
    bucket_.content = zip.finish();
    ++bucket_.generation;
  }
  void publish() {
    publish_list();
    publish_records();
    publish_archive();
  }
  std::string follow() { return support::counts(scenario_.sync_again(), Source::osv); }
  std::string reconcile() {
    scenario_.options.reconcile_interval = std::chrono::seconds(0);
    std::string found = follow();
    scenario_.options.reconcile_interval = std::chrono::hours(24);
    return found;
  }
  std::string summary_of(const std::string& id) {
    return scenario_.value("SELECT document->>'summary' FROM vulndb.vulnerabilities WHERE id = '" + id + "'");
  }

  std::map<std::string, std::string> times_;
  Report first_;
};

TEST_F(LiveOsvSync, ADeltaAndAReconciliationGiveTheDigestOfAFreshSync) {
  EXPECT_EQ(follow(), "unchanged 0 0 0 0 0 0 0");
  set("GO-2024-0001", "2024-02-01T00:00:00Z", "changed");
  set("GO-2024-0003", "2024-02-01T00:00:00Z", "new");
  scenario_.osv.erase("GO-2024-0002");
  publish();
  const Report delta = scenario_.sync_again();
  EXPECT_EQ(support::counts(delta, Source::osv), "delta 2 1 1 0 0 0 0");
  EXPECT_EQ(delta.sources.at(Source::osv).vanished, 1U);
  EXPECT_EQ(scenario_.value("SELECT removed_at IS NULL FROM vulndb.source_records"
                            " WHERE source = 'osv' AND record_id = 'GO-2024-0002'"),
            "t");
  EXPECT_EQ(reconcile(), "full 2 0 0 2 0 1 0");
  scenario_.options.sources = {Source::osv, Source::gitlab, Source::cve};
  EXPECT_EQ(scenario_.digest_of_fresh_sync(), scenario_.digest());
  EXPECT_EQ(follow(), "unchanged 0 0 0 0 0 0 0");
}

TEST_F(LiveOsvSync, AFileThatIsOlderThanItsRowIsTakenAgainLater) {
  set("GO-2024-0001", "2024-02-01T00:00:00Z", "changed");
  publish_list();
  const Report behind = scenario_.sync_again();
  EXPECT_EQ(support::counts(behind, Source::osv), "delta 1 0 0 1 0 0 0");
  EXPECT_EQ(behind.sources.at(Source::osv).awaited, 1U);
  publish_records();
  EXPECT_EQ(follow(), "delta 1 0 1 0 0 0 0");
  EXPECT_EQ(summary_of("GO-2024-0001"), "changed");
  // The archive is still the old one: a reconciliation with it must not step back.
  ++bucket_.generation;
  reconcile();
  EXPECT_EQ(summary_of("GO-2024-0001"), "changed");
  EXPECT_EQ(follow(), "unchanged 0 0 0 0 0 0 0");
}

TEST_F(LiveOsvSync, AnOldArchiveTakesNoListedRecordAway) {
  set("GO-2024-0003", "2024-02-01T00:00:00Z", "new");
  publish_list();
  publish_records();
  EXPECT_EQ(follow(), "delta 1 1 0 0 0 0 0");
  ++bucket_.generation;
  EXPECT_EQ(reconcile(), "full 2 0 0 2 0 0 0");
  EXPECT_EQ(summary_of("GO-2024-0003"), "new");
}

TEST_F(LiveOsvSync, AnEarlierTimeCountsWhenListAndArchiveAgree) {
  set("GO-2024-0001", "2023-06-01T00:00:00Z", "taken back");
  publish();
  EXPECT_EQ(follow(), "unchanged 0 0 0 0 0 0 0");
  EXPECT_EQ(reconcile(), "full 2 0 1 1 0 0 0");
  EXPECT_EQ(summary_of("GO-2024-0001"), "\"taken back\"");  // as a row is printed
}

TEST_F(LiveOsvSync, AnUnreadableRecordIsFetchedOnceForEachVersion) {
  set("GO-2024-0001", "2024-02-01T00:00:00Z", "good");
  publish_list();
  publish_records();
  bucket_.records["Go/GO-2024-0001.json"] = "{";
  EXPECT_EQ(follow(), "delta 1 0 0 0 1 0 0");
  EXPECT_EQ(follow(), "unchanged 0 0 0 0 0 0 0");
  set("GO-2024-0001", "2024-03-01T00:00:00Z", "good again");
  publish_list();
  publish_records();
  EXPECT_EQ(follow(), "delta 1 0 1 0 0 0 0");
  EXPECT_EQ(scenario_.value("SELECT count(*) FROM vulndb.quarantine"), "0");
}

TEST_F(LiveSync, CommitsTheSourcesThatCanBeReached) {
  go_live();
  cve_up_ = false;
  const Report report = scenario_.sync_again();
  EXPECT_EQ(report.state, "partial");
  EXPECT_EQ(report.sources.at(Source::cve).state, "failed");
  EXPECT_EQ(scenario_.digest(), from_mirror_);
}

}  // namespace
}  // namespace pipeline
