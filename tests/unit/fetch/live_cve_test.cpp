// The changed records of the CVE list: which way they come, and what makes the archive the only way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetch/cve_cursor.hpp"
#include "fetch/live_sources.hpp"
#include "support/cve_project.hpp"
#include "unit/fetch/live_fixture.hpp"
#include "unit/fetch/zip_fixture.hpp"

namespace fetch {
namespace {

using State = Fetched::State;
using support::cve_record;
using support::HttpRequest;
using support::HttpServer;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* path_1000 = "cves/2024/1xxx/CVE-2024-1000.json";
constexpr const char* path_1001 = "cves/2024/1xxx/CVE-2024-1001.json";

class LiveCveChanges : public LiveTest {
 protected:
  LiveCveChanges() {
    settings_.cve_project_url = server_.url("/cve/archive/refs/heads/main.zip");
    settings_.cve_raw_url = server_.url("/raw");
    settings_.cve_releases_url = server_.url("/api/releases");
    project()->change("CVE-2024-1000", "One", "2024-05-01T10:00:00Z");
    project()->change("CVE-2024-1001", "Two", "2024-05-01T10:30:00Z");
  }

  /// Asks as the run after the one that ended with `known`.
  Fetched after(const Fetched& known, bool reconcile = false) const {
    Request asked = request("cve", known.fingerprint);
    asked.watermark = known.watermark.value_or("");
    asked.reconcile = reconcile;
    return open_live(asked, settings_);
  }
  static CveCursor cursor(const Fetched& fetched) {
    return read_cve_cursor(fetched.watermark.value()).value();
  }

  support::Locked<support::CveProject> project() { return {server_.lock(), project_}; }

 private:
  support::CveProject project_;

