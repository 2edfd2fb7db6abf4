// The GitLab part of a mirror: a repository in place, or a bundle through the cache.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "support/git_builder.hpp"
#include "unit/fetch/mirror_fixture.hpp"
#include "unit/fetch/zip_fixture.hpp"

namespace fetch {
namespace {

using State = Fetched::State;
using support::GitBuilder;
using testing::ElementsAre;
using testing::HasSubstr;

class GitMirror : public testing::Test {
 protected:
  /// Writes the bundle of the builder's revisions into the mirror.
  void bundle(const std::vector<std::string>& revisions) {
    std::filesystem::create_directories(bundle_path().parent_path());
    std::vector<std::string> command = {"bundle", "create", "--quiet", bundle_path().native()};
    command.insert(command.end(), revisions.begin(), revisions.end());
    builder_.git(command);
  }
  std::filesystem::path bundle_path() const { return mirror_.path() / "gitlab/advisories.bundle"; }

  /// Overwrites every pack in the cache from `begin` to `end`, both counted from the end of the file.
  void damage_cache(std::size_t begin, std::size_t end) const {
    for (const auto& file : std::filesystem::recursive_directory_iterator(mirror_.cache())) {
      if (file.path().extension() != ".pack") continue;
      std::string bytes = base::read_file(file.path());
      const std::size_t length = std::min(begin, bytes.size()) - end;
      bytes.replace(bytes.size() - end - length, length, length, 'x');
      base::write_file_atomically(file.path(), bytes);
    }
  }

