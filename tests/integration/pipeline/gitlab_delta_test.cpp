// Files of the GitLab database that cannot be read while others of the same record can: a list of changes
// leads to the state that a fresh database has.
#include <gtest/gtest.h>

#include "pipeline/sync.hpp"
#include "support/git_builder.hpp"
#include "support/sync_scenario.hpp"

namespace pipeline {
namespace {

using advisory::Source;
using support::counts;

class GitlabDelta : public testing::Test {
 protected:
  GitlabDelta() {
    world_.options.sources = {Source::gitlab};
    world_.options.allow_mass_delete = true;
    put("gem/other/CVE-1999-0001.yml", "other", "<1.0.0");
  }

  void put(const std::string& path, const std::string& uuid, const std::string& range) {
    const std::size_t slash = path.rfind('/');
    const std::string id = path.substr(slash + 1, path.size() - slash - 1 - std::string(".yml").size());
    repository_.put(path, "identifier: " + id + "\nidentifiers: [" + id +
                              "]\npackage_slug: " + path.substr(0, slash) + "\naffected_range: \"" + range +
                              "\"\ndate: 2024-01-01\ntitle: T\nuuid: " + uuid + "\n");
  }
  void put_unreadable(const std::string& path, const std::string& uuid) {
    repository_.put(path, (uuid.empty() ? std::string() : "uuid: " + uuid + "\n") + "x: [unclosed\n");
  }

  Report sync() {
    repository_.commit();
    Report report = world_.sync_again();
    EXPECT_EQ(report.state, "succeeded");
    return report;
  }
  void expect_like_fresh() { EXPECT_EQ(world_.digest(), world_.digest_of_fresh_sync()); }
  std::vector<std::string> quarantined() {
    return world_.column("SELECT record_id FROM quarantine ORDER BY 1");
  }
  using Texts = std::vector<std::string>;

  support::SyncScenario world_;
  support::GitBuilder repository_{world_.mirror() / "gitlab"};
};

TEST_F(GitlabDelta, ARecordThatMovedAndBrokeAndWentIsGone) {
  put("npm/p/CVE-2024-0001.yml", "u1", "<1.0.0");
  sync();
  repository_.remove("npm/p/CVE-2024-0001.yml");
  put_unreadable("npm/q/CVE-2024-0001.yml", "u1");
  sync();
  EXPECT_EQ(quarantined(), Texts{"u1"});
  EXPECT_EQ(world_.value("SELECT stale::text FROM source_records WHERE record_id = 'u1'"), "true");
  repository_.remove("npm/q/CVE-2024-0001.yml");
  sync();
  EXPECT_EQ(quarantined(), Texts{});
  EXPECT_EQ(world_.column("SELECT id FROM vulnerabilities"), Texts{"CVE-1999-0001"});
  expect_like_fresh();
}

TEST_F(GitlabDelta, ABrokenFileThatTurnsOutToBeAnotherRecordLeavesNothingOfTheFirst) {
  put("npm/p/CVE-2024-0001.yml", "u1", "<1.0.0");
  sync();
  repository_.remove("npm/p/CVE-2024-0001.yml");
  put_unreadable("npm/q/CVE-2024-0001.yml", "u1");
  sync();
  put("npm/q/CVE-2024-0001.yml", "u2", "<2.0.0");
  sync();
  EXPECT_EQ(world_.column("SELECT record_id FROM source_records WHERE removed_at IS NULL ORDER BY 1"),
            (Texts{"other", "u2"}));
  expect_like_fresh();
}

TEST_F(GitlabDelta, ABrokenCopyOfAGoodRecordIsADuplicate) {
  put("npm/p/CVE-2024-0001.yml", "u1", "<1.0.0");
  sync();
  put_unreadable("npm/copy/CVE-2024-0001.yml", "u1");
  EXPECT_EQ(counts(sync(), Source::gitlab), "full 2 0 0 2 0 0 1");
  EXPECT_EQ(quarantined(), Texts{});
  expect_like_fresh();
}

TEST_F(GitlabDelta, ABrokenFileInTheOldPlaceOfARecordIsItsOwn) {
  put("npm/p/CVE-2024-0001.yml", "u1", "<1.0.0");
  sync();
  put_unreadable("npm/p/CVE-2024-0001.yml", "");
  put("npm/q/CVE-2024-0001.yml", "u1", "<5.0.0");
  sync();
  EXPECT_EQ(quarantined(), Texts{"npm/p/CVE-2024-0001.yml"});
  EXPECT_EQ(
      world_.column("SELECT ranges->0->'events'->1->>'fixed' FROM affected_packages WHERE name <> 'other'"),
      Texts{"5.0.0"});
  expect_like_fresh();
}

TEST_F(GitlabDelta, APathThatIsTooLongIsRefused) {
  const std::string path = "npm/" + std::string(200, 'a') + "/" + std::string(200, 'b') + "/" +
                           std::string(200, 'c') + "/" + std::string(200, 'd') + "/" + std::string(220, 'e');
  put(path + "/CVE-2024-0001.yml", "u1", "<1.0.0");
  put_unreadable(path + "/CVE-2024-0002.yml", "");
  EXPECT_EQ(counts(sync(), Source::gitlab), "full 3 1 0 0 2 0 0");
  EXPECT_EQ(world_.value("SELECT max(length(record_id)) FROM quarantine"), "545");  // 512, ~ and a hash
  EXPECT_EQ(world_.value("SELECT count(DISTINCT record_id) FROM quarantine"), "2");
  expect_like_fresh();
}

}  // namespace
}  // namespace pipeline
