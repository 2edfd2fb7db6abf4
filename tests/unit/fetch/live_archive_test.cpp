// OSV and CVE from a web server: which way was taken, what was moved, what was believed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetch/live_sources.hpp"
#include "support/zip_builder.hpp"
#include "unit/fetch/live_fixture.hpp"
#include "unit/fetch/zip_fixture.hpp"

namespace fetch {
namespace {

using State = Fetched::State;
using support::HttpAnswer;
using support::HttpRequest;
using support::HttpServer;
using support::zip_of;
using testing::AllOf;
using testing::HasSubstr;

const std::string osv_zip = zip_of({{"GO-1.json", "{1}"}, {"GO-2.json", "{22}"}});
const Contents osv_contents = {{"GO-1.json", "{1}"}, {"GO-2.json", "{22}"}};
const std::string cve_zip = zip_of({{"cvelistV5-main/cves/2024/1xxx/CVE-2024-1000.json", "{}"}});

class LiveOsv : public LiveTest {
 protected:
  LiveOsv() {
    use(server_);
    bucket_.content = osv_zip;
  }

  support::OsvBucket bucket_;
  HttpServer server_{[this](const HttpRequest& request) { return bucket_(request); }};
};

TEST_F(LiveOsv, ComesFromGoogleCloudStorage) {
  const Fetched fetched = open("osv");
  EXPECT_EQ(fetched.state, State::full);
  EXPECT_EQ(fetched.fingerprint, "generation 1");
  EXPECT_EQ(fetched.bytes_fetched, osv_zip.size());
  EXPECT_EQ(fetched.route, "gcs");
  EXPECT_EQ(fetched.route_reason, "");
  EXPECT_EQ(contents(fetched), osv_contents);
}

TEST_F(LiveOsv, TakesTheWholeAddressOfTheApiToo) {
  settings_.osv_gcs_endpoint = server_.url("/storage/v1/");
  EXPECT_EQ(open("osv").route, "gcs");
}

TEST_F(LiveOsv, MovesNothingWhenNothingChanged) {
  const Fetched fetched = open("osv", "generation 1");
  EXPECT_EQ(fetched.state, State::unchanged);
  EXPECT_EQ(fetched.fingerprint, "generation 1");
  EXPECT_EQ(server_.requests().size(), 2U);  // for the list that is not there, and for the archive
  bucket_.generation = 2;
  EXPECT_EQ(open("osv", "generation 1").fingerprint, "generation 2");
}

TEST_F(LiveOsv, FetchesWhatItHasOnlyOnce) {
  open("osv");
  const Fetched again = open("osv");
  EXPECT_EQ(again.bytes_fetched, 0U);
  EXPECT_EQ(contents(again), osv_contents);
  EXPECT_EQ(open("osv", "generation 1", true).state, State::full);
  EXPECT_EQ(server_.requests().size(), 7U);
}

TEST_F(LiveOsv, ComesByPlainHttpWhenGoogleCloudStorageFails) {
  for (const int status : {403, 404, 503}) {
    bucket_.gcs_status = status;
    bucket_.generation = status;
    const Fetched fetched = open("osv");
    EXPECT_EQ(fetched.route, "http");
    EXPECT_THAT(fetched.route_reason, HasSubstr("status " + std::to_string(status)));
    EXPECT_EQ(fetched.fingerprint, "generation " + std::to_string(status));
    EXPECT_EQ(contents(fetched), osv_contents);
  }
}

TEST_F(LiveOsv, IsTheSameStateByEitherWay) {
  bucket_.gcs_status = 503;
  EXPECT_EQ(open("osv", "generation 1").state, State::unchanged);
  const Fetched first = open("osv");
  bucket_.gcs_status = 200;
  EXPECT_EQ(open("osv").bytes_fetched, 0U);
  EXPECT_EQ(open("osv", first.fingerprint).state, State::unchanged);
}

TEST_F(LiveOsv, StepsNotBackToAnOlderGeneration) {
  bucket_.gcs_status = 503;
  bucket_.generation = 7;
  const Fetched fetched = open("osv", "generation 9", true);
  EXPECT_EQ(fetched.state, State::unchanged);
  EXPECT_EQ(fetched.fingerprint, "generation 9");
}

TEST_F(LiveOsv, NamesEveryWayThatFailed) {
  settings_.osv_gcs_endpoint = support::dead_url();
  bucket_.http_status = 500;
  const auto [word, message] = failure_of([&] { open("osv"); });
  EXPECT_EQ(word, "transport");
  EXPECT_THAT(message, AllOf(HasSubstr(settings_.osv_gcs_endpoint), HasSubstr(settings_.osv_http_url),
                             HasSubstr("status 500")));
}

TEST_F(LiveOsv, AsksAgainWhenTheObjectIsReplacedMeanwhile) {
  bucket_.replaced_while_asked = 2;
  const Fetched fetched = open("osv");
  EXPECT_EQ(fetched.route, "gcs");
  EXPECT_EQ(fetched.fingerprint, "generation 3");
  bucket_.generation = 4;
  bucket_.replaced_while_asked = 100;
  EXPECT_EQ(open("osv").route, "http");
}

TEST_F(LiveOsv, BelievesNoArchiveOfAnotherChecksum) {
  bucket_.promised_content = zip_of({{"GO-1.json", "{1}"}, {"GO-2.json", "{23}"}});
  EXPECT_THAT(failure_of([&] { open("osv"); }).second, HasSubstr("checksum"));
}

TEST_F(LiveOsv, KnowsAPageThatIsNoMetadata) {
  const HttpServer portal(
      [](const HttpRequest&) { return HttpAnswer{.body = "<html>Please log in to this network</html>"}; });
  settings_.osv_gcs_endpoint = portal.url();
  EXPECT_THAT(open("osv").route_reason, HasSubstr("no JSON"));
  settings_.osv_http_url = portal.url();
  EXPECT_EQ(failure_of([&] { open("osv"); }).first, "not_a_zip");
}

TEST_F(LiveOsv, FetchesADamagedArchiveAgain) {
  bucket_.content = osv_zip;
  bucket_.content[40] = static_cast<char>(bucket_.content[40] ^ 1);
  const Fetched damaged = open("osv");
  EXPECT_NE(failure_of([&] { contents(damaged); }).first, "");
  bucket_.content = osv_zip;
  EXPECT_EQ(contents(open("osv")), osv_contents);
}

class LiveCve : public LiveTest {};

TEST_F(LiveCve, ComesWithTheTagOfItsServer) {
  const HttpServer server(
      [](const HttpRequest& request) { return support::file_answer(request, cve_zip, "\"a\""); });
  use(server);
  const Fetched fetched = open("cve");
  EXPECT_EQ(fetched.fingerprint, "etag \"a\"");
  EXPECT_EQ(contents(fetched), (Contents{{"cves/2024/1xxx/CVE-2024-1000.json", "{}"}}));
  EXPECT_EQ(open("cve", "etag \"a\"").state, State::unchanged);
  EXPECT_EQ(server.requests().at(1).field("if-none-match"), "\"a\"");
  EXPECT_EQ(open("cve", "etag \"a\"", true).state, State::full);
}

TEST_F(LiveCve, IsToldApartByTimeOrContentWhereThereIsNoTag) {
  std::vector<std::pair<std::string, std::string>> fields = {
      {"Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT"}};
  const HttpServer server([&](const HttpRequest&) { return HttpAnswer{.body = cve_zip, .fields = fields}; });
  use(server);
  const std::string by_time = open("cve").fingerprint;
  EXPECT_THAT(by_time, HasSubstr("01 Jan 2024"));
  EXPECT_EQ(open("cve", by_time).state, State::unchanged);
  fields.clear();
  const std::string by_content = open("cve").fingerprint;
  EXPECT_THAT(by_content, HasSubstr("content "));
  EXPECT_EQ(open("cve", by_content).state, State::unchanged);
}

TEST_F(LiveCve, FailsWithTheReasonOfItsServer) {
  const HttpServer server([&](const HttpRequest&) { return HttpAnswer{.status = 429}; });
  use(server);
  const auto [word, message] = failure_of([&] { open("cve"); });
  EXPECT_EQ(word, "transport");
  EXPECT_THAT(message, HasSubstr("too many requests"));
}

TEST(GitHubBranch, IsReadFromTheAddressOfItsArchive) {
  const auto branch = github_branch("https://github.com/CVEProject/cvelistV5/archive/refs/heads/main.zip");
  ASSERT_TRUE(branch);
  EXPECT_EQ(branch->repository, "https://github.com/CVEProject/cvelistV5");
  EXPECT_EQ(branch->reference, "refs/heads/main");
  EXPECT_EQ(github_branch("http://127.0.0.1:80/a/b/archive/refs/heads/x/y.zip")->reference, "refs/heads/x/y");
  for (const char* url :
       {"https://example.org/main.zip", "https://github.com/a/b",
        "https://github.com/a/b/archive/refs/heads/.zip", "https://github.com/a/b/archive/refs/tags/v1.zip"})
    EXPECT_FALSE(github_branch(url)) << url;
}

TEST(PackedCommit, IsTheCommentOfTheArchive) {
  const base::TemporaryDirectory directory;
  const std::string commit = "0123456789abcdef0123456789abcdef01234567";
  const auto packed = [&](const std::string& comment) {
    return packed_commit(
        support::write_file(directory.path() / "a.zip", support::ZipBuilder().finish({.comment = comment})));
  };
  EXPECT_EQ(packed(commit), commit);
  EXPECT_EQ(packed(""), std::nullopt);
  EXPECT_EQ(packed("x" + commit), std::nullopt);
  EXPECT_EQ(packed(std::string(40, 'x')), std::nullopt);
}

}  // namespace
}  // namespace fetch
