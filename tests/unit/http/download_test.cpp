// Files: resumed, started over, verified, or refused.
#include <random>

#include "unit/http/client_fixture.hpp"

namespace http {
namespace {

using support::file_answer;
using support::HttpAnswer;
using support::HttpRequest;
using support::HttpServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const std::string digits = "123456789";  // its CRC-32C is e3069283, "4waSgw==" in base64
constexpr std::uint32_t digits_crc32c = 0xE3069283;

class DownloadTest : public ClientTest {
 protected:
  Downloaded download(Download request) {
    request.path = file();
    return Client(settings_).download(request);
  }
  Downloaded download_url(const std::string& url) { return download(Download{.url = url, .path = {}}); }

  /// A server whose first answer breaks off after four bytes; the others are `later`.
  HttpServer::Handler broken_then(HttpServer::Handler later, const std::string& etag = "\"a\"") {
    return [later = std::move(later), etag, first = true](const HttpRequest& request) mutable {
      if (!std::exchange(first, false)) return later(request);
      HttpAnswer answer = file_answer(request, digits, etag);
      answer.break_after = 4;
      return answer;
    };
  }
};

TEST_F(DownloadTest, WritesTheFile) {
  const HttpServer server(script({{.body = digits, .fields = {{"ETag", "\"a\""}}}}));
  const Downloaded got = download_url(server.url());
  EXPECT_TRUE(got.complete);
  EXPECT_EQ(got.bytes, 9U);
  EXPECT_EQ(got.headers.get("etag"), "\"a\"");
  EXPECT_EQ(content(), digits);
  EXPECT_THAT(left_over(), ElementsAre("file"));
}

TEST_F(DownloadTest, WritesAnEmptyFile) {
  const HttpServer server(script({{}}));
  EXPECT_TRUE(download_url(server.url()).complete);
  EXPECT_EQ(content(), "");
}

TEST_F(DownloadTest, LeavesWhatIsThereWhenNothingChanged) {
  support::write_file(file(), "old");
  const HttpServer server(script({{.status = 304}}));
  EXPECT_FALSE(download_url(server.url()).complete);
  EXPECT_EQ(content(), "old");
}

TEST_F(DownloadTest, EndsWhereTheHeaderIsNotWanted) {
  const HttpServer server(script({{.body = std::string(1 << 20, 'x'), .fields = {{"ETag", "\"a\""}}}}));
  const auto is_new = [](const Headers& headers) { return headers.get("etag") != "\"a\""; };
  const Downloaded got = download({.url = server.url(), .path = {}, .wanted = is_new});
  EXPECT_FALSE(got.complete);
  EXPECT_EQ(got.bytes, 0U);
  EXPECT_THAT(left_over(), IsEmpty());
}

TEST_F(DownloadTest, ResumesTheSameContent) {
  const HttpServer server(
      broken_then([](const HttpRequest& request) { return file_answer(request, digits, "\"a\""); }));
  EXPECT_EQ(download_url(server.url()).bytes, 9U);
  EXPECT_EQ(content(), digits);
  EXPECT_EQ(server.requests().at(1).field("range"), "bytes=4-");
  EXPECT_EQ(server.requests().at(1).field("if-range"), "\"a\"");
}

TEST_F(DownloadTest, ResumesInAnotherProcess) {
  settings_.attempts = 1;
  const HttpServer server(
      broken_then([](const HttpRequest& request) { return file_answer(request, digits, "\"a\""); }));
  EXPECT_NE(failure_of([&] { download_url(server.url()); }).first, "");
  EXPECT_FALSE(exists());
  EXPECT_THAT(left_over(), UnorderedElementsAre("file.part", "file.part.of"));
  EXPECT_EQ(download_url(server.url()).bytes, 5U);
  EXPECT_EQ(content(), digits);
  EXPECT_THAT(left_over(), ElementsAre("file"));
}

TEST_F(DownloadTest, StartsOverWhenTheContentIsAnother) {
  const HttpServer server(
      broken_then([](const HttpRequest& request) { return file_answer(request, "new one", "\"b\""); }));
  EXPECT_EQ(download_url(server.url()).bytes, 11U);
  EXPECT_EQ(content(), "new one");
}

TEST_F(DownloadTest, StartsOverWhenTheServerKnowsNoRanges) {
  const HttpServer server(broken_then(script({{.body = digits}})));
  download_url(server.url());
  EXPECT_EQ(content(), digits);
}

TEST_F(DownloadTest, AsksForNoRangeOfWhatHasNoStrongTag) {
  for (const char* etag : {"", "W/\"a\""}) {
    const HttpServer server(
        broken_then([&](const HttpRequest& request) { return file_answer(request, digits, etag); }, etag));
    download_url(server.url());
    EXPECT_EQ(content(), digits);
    EXPECT_EQ(server.requests().at(1).field("range"), "") << etag;
  }
}

TEST_F(DownloadTest, AsksForARangeOfAPinnedAddress) {
  const HttpServer server(
      broken_then([](const HttpRequest& request) { return file_answer(request, digits, ""); }, ""));
  download({.url = server.url(), .path = {}, .pinned = true});
  EXPECT_EQ(content(), digits);
  EXPECT_EQ(server.requests().at(1).field("range"), "bytes=4-");
}

TEST_F(DownloadTest, ResumesNothingOfAnotherAddress) {
  settings_.attempts = 1;
  const HttpServer server(
      broken_then([](const HttpRequest& request) { return file_answer(request, digits, "\"a\""); }));
  failure_of([&] { download_url(server.url("/1")); });
  download_url(server.url("/2"));
  EXPECT_EQ(server.requests().at(1).field("range"), "");
  EXPECT_EQ(content(), digits);
}

TEST_F(DownloadTest, StartsOverWhenTheTotalIsAnother) {
  const HttpAnswer other{
      .status = 206, .body = "56789X", .fields = {{"ETag", "\"a\""}, {"Content-Range", "bytes 4-9/10"}}};
  const HttpServer server(broken_then(script({other, {.body = digits}})));
  download_url(server.url());
  EXPECT_EQ(content(), digits);
  EXPECT_EQ(server.requests().at(2).field("range"), "");
}

TEST_F(DownloadTest, StartsOverWhenTheRangeBeginsElsewhere) {
  const HttpAnswer other{
      .status = 206, .body = "6789", .fields = {{"ETag", "\"a\""}, {"Content-Range", "bytes 5-8/9"}}};
  const HttpServer server(broken_then(script({other, {.body = digits}})));
  download_url(server.url());
  EXPECT_EQ(content(), digits);
}

TEST_F(DownloadTest, StartsOverWhenTheRangeDoesNotExist) {
  const HttpServer server(broken_then(script({{.status = 416}, {.body = digits}})));
  download_url(server.url());
  EXPECT_EQ(content(), digits);
}

TEST_F(DownloadTest, KeepsNothingOfAnObjectThatChanged) {
  const HttpServer server(broken_then(script({{.status = 412}})));
  EXPECT_EQ(failure_of([&] { download_url(server.url()); }).second, 412);
  EXPECT_THAT(left_over(), IsEmpty());
}

TEST_F(DownloadTest, RefusesARangeThatNobodyAskedFor) {
  const HttpServer server(
      script({{.status = 206, .body = "1", .fields = {{"Content-Range", "bytes 0-0/9"}}}}));
  EXPECT_THAT(failure_of([&] { download_url(server.url()); }).first, HasSubstr("nobody asked for"));
}

TEST_F(DownloadTest, SeesABodyThatIsShorterThanItsLength) {
  const HttpServer server(script({{.body = "1234", .announced_length = 9}}));
  EXPECT_NE(failure_of([&] { download_url(server.url()); }).first, "");
  EXPECT_FALSE(exists());
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST_F(DownloadTest, SeesABodyThatIsShorterThanWasPromised) {
  for (const bool without_length : {false, true}) {
    const HttpServer server(script({{.body = "1234", .without_length = without_length}}));
    const auto [message, status] =
        failure_of([&] { download({.url = server.url(), .path = {}, .size = 9}); });
    EXPECT_THAT(message, HasSubstr("4 bytes")) << without_length;
    EXPECT_FALSE(exists());
  }
}

TEST_F(DownloadTest, RefusesTenTimesThePromisedSize) {
  for (const bool without_length : {false, true}) {
    const HttpServer server(script({{.body = std::string(90, 'x'), .without_length = without_length}}));
    EXPECT_NE(failure_of([&] { download({.url = server.url(), .path = {}, .size = 9}); }).first, "");
    EXPECT_FALSE(exists());
  }
}

TEST_F(DownloadTest, RefusesMoreThanTheLimit) {
  for (const bool without_length : {false, true}) {
    const HttpServer server(script({{.body = std::string(90, 'x'), .without_length = without_length}}));
    const auto [message, status] =
        failure_of([&] { download({.url = server.url(), .path = {}, .limit = 9}); });
    EXPECT_THAT(message, HasSubstr("allowed"));
    EXPECT_EQ(server.requests().size(), 1U);
    EXPECT_THAT(left_over(), IsEmpty());
  }
}

TEST_F(DownloadTest, LooksForRoomOnTheDiskFirst) {
  const HttpServer server(script({{.body = "x", .announced_length = std::uint64_t{1} << 60}}));
  try {
    download({.url = server.url(), .path = {}, .limit = std::uint64_t{1} << 62});
    FAIL() << "an exabyte was accepted";
  } catch (const base::FileError& error) {
    EXPECT_EQ(error.error_number(), ENOSPC);
  }
  EXPECT_THAT(left_over(), IsEmpty());
}

TEST_F(DownloadTest, VerifiesThePromisedChecksum) {
  const HttpServer server(script({{.body = "12345678X"}, {.body = digits}}));
  download({.url = server.url(), .path = {}, .crc32c = digits_crc32c});
  EXPECT_EQ(content(), digits);
}

TEST_F(DownloadTest, RefusesAWrongChecksum) {
  const HttpServer server(script({{.body = "12345678X"}}));
  EXPECT_THAT(failure_of([&] { download({.url = server.url(), .path = {}, .crc32c = digits_crc32c}); }).first,
              HasSubstr("checksum"));
  EXPECT_THAT(left_over(), IsEmpty());
}

TEST_F(DownloadTest, VerifiesTheChecksumOfTheAnswer) {
  const HttpServer server(
      script({{.body = "12345678X", .fields = {{"x-goog-hash", "crc32c=4waSgw=="}}},
              {.body = digits, .fields = {{"x-goog-hash", "crc32c=4waSgw=="}, {"x-goog-hash", "md5=x"}}}}));
  download_url(server.url());
  EXPECT_EQ(content(), digits);
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(DownloadTest, KnowsThatTheChecksumIsOfTheObjectAsStored) {
  const HttpServer server(
      script({{.body = "unpacked",
               .fields = {{"x-goog-hash", "crc32c=4waSgw=="}, {"x-goog-stored-content-encoding", "gzip"}}}}));
  download_url(server.url());
  EXPECT_EQ(content(), "unpacked");
}

// The tag is the same though the content is not: only the checksum sees it.
TEST_F(DownloadTest, VerifiesWhatItResumed) {
  const HttpServer server(
      broken_then([](const HttpRequest& request) { return file_answer(request, "1234X6789", "\"a\""); }));
  EXPECT_THAT(failure_of([&] { download({.url = server.url(), .path = {}, .crc32c = digits_crc32c}); }).first,
              HasSubstr("checksum"));
  EXPECT_EQ(server.requests().at(1).field("range"), "bytes=4-");
  EXPECT_EQ(server.requests().at(2).field("range"), "");
}

TEST_F(DownloadTest, SurvivesManyBreaksAsLongAsItAdvances) {
  std::string large(std::size_t{12} << 20, '\0');
  std::minstd_rand random(7);
  for (char& c : large) c = static_cast<char>(random());
  const HttpServer server([&](const HttpRequest& request) {
    HttpAnswer answer = file_answer(request, large, "\"a\"");
    answer.break_after = std::size_t{2} << 20;
    return answer;
  });
  EXPECT_EQ(download_url(server.url()).bytes, large.size());
  EXPECT_EQ(content(), large);
}

}  // namespace
}  // namespace http
