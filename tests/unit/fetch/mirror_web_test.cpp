// A mirror behind a web server: what is copied, and what of a server that lies is believed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/files.hpp"
#include "fetch/mirror_index.hpp"
#include "fetch/mirror_writer.hpp"
#include "support/git_builder.hpp"
#include "support/web_directory.hpp"
#include "support/zip_builder.hpp"
#include "unit/fetch/mirror_fixture.hpp"
#include "unit/fetch/zip_fixture.hpp"

namespace fetch {
namespace {

using State = Fetched::State;
using support::HttpAnswer;
using support::HttpRequest;
using support::HttpServer;
using support::zip_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class WebMirror : public testing::Test {
 protected:
  WebMirror() {
    for (const char* variable : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) ::unsetenv(variable);
    http_.attempts = 2;
    http_.wait = [](http::Milliseconds, const std::stop_token&) { return true; };
    mirror_.write("osv/all.zip", zip_of({{"GO-1.json", "{1}"}}));
    mirror_.write("osv/modified_id.csv", "2024-01-01T00:00:00Z,Go/GO-1\n");
    mirror_.write("osv/crates.io/A B.json", "{}");
  }

  Fetched open(const std::string& source, const std::string& known = "", bool full = false) const {
    return open_mirror({.source = source,
                        .known_fingerprint = known,
                        .full = full,
                        .cache = mirror_.cache() / source,
                        .stop = {}},
                       server_.url("/some/"), http_);
  }
  // What was asked for since the last call.
  std::vector<std::string> asked() {
    std::vector<std::string> targets;
    const auto requests = server_.requests();
    for (; seen_ < requests.size(); ++seen_) targets.push_back(requests[seen_].target);
    std::sort(targets.begin(), targets.end());
    return targets;
  }

  MirrorOnDisk mirror_;
  http::Settings http_;
  std::function<HttpAnswer(const HttpRequest&, HttpAnswer)> distort_ = [](const auto&, HttpAnswer answer) {
    return answer;
  };
  HttpServer server_{[this](HttpRequest request) {
    request.target.erase(0, std::string("/some").size());
    return distort_(request, support::web_directory(mirror_.path(), request));
  }};
  std::size_t seen_ = 0;
};

TEST_F(WebMirror, IsCopiedOnceAndThenOnlyWhereItDiffers) {
  write_mirror_index(mirror_.path());
  const Fetched first = open("osv");
  EXPECT_EQ(first.state, State::full);
  EXPECT_EQ(contents(first), (Contents{{"GO-1.json", "{1}"}}));
  EXPECT_THAT(asked(), ElementsAre("/some/mirror.json", "/some/osv/all.zip", "/some/osv/crates.io/A%20B.json",
                                   "/some/osv/modified_id.csv"));
  EXPECT_EQ(open("osv", first.fingerprint).state, State::full);  // no database tells what is stored
  EXPECT_THAT(asked(), ElementsAre("/some/mirror.json"));
  mirror_.write("osv/all.zip", zip_of({{"GO-1.json", "{2}"}}));
  std::filesystem::remove_all(mirror_.path() / "osv/crates.io");
  write_mirror_index(mirror_.path());
  EXPECT_EQ(contents(open("osv")), (Contents{{"GO-1.json", "{2}"}}));
  EXPECT_THAT(asked(), ElementsAre("/some/mirror.json", "/some/osv/all.zip"));
  EXPECT_FALSE(std::filesystem::exists(mirror_.cache() / "osv/mirror/osv/crates.io/A B.json"));
}

TEST_F(WebMirror, FetchesWhatIsGoneOrDamagedInItsCopy) {
  write_mirror_index(mirror_.path());
  open("osv");
  asked();
  const auto copy = mirror_.cache() / "osv/mirror/osv/all.zip";
  std::filesystem::remove(copy);
  EXPECT_EQ(contents(open("osv")), (Contents{{"GO-1.json", "{1}"}}));
  EXPECT_THAT(asked(), ElementsAre("/some/mirror.json", "/some/osv/all.zip"));
  std::filesystem::resize_file(copy, 10);
  EXPECT_EQ(contents(open("osv")), (Contents{{"GO-1.json", "{1}"}}));
  EXPECT_THAT(asked(), ElementsAre("/some/mirror.json", "/some/osv/all.zip"));
  std::string bytes = base::read_file(copy, 1 << 20);
  bytes[40] ^= 1;
  support::write_file(copy, bytes);
  EXPECT_EQ(contents(open("osv", "", true)), (Contents{{"GO-1.json", "{1}"}}));
  EXPECT_THAT(asked(), ElementsAre("/some/mirror.json", "/some/osv/all.zip"));
}

TEST_F(WebMirror, HandsOverARepositoryFileByFile) {
  support::GitBuilder place(mirror_.path() / "gitlab");
  const std::string commit = place.put("npm/a/CVE-1.yml", "one").commit();
  write_mirror_index(mirror_.path());
  const Fetched fetched = open("gitlab");
  EXPECT_EQ(fetched.fingerprint, commit);
  EXPECT_EQ(contents(fetched), (Contents{{"npm/a/CVE-1.yml", "one"}}));
  EXPECT_EQ(open("cve").state, State::absent);
}

TEST_F(WebMirror, NeedsItsList) {
  const auto [word, message] = failure_of([&] { open("osv"); });
  EXPECT_EQ(word, "unreadable");
  EXPECT_THAT(message, HasSubstr("mirror DIR --index"));
  mirror_.write("mirror.json", "<html>Please log in</html>");
  EXPECT_EQ(failure_of([&] { open("osv"); }).first, "corrupt");
}

TEST_F(WebMirror, WritesNothingOutsideOfItsPlace) {
  for (const char* path : {"osv/../../../evil", "/osv/evil", "osv\\\\evil"}) {
    mirror_.write("mirror.json", std::string(R"({"files":[{"path":")") + path + R"(","size":2,"sha256":")" +
                                     std::string(64, 'a') + R"("}]})");
    const auto [word, message] = failure_of([&] { open("osv"); });
    EXPECT_EQ(word, "corrupt") << path;
    EXPECT_THAT(message, HasSubstr("evil"));
  }
}

