#include "fetch/git.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <cstdlib>

#include "base/process.hpp"
#include "fetch/git_blobs.hpp"
#include "fetch/git_source.hpp"
#include "support/git_builder.hpp"
#include "unit/fetch/zip_fixture.hpp"

namespace fetch {
namespace {

using support::GitBuilder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

bool everything(std::string_view) {
  return true;
}

/// "path=content" of every file.
std::vector<std::string> listing(const GitRepository& repository, const GitFiles& files) {
  std::vector<std::string> result;
  GitBlobs blobs(repository.git_dir(), files);
  for (std::size_t i = 0; i < files.size(); ++i)
    result.push_back(std::string(files.path(i)) + "=" + std::string(blobs.read(i)));
  return result;
}

class Git : public testing::Test {
 protected:
  base::TemporaryDirectory directory_;
  GitBuilder builder_{directory_.path() / "repository"};
  GitRepository repository_{builder_.path()};
};

TEST_F(Git, FindsBareRepositoriesAndWorkingCopiesInTheirPlaceOnly) {
  builder_.put("a", "1").commit();
  ASSERT_TRUE(GitRepository::find(builder_.path()).has_value());
  const auto copy = directory_.path() / "copy";
  builder_.git({"clone", "--quiet", ".", copy.native()});
  const auto found = GitRepository::find(copy);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->git_dir(), copy / ".git");
  EXPECT_EQ(found->head(), repository_.head());
  std::filesystem::create_directories(copy / "below");
  EXPECT_FALSE(GitRepository::find(copy / "below").has_value());
  EXPECT_FALSE(GitRepository::find(directory_.path() / "missing").has_value());
}

TEST_F(Git, HeadIsThatOfTheDefaultBranch) {
  builder_.put("a", "1").commit("trunk");
  EXPECT_EQ(failure_of([&] { repository_.head(); }).first, "no_repository");
  builder_.git({"symbolic-ref", "HEAD", "refs/heads/trunk"});
  EXPECT_EQ(repository_.head(), builder_.git({"rev-parse", "trunk"}));
}

TEST_F(Git, FallsBackToMainAndMasterWhenHeadNamesNothing) {
  const std::string commit = builder_.put("a", "1").commit("master");
  builder_.git({"symbolic-ref", "HEAD", "refs/heads/gone"});
  EXPECT_EQ(repository_.head(), commit);
  const std::string other = builder_.start_over().put("a", "2").commit("main");
  EXPECT_NE(other, commit);
  EXPECT_EQ(repository_.head(), other);
}

TEST_F(Git, AnEmptyRepositoryOrNoneIsAnError) {
  EXPECT_EQ(failure_of([&] { repository_.head(); }).first, "no_repository");
  const auto [word, message] = failure_of([&] { GitRepository(directory_.path()).head(); });
  EXPECT_EQ(word, "no_repository");
  EXPECT_THAT(message, HasSubstr("not a git repository"));
}

TEST_F(Git, ListsRegularFilesWhosePathsMayDifferInCaseOnly) {
  const std::string commit = builder_.put("npm/Openclaw/CVE-1.yml", "upper")
                                 .put("npm/openclaw/CVE-1.yml", "lower")
                                 .put("run.sh", "executable", "100755")
                                 .link("link.yml", "npm/openclaw/CVE-1.yml")
                                 .submodule("sub.yml")
                                 .put("caf\xc3\xa9 \xff\x01.yml", "odd")
                                 .commit();
  EXPECT_THAT(listing(repository_, repository_.files(commit, everything)),
              ElementsAre("caf\xc3\xa9 \\xff\\x01.yml=odd", "npm/Openclaw/CVE-1.yml=upper",
                          "npm/openclaw/CVE-1.yml=lower", "run.sh=executable"));
}

TEST_F(Git, SeesEveryKindOfChange) {
  const std::string from = builder_.put("kept", "1")
                               .put("modified", "1")
                               .put("deleted", "1")
                               .put("moved", "content of the moved file")
                               .put("Case", "c")
                               .put("becomes link", "x")
                               .link("becomes file", "x")
                               .commit();
  const std::string to = builder_.put("modified", "2")
                             .put("added", "1")
                             .remove("deleted")
                             .remove("moved")
                             .put("to/here", "content of the moved file")
                             .remove("Case")
                             .put("case", "c")
                             .link("becomes link", "y")
                             .put("becomes file", "z")
                             .commit();
  const GitChanges changes = repository_.changes(from, to, everything);
  EXPECT_THAT(
      listing(repository_, changes.changed),
      ElementsAre("added=1", "becomes file=z", "case=c", "modified=2", "to/here=content of the moved file"));
  EXPECT_THAT(changes.removed, ElementsAre("Case", "becomes link", "deleted", "moved"));
  const GitChanges none = repository_.changes(to, to, everything);
  EXPECT_EQ(none.changed.size(), 0U);
  EXPECT_THAT(none.removed, IsEmpty());
}

TEST_F(Git, ComparesCommitsWithoutACommonHistory) {
  const std::string from = builder_.put("a", "1").put("b", "1").commit();
  const std::string to = builder_.start_over().put("a", "1").put("c", "1").commit();
  const GitChanges changes = repository_.changes(from, to, everything);
  EXPECT_THAT(listing(repository_, changes.changed), ElementsAre("c=1"));
  EXPECT_THAT(changes.removed, ElementsAre("b"));
}

TEST_F(Git, SelectsByPath) {
  const std::string commit = builder_.put("a.yml", "1").put("b.md", "2").commit();
  const auto yml = [](std::string_view path) { return path.ends_with(".yml"); };
  EXPECT_THAT(listing(repository_, repository_.files(commit, yml)), ElementsAre("a.yml=1"));
}

TEST_F(Git, KnowsWhichCommitsItHas) {
  const std::string commit = builder_.put("a", "1").commit();
  EXPECT_TRUE(repository_.has_commit(commit));
  EXPECT_FALSE(repository_.has_commit(std::string(40, '1')));
}

TEST_F(Git, ReadsBlobsInAnyOrderAndOfAnySize) {
  const std::string large(300000, 'L');
  for (int i = 0; i < 300; ++i) builder_.put("f" + std::to_string(1000 + i), std::to_string(i));
  builder_.put("f1100", large).put("f1101", "").put("f1102", "\n\n");
  const GitFiles files = repository_.files(builder_.commit(), everything);
  ASSERT_EQ(files.size(), 300U);
  const auto expected = [&](std::size_t i) {
    return i == 100 ? large : i == 101 ? "" : i == 102 ? "\n\n" : std::to_string(i);
  };
  GitBlobs blobs(builder_.path(), files);
  for (std::size_t i = 0; i < 300; ++i) EXPECT_EQ(blobs.read(i), expected(i)) << i;
  for (std::size_t i = 300; i-- > 0;) EXPECT_EQ(blobs.read(i), expected(i)) << i;
  for (std::size_t i = 0; i < 300; ++i) {
    const std::size_t jump = i * 7 % 300;
    EXPECT_EQ(blobs.read(jump), expected(jump)) << jump;
    EXPECT_EQ(blobs.read((jump + 1) % 300), expected((jump + 1) % 300));
  }
  EXPECT_EQ(blobs.read(299), "299");
}

TEST_F(Git, ReportsAMissingObjectAndGoesOn) {
  builder_.put("a", "1").put("b", "2").commit();
  GitFiles files;
  files.add("a", builder_.git({"rev-parse", "main:a"}));
  files.add("gone", std::string(40, '1'));
  files.add("b", builder_.git({"rev-parse", "main:b"}));
  files.add("folder", builder_.git({"rev-parse", "main^{tree}"}));
  GitBlobs blobs(builder_.path(), files);
  EXPECT_EQ(blobs.read(0), "1");
  const auto [word, message] = failure_of([&] { blobs.read(1); });
  EXPECT_EQ(word, "corrupt");
  EXPECT_THAT(message, HasSubstr("gone"));
  EXPECT_EQ(blobs.read(2), "2");
  EXPECT_EQ(failure_of([&] { blobs.read(3); }).first, "corrupt");
}

TEST_F(Git, ReadsARepositoryOfAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a directory away";
  const std::string commit = builder_.put("a", "1").commit();
  base::run({.arguments = {"chown", "-R", "12345:12345", builder_.path().native()}});
  EXPECT_EQ(repository_.head(), commit);
  EXPECT_THAT(listing(repository_, repository_.files(commit, everything)), ElementsAre("a=1"));
}

TEST_F(Git, ExecutesNothingThatARepositoryNames) {
  const std::string commit = builder_.put("a", "1").commit();
  const std::string marker = (directory_.path() / "executed").native();
  const std::string touch = "touch '" + marker + "'";
  // A promisor remote makes git fetch the objects it misses.
  builder_.git({"config", "core.repositoryFormatVersion", "1"});
  builder_.git({"config", "extensions.partialClone", "origin"});
  builder_.git({"config", "remote.origin.promisor", "true"});
  builder_.git({"config", "remote.origin.url", "ext::sh -c " + touch});
  builder_.git({"config", "protocol.allow", "always"});
  builder_.git({"config", "core.fsmonitor", touch});
  builder_.git({"config", "core.sshCommand", touch});
  GitFiles files;
  files.add("gone", std::string(40, '1'));
  GitBlobs blobs(builder_.path(), files);
  EXPECT_EQ(failure_of([&] { blobs.read(0); }).first, "corrupt");
  EXPECT_FALSE(repository_.has_commit(std::string(40, '1')));
  EXPECT_EQ(repository_.files(commit, everything).size(), 1U);
  EXPECT_FALSE(std::filesystem::exists(marker));
}

TEST_F(Git, IgnoresTheCallersGitVariables) {
  const std::string commit = builder_.put("a", "1").commit();
  GitBuilder other(directory_.path() / "other");
  other.put("a", "2").commit();
  setenv("GIT_DIR", other.path().c_str(), 1);
  setenv("GIT_OBJECT_DIRECTORY", (other.path() / "objects").c_str(), 1);
  EXPECT_EQ(repository_.head(), commit);
  EXPECT_THAT(listing(repository_, repository_.files(commit, everything)), ElementsAre("a=1"));
  unsetenv("GIT_DIR");
  unsetenv("GIT_OBJECT_DIRECTORY");
}

TEST_F(Git, SaysWhenGitIsMissing) {
  const std::string path = getenv("PATH");
  setenv("PATH", directory_.path().c_str(), 1);
  const auto [word, message] = failure_of([&] { repository_.head(); });
  setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(word, "git");
  EXPECT_THAT(message, HasSubstr("install"));
}

TEST(GitlabPaths, AreAdvisoriesOrNot) {
  for (const char* path :
       {"npm/left-pad/CVE-2020-1.yml", "go/github.com/a/b/GMS-1.yml", "newtype/x/CVE-1.yml"})
    EXPECT_TRUE(is_gitlab_advisory(path)) << path;
  for (const char* path :
       {"README.md", ".yamllint", ".gitlab-ci.yml", ".gitlab/issue_templates/a.yml", "ci/a/b.yml",
        "npm/x.yml", "npm/left-pad/CVE-2020-1.yaml", "npm/left-pad/notes.md"})
    EXPECT_FALSE(is_gitlab_advisory(path)) << path;
}

}  // namespace
}  // namespace fetch