  base::TemporaryDirectory directory_;
  GitBuilder builder_{directory_.path() / "repository"};
  MirrorOnDisk mirror_;
};

TEST_F(GitMirror, ReadsARepositoryInPlace) {
  GitBuilder place(mirror_.path() / "gitlab");
  const std::string first = place.put("npm/a/CVE-1.yml", "one").put("README.md", "no").commit();
  const Fetched full = mirror_.open("gitlab");
  EXPECT_EQ(full.state, State::full);
  EXPECT_EQ(full.fingerprint, first);
  EXPECT_EQ(contents(full), (Contents{{"npm/a/CVE-1.yml", "one"}}));
  EXPECT_EQ(mirror_.open("gitlab", first).state, State::unchanged);

  const std::string second = place.put("npm/b/CVE-2.yml", "two").remove("npm/a/CVE-1.yml").commit();
  const Fetched delta = mirror_.open("gitlab", first);
  EXPECT_EQ(delta.state, State::delta);
  EXPECT_EQ(delta.fingerprint, second);
  EXPECT_EQ(contents(delta), (Contents{{"npm/b/CVE-2.yml", "two"}}));
  EXPECT_THAT(delta.collection->removed(), ElementsAre("npm/a/CVE-1.yml"));
  EXPECT_EQ(mirror_.open("gitlab", first, true).state, State::full);
  EXPECT_FALSE(std::filesystem::exists(mirror_.cache()));
}

TEST_F(GitMirror, TakesEverythingWhenTheKnownCommitIsUnknownHere) {
  GitBuilder place(mirror_.path() / "gitlab");
  place.put("npm/a/CVE-1.yml", "one").commit();
  for (const std::string& known : {std::string(40, '1'), std::string("--output=/tmp/x"), std::string("HEAD")})
    EXPECT_EQ(mirror_.open("gitlab", known).state, State::full) << known;
}

TEST_F(GitMirror, ReadsABundle) {
  const std::string commit = builder_.put("npm/a/CVE-1.yml", "one").commit();
  bundle({"HEAD", "main"});
  const Fetched full = mirror_.open("gitlab");
  EXPECT_EQ(full.state, State::full);
  EXPECT_EQ(full.fingerprint, commit);
  EXPECT_EQ(full.bytes_fetched, std::filesystem::file_size(bundle_path()));
  EXPECT_EQ(contents(full), (Contents{{"npm/a/CVE-1.yml", "one"}}));
  const Fetched again = mirror_.open("gitlab", commit);
  EXPECT_EQ(again.state, State::unchanged);
  EXPECT_EQ(again.bytes_fetched, 0U);
}

TEST_F(GitMirror, TakesTheBranchThatABundleNames) {
  builder_.put("npm/a/CVE-1.yml", "main").commit();
  builder_.start_over().put("npm/a/CVE-1.yml", "master").commit("master");
  builder_.start_over().put("npm/a/CVE-1.yml", "other").commit("other");
  bundle({"master", "other", "main"});
  EXPECT_EQ(contents(mirror_.open("gitlab")), (Contents{{"npm/a/CVE-1.yml", "main"}}));
  bundle({"other", "master"});
  EXPECT_EQ(contents(mirror_.open("gitlab")), (Contents{{"npm/a/CVE-1.yml", "master"}}));
  bundle({"other"});
  EXPECT_EQ(contents(mirror_.open("gitlab")), (Contents{{"npm/a/CVE-1.yml", "other"}}));
}

TEST_F(GitMirror, GivesADeltaBetweenTwoBundles) {
  const std::string first = builder_.put("npm/A/CVE-1.yml", "one").put("npm/b/CVE-2.yml", "two").commit();
  bundle({"HEAD"});
  mirror_.open("gitlab");
  builder_.remove("npm/A/CVE-1.yml").put("npm/a/CVE-1.yml", "one").commit();
  bundle({"HEAD"});
  const Fetched delta = mirror_.open("gitlab", first);
  EXPECT_EQ(delta.state, State::delta);
  EXPECT_EQ(contents(delta), (Contents{{"npm/a/CVE-1.yml", "one"}}));
  EXPECT_THAT(delta.collection->removed(), ElementsAre("npm/A/CVE-1.yml"));
}

TEST_F(GitMirror, AddsABundleThatHoldsOnlyTheNewCommits) {
  const std::string first = builder_.put("npm/a/CVE-1.yml", "one").commit();
  bundle({"HEAD"});
  mirror_.open("gitlab");
  builder_.put("npm/b/CVE-2.yml", "two").commit();
  bundle({"HEAD", "^" + first});
  EXPECT_EQ(contents(mirror_.open("gitlab", first)), (Contents{{"npm/b/CVE-2.yml", "two"}}));

  std::filesystem::remove_all(mirror_.cache());
  const auto [word, message] = failure_of([&] { mirror_.open("gitlab", first); });
  EXPECT_EQ(word, "git");
  EXPECT_THAT(message, HasSubstr("lacks these prerequisite commits"));
}

TEST_F(GitMirror, FollowsRewrittenHistory) {
  const std::string first = builder_.put("npm/a/CVE-1.yml", "one").put("npm/b/CVE-2.yml", "two").commit();
  bundle({"HEAD"});
  mirror_.open("gitlab");
  builder_.start_over().put("npm/a/CVE-1.yml", "one").put("npm/c/CVE-3.yml", "three").commit();
  bundle({"HEAD"});
  const Fetched delta = mirror_.open("gitlab", first);
  EXPECT_EQ(delta.state, State::delta);
  EXPECT_EQ(contents(delta), (Contents{{"npm/c/CVE-3.yml", "three"}}));
  EXPECT_THAT(delta.collection->removed(), ElementsAre("npm/b/CVE-2.yml"));

  std::filesystem::remove_all(mirror_.cache());
  const Fetched full = mirror_.open("gitlab", first);
  EXPECT_EQ(full.state, State::full);
  EXPECT_EQ(full.collection->size(), 2U);
}

TEST_F(GitMirror, RefusesADamagedBundleAndKeepsTheCache) {
  const std::string first = builder_.put("npm/a/CVE-1.yml", "one").commit();
  bundle({"HEAD"});
  mirror_.open("gitlab");
  builder_.put("npm/b/CVE-2.yml", std::string(5000, 'x')).commit();
  bundle({"HEAD"});
  const auto whole = std::filesystem::file_size(bundle_path());
  std::filesystem::resize_file(bundle_path(), whole - 30);
  EXPECT_EQ(failure_of([&] { mirror_.open("gitlab", first); }).first, "git");
  EXPECT_TRUE(std::filesystem::exists(mirror_.cache() / "objects.git/HEAD"));
  bundle({"HEAD", "^" + first});
  EXPECT_EQ(mirror_.open("gitlab", first).state, State::delta);
}

TEST_F(GitMirror, RebuildsADamagedCache) {
  const std::string first = builder_.put("npm/a/CVE-1.yml", "one").commit();
  bundle({"HEAD"});
  mirror_.open("gitlab");
  for (const bool new_commit : {false, true}) {
    if (new_commit) {
      builder_.put("npm/b/CVE-2.yml", "two").commit();
      bundle({"HEAD"});
    }
    damage_cache(100000, 0);
    const Contents expected = contents(mirror_.open("gitlab"));
    EXPECT_EQ(expected.size(), new_commit ? 2U : 1U);
  }
  support::write_file(mirror_.cache() / "objects.git/HEAD", "garbage");
  EXPECT_EQ(contents(mirror_.open("gitlab")).size(), 2U);
}

TEST_F(GitMirror, RebuildsACacheWhoseDamageShowsWhileReading) {
  std::string noise;
  std::mt19937 random(1);
  while (noise.size() < 20000) noise += static_cast<char>(random() & 0xff);
  builder_.put("npm/a/CVE-1.yml", noise).commit();
  bundle({"HEAD"});
  mirror_.open("gitlab");
  // The blob comes last in the pack, before the checksum of 20 bytes that git compares when it opens a pack.
  damage_cache(1000, 20);
  const Fetched damaged = mirror_.open("gitlab");
  EXPECT_EQ(failure_of([&] { contents(damaged); }).first, "corrupt");
  EXPECT_EQ(contents(mirror_.open("gitlab")), (Contents{{"npm/a/CVE-1.yml", noise}}));
}

TEST_F(GitMirror, ReadsABundleWithSha256Ids) {
  GitBuilder modern(directory_.path() / "modern", "sha256");
  const std::string commit = modern.put("npm/a/CVE-1.yml", "one").commit();
  std::filesystem::create_directories(bundle_path().parent_path());
  modern.git({"bundle", "create", "--quiet", bundle_path().native(), "HEAD"});
  EXPECT_EQ(commit.size(), 64U);
  EXPECT_EQ(contents(mirror_.open("gitlab")), (Contents{{"npm/a/CVE-1.yml", "one"}}));
  EXPECT_EQ(mirror_.open("gitlab", commit).state, State::unchanged);
}

TEST_F(GitMirror, RefusesWhatIsNoBundleOrRepository) {
  mirror_.write("gitlab/advisories.bundle", "<html>");
  EXPECT_EQ(failure_of([&] { mirror_.open("gitlab"); }).first, "no_repository");
  std::filesystem::remove(bundle_path());
  EXPECT_EQ(mirror_.open("gitlab").state, State::absent);
  mirror_.write("gitlab/npm/a/CVE-1.yml", "a file without a repository");
  EXPECT_EQ(failure_of([&] { mirror_.open("gitlab"); }).first, "no_repository");
}

TEST_F(GitMirror, RefusesARepositoryWithoutRecords) {
  builder_.put("README.md", "nothing else").commit();
  bundle({"HEAD"});
  EXPECT_EQ(failure_of([&] { mirror_.open("gitlab"); }).first, "empty");
}

}  // namespace
}  // namespace fetch