TEST_F(WebMirror, IsRefusedWhereAFileIsNotWhatTheListSays) {
  write_mirror_index(mirror_.path());
  for (const char* lie : {"/osv/all.zip", "/osv/modified_id.csv"}) {
    std::filesystem::remove_all(mirror_.cache());
    distort_ = [lie](const HttpRequest& request, HttpAnswer answer) {
      if (request.target == lie) answer.body.back() ^= 1;
      return answer;
    };
    const auto [word, message] = failure_of([&] { open("osv"); });
    EXPECT_EQ(word, "corrupt");
    EXPECT_THAT(message, AllOf(HasSubstr(std::string(lie).substr(1)), HasSubstr("mirror.json")));
  }
}

TEST_F(WebMirror, IsReadAgainWhereItIsWrittenMeanwhile) {
  write_mirror_index(mirror_.path());
  bool written = false;
  distort_ = [&](const HttpRequest& request, HttpAnswer answer) {
    if (request.target == "/mirror.json" && !written) {
      written = true;
      mirror_.write("osv/all.zip", zip_of({{"GO-1.json", "{3}"}}));
      write_mirror_index(mirror_.path());
    }
    return answer;
  };
  EXPECT_EQ(contents(open("osv")), (Contents{{"GO-1.json", "{3}"}}));
}

TEST_F(WebMirror, ResumesALargeFile) {
  std::string noise(3 << 20, '\0');
  std::uint32_t state = 1;
  for (char& c : noise) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  mirror_.write("osv/all.zip", zip_of({{"GO-1.json", "{1}"}, {"noise", noise}}));
  write_mirror_index(mirror_.path());
  const std::uint64_t size = std::filesystem::file_size(mirror_.path() / "osv/all.zip");
  bool broken = false;
  distort_ = [&](const HttpRequest& request, HttpAnswer answer) {
    if (request.target == "/osv/all.zip" && !broken) {
      broken = true;
      answer.break_after = size - 1000;
    }
    return answer;
  };
  const Fetched fetched = open("osv");
  EXPECT_EQ(contents(fetched).count("GO-1.json"), 1U);
  EXPECT_LT(fetched.bytes_fetched, size + 100'000);
}

}  // namespace
}  // namespace fetch
