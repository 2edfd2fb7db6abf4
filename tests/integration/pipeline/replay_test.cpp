// Sources followed change by change: at every point the database is what a fresh load of that moment gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>

#include "base/format.hpp"
#include "support/cve_project.hpp"
#include "support/git_builder.hpp"
#include "support/sync_scenario.hpp"

namespace pipeline {
namespace {

using advisory::Source;
using support::HttpRequest;
using support::HttpServer;

/// A repository of advisories that changes at random, the same way each time.
class Repository {
 public:
  explicit Repository(const std::filesystem::path& directory) : git_(directory) {
    for (int i = 0; i < 30; ++i) add();
    git_.commit();
  }

  void change() {
    for (std::size_t i = 0; i < 1 + pick(3); ++i) switch (pick(5)) {
        case 0:
          add();
          break;
        case 1:
          edit();
          break;
        case 2:
          take_away();
          break;
        case 3:
          move(base::format("npm/moved-{}/CVE-2024-{}.yml", next_, 1000 + next_));
          break;
        default:
          rename_in_case();
      }
    git_.commit();
  }
  /// The same files, one of them edited, as the only commit.
  void rewrite_history() {
    git_.start_over();
    for (const auto& [path, file] : files_) git_.put(path, text(path, file));
    edit();
    git_.commit();
  }

 private:
  struct File {
    int uuid = 0;
    int edits = 0;
  };

  std::size_t pick(std::size_t below) { return random_() % below; }
  std::map<std::string, File>::iterator any() {
    return std::next(files_.begin(), static_cast<std::ptrdiff_t>(pick(files_.size())));
  }
  static std::string text(const std::string& path, const File& file) {
    std::string id = path.substr(path.rfind('/') + 1);
    id.resize(id.size() - 4);
    return base::format(
        "identifier: \"{0}\"\nidentifiers: [\"{0}\", \"GHSA-{3:04}-aaaa-bbbb\"]\npackage_slug: \"{1}\"\n"
        "title: \"Edit {2}\"\ndescription: \"A description\"\ndate: \"2024-01-02\"\npubdate: \"2024-01-02\"\n"
        "affected_range: \"<1.{2}.0\"\nfixed_versions: [\"1.{2}.0\"]\naffected_versions: \"All before\"\n"
        "urls: []\nuuid: \"11111111-2222-3333-4444-{3:012}\"\n",
        id, path.substr(0, path.rfind('/')), file.edits, file.uuid);
  }

  void put(const std::string& path, const File& file) {
    files_[path] = file;
    git_.put(path, text(path, file));
  }
  void add() {
    put(base::format("npm/Package-{}/CVE-2024-{}.yml", next_ % 7, 1000 + next_), {next_, 0});
    ++next_;
  }
  void edit() {
    const auto file = any();
    put(file->first, {file->second.uuid, file->second.edits + 1});
  }
  void take_away() {
    const auto file = any();
    git_.remove(file->first);
    files_.erase(file);
  }
  // A uuid goes elsewhere, and another one may take its old place.
  void move(const std::string& path) {
    const auto file = any();
    const auto [old_path, content] = *file;
    take_away_known(old_path);
    put(path, {content.uuid, content.edits + static_cast<int>(pick(2))});
    ++next_;
    if (pick(2) == 0) put(old_path, {next_++, 0});
  }
  void rename_in_case() {
    const auto file = any();
    std::string path = file->first;
    const File content = file->second;
    path[4] = path[4] == 'P' ? 'p' : path[4] == 'p' ? 'P' : path[4] == 'm' ? 'M' : 'm';
    if (files_.contains(path)) return;
    take_away_known(file->first);
    put(path, content);
  }
  void take_away_known(const std::string& path) {
    git_.remove(path);
    files_.erase(std::string(path));
  }