 protected:
  HttpServer server_{[this](const HttpRequest& request) { return project_(request); }};
};

TEST_F(LiveCveChanges, BeginWithTheArchive) {
  const Fetched first = open("cve");
  EXPECT_EQ(first.state, State::full);
  EXPECT_EQ(first.fingerprint, project()->commit);
  EXPECT_EQ(first.route, "archive");
  EXPECT_EQ(contents(first).size(), 2U);
  EXPECT_EQ(time_text(cursor(first).time), "2024-05-01T10:30:00Z");
  const std::size_t asked = server_.requests().size();
  EXPECT_EQ(after(first).state, State::unchanged);
  EXPECT_EQ(server_.requests().size(), asked + 1);  // the head of the branch
}

TEST_F(LiveCveChanges, ComeAsSingleFiles) {
  const Fetched first = open("cve");
  project()->change("CVE-2024-1001", "Changed", "2024-05-01T11:00:00Z");
  project()->change("CVE-2024-20433", "New", "2024-05-01T11:07:00Z");
  const Fetched delta = after(first);
  EXPECT_EQ(delta.state, State::delta);
  EXPECT_EQ(delta.fingerprint, project()->commit);
  EXPECT_EQ(delta.route, "files");
  // The first one is named by an entry of the overlap.
  EXPECT_EQ(contents(delta),
            (Contents{{path_1000, project()->records["CVE-2024-1000"]},
                      {path_1001, project()->records["CVE-2024-1001"]},
                      {"cves/2024/20xxx/CVE-2024-20433.json", project()->records["CVE-2024-20433"]}}));
  EXPECT_EQ(time_text(cursor(delta).time), "2024-05-01T11:07:00Z");
}

TEST_F(LiveCveChanges, AreNotFetchedTwiceButLateOnesAreFetched) {
  Fetched known = open("cve");
  project()->change("CVE-2024-1001", "Changed", "2024-05-01T11:00:00Z");
  known = after(known);
  EXPECT_EQ(known.collection->size(), 2U);
  // An entry that is older than the newest one, and was not there before.
  project()->change("CVE-2024-1002", "Late", "2024-05-01T10:45:00Z");
  const Fetched delta = after(known);
  EXPECT_EQ(contents(delta),
            (Contents{{"cves/2024/1xxx/CVE-2024-1002.json", project()->records["CVE-2024-1002"]}}));
  EXPECT_EQ(time_text(cursor(delta).time), "2024-05-01T11:00:00Z");
}

TEST_F(LiveCveChanges, AreTakenAgainWhenAFileIsMissingOrOld) {
  Fetched known = open("cve");
  project()->cached["CVE-2024-1001"] = project()->records["CVE-2024-1001"];
  project()->missing.insert("CVE-2024-1002");
  project()->change("CVE-2024-1001", "Changed", "2024-05-01T11:00:00Z");
  project()->change("CVE-2024-1002", "New", "2024-05-01T11:07:00Z");
  known = after(known);
  EXPECT_EQ(contents(known), (Contents{{path_1000, project()->records["CVE-2024-1000"]}}));
  EXPECT_EQ(cursor(known).again, (CveWanted{{"CVE-2024-1001", *read_time("2024-05-01T11:00:00Z")},
                                            {"CVE-2024-1002", *read_time("2024-05-01T11:07:00Z")}}));
  // Later, under the same commit.
  project()->cached.clear();
  project()->missing.clear();
  known = after(known);
  EXPECT_EQ(contents(known),
            (Contents{{path_1001, project()->records["CVE-2024-1001"]},
                      {"cves/2024/1xxx/CVE-2024-1002.json", project()->records["CVE-2024-1002"]}}));
  EXPECT_EQ(cursor(known).again, CveWanted{});
  EXPECT_EQ(after(known).state, State::unchanged);
}

TEST_F(LiveCveChanges, NeedTheArchiveWhereTheLogHasAGap) {
  const Fetched first = open("cve");
  project()->log_entries.clear();
  project()->change("CVE-2024-1002", "New", "2024-05-09T11:00:00Z");
  const Fetched whole = after(first);
  EXPECT_EQ(whole.state, State::full);
  EXPECT_EQ(whole.route, "archive");
  EXPECT_THAT(whole.route_reason,
              AllOf(HasSubstr("2024-05-09T11:00:00Z"), HasSubstr("2024-05-01T10:30:00Z")));
  EXPECT_EQ(contents(whole).size(), 3U);
  EXPECT_EQ(time_text(cursor(whole).time), "2024-05-09T11:00:00Z");
}

TEST_F(LiveCveChanges, ComeFromReleasesWhereTheseFillTheGap) {
  const Fetched first = open("cve");
  project()->log_entries.clear();
  project()->change("CVE-2024-1000", "Changed", "2024-05-01T20:00:00Z");
  // The name says another day than the truth.
  project()->release(server_.url(), "2024-05-02T00:20:00Z", "2024-05-02_delta_CVEs_at_end_of_day.zip",
                     {"CVE-2024-1000"});
  project()->change("CVE-2024-1002", "New", "2024-05-02T09:00:00Z");
  project()->release(server_.url(), "2024-05-02T10:00:00Z", "2024-05-02_delta_CVEs_at_0900Z.zip",
                     {"CVE-2024-1002"});
  project()->log_entries.clear();
  project()->change("CVE-2024-1003", "Newest", "2024-05-02T11:00:00Z");
  const Fetched delta = after(first);
  EXPECT_EQ(delta.state, State::delta) << delta.route_reason;
  EXPECT_EQ(delta.route, "releases");
  EXPECT_EQ(contents(delta),
            (Contents{{path_1000, project()->records["CVE-2024-1000"]},
                      {"cves/2024/1xxx/CVE-2024-1002.json", project()->records["CVE-2024-1002"]},
                      {"cves/2024/1xxx/CVE-2024-1003.json", project()->records["CVE-2024-1003"]}}));
}

TEST_F(LiveCveChanges, ComeFromReleasesWhenTheyAreMany) {
  const Fetched first = open("cve");
  std::vector<std::pair<std::string, std::string>> changed;
  std::vector<std::string> released;
  for (int i = 0; i < 3100; ++i) {
    const std::string id = "CVE-2023-" + std::to_string(10000 + i);
    project()->records[id] = cve_record(id, "Many", "2024-05-01T12:00:00Z");
    changed.emplace_back(id, "2024-05-01T12:00:00Z");
    if (i >= 100) released.push_back(id);
  }
  project()->log("2024-05-01T12:00:00Z", changed);
  project()->release(server_.url(), "2024-05-01T13:05:00Z", "x_delta_CVEs_at_1300Z.zip", released);
  // The release has an older state of one of them.
  project()->change("CVE-2023-13000", "Newest", "2024-05-01T13:30:00Z");
  const Fetched delta = after(first);
  EXPECT_EQ(delta.route, "releases") << delta.route_reason;
  EXPECT_EQ(delta.collection->size(), 3102U);
  EXPECT_EQ(project()->files_asked, 103U);  // what the release lacks, and the two of the overlap
  EXPECT_THAT(contents(delta).find("cves/2023/13xxx/CVE-2023-13000.json")->second, HasSubstr("Newest"));
}

TEST_F(LiveCveChanges, NeedTheArchiveWhenTheyAreManyWithoutReleases) {
  const Fetched first = open("cve");
  std::vector<std::pair<std::string, std::string>> changed;
  for (int i = 0; i < 3100; ++i) changed.emplace_back("CVE-2023-" + std::to_string(10000 + i), "");
  project()->log("2024-05-01T12:00:00Z", changed);
  EXPECT_EQ(after(first).state, State::full);
  EXPECT_EQ(project()->files_asked, 0U);
}

TEST_F(LiveCveChanges, NeedTheArchiveWhereTheLogIsNone) {
  const Fetched first = open("cve");
  project()->change("CVE-2024-1001", "Changed", "2024-05-01T11:00:00Z");
  for (const char* text : {"<html>Please log in</html>", "[]", "[{\"fetchTime\": \"20"}) {
    project()->log_text = text;
    const Fetched whole = after(first);
    EXPECT_EQ(whole.state, State::full) << text;
    EXPECT_THAT(whole.route_reason, HasSubstr("deltaLog.json")) << text;
    EXPECT_EQ(whole.watermark, "") << text;
    EXPECT_EQ(contents(whole).size(), 2U);
  }
}

TEST_F(LiveCveChanges, AreComparedWithTheArchiveWhenThatIsDue) {
  Fetched known = open("cve");
  project()->change("CVE-2024-1001", "Changed", "2024-05-01T11:00:00Z");
  project()->records["CVE-2024-1000"] = cve_record("CVE-2024-1000", "Not in the log", "2024-05-01T10:59:00Z");
  const Fetched whole = after(known, true);
  EXPECT_EQ(whole.state, State::full);
  EXPECT_EQ(whole.fingerprint, project()->commit);
  EXPECT_THAT(contents(whole).find(path_1000)->second, HasSubstr("Not in the log"));
}

TEST_F(LiveCveChanges, DoNotPassAnOldCopyOfTheLogForTheNewCommit) {
  Fetched known = open("cve");
  project()->change("CVE-2024-1001", "Changed", "2024-05-01T11:00:00Z");
  known = after(known);
  const std::string old_log = "[" + project()->log_entries[0] + "]";
  project()->change("CVE-2024-1002", "New", "2024-05-01T11:07:00Z");
  project()->log_text = old_log;
  // What is old at the beginning is a gap; a whole old copy is nothing new.
  project()->log_text = "[" + project()->log_entries[1] + "," + project()->log_entries[2] + "]";
  const Fetched nothing = after(known);
  EXPECT_EQ(nothing.state, State::unchanged);
  EXPECT_EQ(nothing.fingerprint, known.fingerprint);
  project()->log_text.clear();
  EXPECT_EQ(after(known).collection->size(), 1U);
}

TEST_F(LiveCveChanges, GoOnWithoutGit) {
  project()->git_up = false;
  Fetched known = open("cve");
  EXPECT_EQ(known.fingerprint, "etag \"" + project()->commit + "\"");
  EXPECT_EQ(after(known).state, State::delta);  // the overlap, once
  project()->change("CVE-2024-1001", "Changed", "2024-05-01T11:00:00Z");
  known = after(known);
  EXPECT_EQ(known.state, State::delta);
  EXPECT_EQ(known.fingerprint, "log 2024-05-01T11:00:00Z");
  EXPECT_THAT(known.route_reason, HasSubstr("/cve"));
  EXPECT_EQ(after(known).state, State::unchanged);
}

TEST_F(LiveCveChanges, FailWithEveryReasonWhenNothingAnswers) {
  const Fetched first = open("cve");
  project()->git_up = false;
  project()->archive_up = false;
  project()->log_text = "<html>";
  const auto [word, message] = failure_of([&] { after(first); });
  EXPECT_EQ(word, "transport");
  EXPECT_THAT(message, AllOf(HasSubstr("git repository"), HasSubstr("main.zip"), HasSubstr("status 503")));
}

TEST(RawUrlOfCommit, PinsTheFilesOfGitHub) {
  EXPECT_EQ(raw_url_of_commit("https://raw.githubusercontent.com/CVEProject/cvelistV5/main", "abc"),
            "https://raw.githubusercontent.com/CVEProject/cvelistV5/abc");
  for (const char* other :
       {"https://raw.githubusercontent.com/a/b", "http://127.0.0.1/CVEProject/cvelistV5/main",
        "https://raw.githubusercontent.com/a/b/refs/heads/main"})
    EXPECT_EQ(raw_url_of_commit(other, "abc"), other);
  EXPECT_EQ(raw_url_of_commit("https://raw.githubusercontent.com/a/b/main", ""),
            "https://raw.githubusercontent.com/a/b/main");
}

}  // namespace
}  // namespace fetch
