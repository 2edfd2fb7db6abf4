// GitLab's repository: on this machine, on another, behind a plain web server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "fetch/git_source.hpp"
#include "support/git_builder.hpp"
#include "unit/fetch/live_fixture.hpp"
#include "unit/fetch/zip_fixture.hpp"

namespace fetch {
namespace {

using State = Fetched::State;
using support::GitBuilder;
using support::HttpAnswer;
using support::HttpRequest;
using support::HttpServer;
using testing::ElementsAre;
using testing::HasSubstr;

class LiveGitLab : public LiveTest {
 protected:
  /// Through the cache, as for a repository on another machine.
  Fetched open_remote(const std::string& known = "") const {
    return open_git_remote(request("gitlab", known), "file://" + builder_.path().native(),
                           is_gitlab_advisory);
  }

  GitBuilder builder_{directory_.path() / "repository"};
};

TEST_F(LiveGitLab, CopiesOnlyTheNewestCommit) {
  const std::string first = builder_.put("npm/a/CVE-1.yml", "one").commit();
  const std::string second = builder_.put("npm/b/CVE-2.yml", "two").commit();
  const Fetched fetched = open_remote();
  EXPECT_EQ(fetched.state, State::full);
  EXPECT_EQ(fetched.fingerprint, second);
  EXPECT_GT(fetched.bytes_fetched, 0U);
  EXPECT_EQ(contents(fetched), (Contents{{"npm/a/CVE-1.yml", "one"}, {"npm/b/CVE-2.yml", "two"}}));
  const GitRepository copy(cache() / "gitlab/objects.git");
  EXPECT_TRUE(copy.has_commit(second));
  EXPECT_FALSE(copy.has_commit(first));
}

TEST_F(LiveGitLab, HandsOverWhatDiffers) {
  const std::string first = builder_.put("npm/a/CVE-1.yml", "one").put("npm/b/CVE-2.yml", "two").commit();
  open_remote();
  EXPECT_EQ(open_remote(first).state, State::unchanged);
  const std::string second = builder_.put("npm/c/CVE-3.yml", "three").remove("npm/a/CVE-1.yml").commit();
  const Fetched delta = open_remote(first);
  EXPECT_EQ(delta.state, State::delta);
  EXPECT_EQ(delta.fingerprint, second);
  EXPECT_EQ(contents(delta), (Contents{{"npm/c/CVE-3.yml", "three"}}));
  EXPECT_THAT(delta.collection->removed(), ElementsAre("npm/a/CVE-1.yml"));
}

TEST_F(LiveGitLab, FollowsARenameInLetterCaseOnly) {
  const std::string first = builder_.put("nuget/Some/CVE-1.yml", "one").commit();
  open_remote();
  builder_.remove("nuget/Some/CVE-1.yml").put("nuget/some/CVE-1.yml", "one").commit();
  const Fetched delta = open_remote(first);
  EXPECT_EQ(contents(delta), (Contents{{"nuget/some/CVE-1.yml", "one"}}));
  EXPECT_THAT(delta.collection->removed(), ElementsAre("nuget/Some/CVE-1.yml"));
}

TEST_F(LiveGitLab, FollowsARewrittenHistory) {
  const std::string first = builder_.put("npm/a/CVE-1.yml", "one").put("npm/b/CVE-2.yml", "two").commit();
  open_remote();
  builder_.start_over().put("npm/a/CVE-1.yml", "one").put("npm/c/CVE-3.yml", "three").commit();
  const Fetched delta = open_remote(first);
  EXPECT_EQ(delta.state, State::delta);
  EXPECT_EQ(contents(delta), (Contents{{"npm/c/CVE-3.yml", "three"}}));
  EXPECT_THAT(delta.collection->removed(), ElementsAre("npm/b/CVE-2.yml"));
}

TEST_F(LiveGitLab, IsReadWholeWhenTheKnownCommitIsLost) {
  builder_.put("npm/a/CVE-1.yml", "one").commit();
  const Fetched fetched = open_remote("0123456789abcdef0123456789abcdef01234567");
  EXPECT_EQ(fetched.state, State::full);
  EXPECT_EQ(contents(fetched), (Contents{{"npm/a/CVE-1.yml", "one"}}));
}

TEST_F(LiveGitLab, NamesARepositoryThatCannotBeReached) {
  settings_.gitlab_repo_url = support::dead_url() + "/advisories.git";
  const auto [word, message] = failure_of([&] { open("gitlab"); });
  EXPECT_EQ(word, "git");
  EXPECT_THAT(message, HasSubstr(settings_.gitlab_repo_url));
}

TEST_F(LiveGitLab, ComesWholeFromAPlainWebServer) {
  builder_.put("npm/a/CVE-1.yml", "one").commit();
  builder_.git({"update-server-info"});
  const HttpServer server([&](const HttpRequest& request) {
    const auto file = base::read_file_if_present(builder_.path() / request.path().substr(1));
    return file ? HttpAnswer{.body = *file} : HttpAnswer{.status = 404};
  });
  settings_.gitlab_repo_url = server.url("/");
  const Fetched fetched = open("gitlab");
  EXPECT_EQ(fetched.state, State::full);
  EXPECT_EQ(contents(fetched), (Contents{{"npm/a/CVE-1.yml", "one"}}));
}

// Whether the arguments of any process that runs now hold `text`.
bool stands_in_a_process_list(const std::string& text) {
  std::error_code ignored;
  for (const auto& process : std::filesystem::directory_iterator("/proc", ignored)) {
    std::ifstream file(process.path() / "cmdline");
    const std::string arguments{std::istreambuf_iterator<char>(file), {}};
    if (arguments.find(text) != std::string::npos) return true;
  }
  return false;
}

TEST_F(LiveGitLab, SendsCredentialsThatNoProcessListShows) {
  builder_.put("npm/a/CVE-1.yml", "one").commit();
  builder_.git({"update-server-info"});
  std::atomic<bool> shown = false;
  const HttpServer server([&](const HttpRequest& request) {
    shown = shown || stands_in_a_process_list("s3cr%3At");
    if (request.field("authorization") != "Basic bWU6czNjcjp0")
      return HttpAnswer{.status = 401};  // me:s3cr:t
    const auto file = base::read_file_if_present(builder_.path() / request.path().substr(1));
    return file ? HttpAnswer{.body = *file} : HttpAnswer{.status = 404};
  });
  settings_.gitlab_repo_url = "http://me:s3cr%3At@" + server.url("/").substr(7);
  EXPECT_EQ(contents(open("gitlab")), (Contents{{"npm/a/CVE-1.yml", "one"}}));
  EXPECT_FALSE(shown);
  EXPECT_FALSE(server.requests().empty());
}

TEST_F(LiveGitLab, IsReadInPlaceOnThisMachine) {
  const std::string commit = builder_.put("npm/a/CVE-1.yml", "one").commit();
  for (const char* scheme : {"", "file://"}) {
    settings_.gitlab_repo_url = scheme + builder_.path().native();
    EXPECT_EQ(open("gitlab").fingerprint, commit) << scheme;
    EXPECT_FALSE(std::filesystem::exists(cache() / "gitlab")) << scheme;
  }
}

TEST_F(LiveGitLab, MayBeABundle) {
  const std::string commit = builder_.put("npm/a/CVE-1.yml", "one").commit();
  const std::string bundle = directory_.path() / "advisories.bundle";
  builder_.git({"bundle", "create", "--quiet", bundle, "main"});
  settings_.gitlab_repo_url = bundle;
  EXPECT_EQ(open("gitlab").fingerprint, commit);
}

TEST_F(LiveGitLab, NamesAPathWhereThereIsNothing) {
  settings_.gitlab_repo_url = directory_.path() / "nothing";
  const auto [word, message] = failure_of([&] { open("gitlab"); });
  EXPECT_EQ(word, "no_repository");
  EXPECT_THAT(message, HasSubstr("GITLAB_REPO_URL"));
}

}  // namespace
}  // namespace fetch