  support::GitBuilder git_;
  std::map<std::string, File> files_;
  std::mt19937 random_{20240501};
  int next_ = 0;
};

TEST(Replay, FiftyCommitsOfAdvisoriesGiveTheDigestOfAFreshLoad) {
  support::SyncScenario scenario;
  Repository repository(scenario.mirror() / "gitlab");
  scenario.options.sources = {Source::gitlab};
  scenario.sync_again();
  std::size_t deltas = 0;
  for (int commit = 1; commit <= 50; ++commit) {
    if (commit % 20 == 0)
      repository.rewrite_history();
    else
      repository.change();
    const Report report = scenario.sync_again();
    ASSERT_EQ(report.state, "succeeded") << commit;
    if (report.sources.at(Source::gitlab).mode == "delta") ++deltas;
    if (commit % 8 == 0 || commit % 20 < 2) {
      ASSERT_EQ(scenario.digest(), scenario.digest_of_fresh_sync()) << commit;
    }
  }
  EXPECT_EQ(deltas, 50U);
}

/// The CVE list as GitHub has it, followed by its log of changes.
class CveReplay : public testing::Test {
 protected:
  CveReplay() {
    for (const char* variable : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) ::unsetenv(variable);
    for (int i = 1000; i < 1020; ++i) project()->change(id(i), "First", "2024-05-01T10:00:00Z");
    Options& options = scenario_.options;
    options.sources = {Source::cve};
    options.mirror.reset();
    options.live.cve_project_url = server_.url("/cve/archive/refs/heads/main.zip");
    options.live.cve_raw_url = server_.url("/raw");
    options.live.cve_releases_url = server_.url("/api/releases");
    options.live.http.attempts = 1;
    scenario_.sync_again();
  }

  static std::string id(int number) { return "CVE-2024-" + std::to_string(number); }
  // Syncs; returns mode and way, and expects what a fresh load of the archive gives.
  std::string follow() {
    const Report report = scenario_.sync_again();
    EXPECT_EQ(scenario_.digest(), fresh_digest());
    const SourceReport& cve = report.sources.at(Source::cve);
    return std::string(cve.mode) + " by " + cve.route;
  }
  std::string fresh_digest() {
    const base::TemporaryDirectory cache;
    const auto kept = std::exchange(scenario_.options.cache, cache.path());
    std::string digest = scenario_.digest_of_fresh_sync();
    scenario_.options.cache = kept;
    return digest;
  }

  support::Locked<support::CveProject> project() { return {server_.lock(), project_}; }

 private:
  support::CveProject project_;

 protected:
  HttpServer server_{[this](const HttpRequest& request) { return project_(request); }};
  support::SyncScenario scenario_;
};

TEST_F(CveReplay, ChangesGiveTheDigestOfAFreshLoadHoweverTheyCome) {
  project()->change(id(1003), "Changed", "2024-05-01T11:00:00Z");
  project()->change(id(1020), "New", "2024-05-01T11:07:00Z");
  EXPECT_EQ(follow(), "delta by files");

  // A day later the log has forgotten the time between: release archives have it.
  project()->change(id(1004), "Changed", "2024-05-01T20:00:00Z");
  project()->release(server_.url(), "2024-05-02T00:20:00Z", "2024-05-01_delta_CVEs_at_end_of_day.zip",
                     {id(1004)});
  project()->log_entries.clear();
  project()->change(id(1005), "Changed", "2024-05-02T09:00:00Z");
  EXPECT_EQ(follow(), "delta by releases");

  // Weeks later nothing has it but the archive.
  project()->change(id(1006), "Changed", "2024-05-20T09:00:00Z");
  project()->log_entries.clear();
  project()->change(id(1007), "Changed", "2024-06-20T09:00:00Z");
  EXPECT_EQ(follow(), "full by archive");

  project()->change(id(1008), "Changed again", "2024-06-20T10:00:00Z");
  EXPECT_EQ(follow(), "delta by files");
}

TEST_F(CveReplay, AFileThatCameLateIsThereInTheEnd) {
  project()->cached[id(1001)] = project()->records[id(1001)];
  project()->missing.insert(id(1021));
  project()->change(id(1001), "Changed", "2024-05-01T11:00:00Z");
  project()->change(id(1021), "New", "2024-05-01T11:07:00Z");
  scenario_.sync_again();
  EXPECT_NE(scenario_.digest(), fresh_digest());
  project()->cached.clear();
  project()->missing.clear();
  EXPECT_EQ(follow(), "delta by files");
}

}  // namespace
}  // namespace pipeline
