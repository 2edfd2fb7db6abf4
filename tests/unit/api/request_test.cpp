// Targets, conditions, ranges, codings, tokens, limits: what decides about a request before its handler runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/conditional.hpp"
#include "api/encoding.hpp"
#include "api/exports.hpp"
#include "api/rate_limit.hpp"
#include "api/route.hpp"
#include "api/target.hpp"
#include "api/tokens.hpp"
#include "api/vulnerabilities.hpp"
#include "base/files.hpp"
#include "support/files.hpp"

namespace api {
namespace {

using testing::ElementsAre;
using testing::Pair;

int status_of_target(std::string_view target) {
  try {
    parse_target(target);
    return 200;
  } catch (const Refusal& refusal) {
    return refusal.response().status;
  }
}

TEST(Target, IsSplitAndDecodedOnce) {
  const Target target = parse_target("/a/b%2Fc/%25?x=1+2&y=%C3%A9&z");
  EXPECT_THAT(target.segments, ElementsAre("a", "b/c", "%"));
  EXPECT_THAT(target.query, ElementsAre(Pair("x", "1 2"), Pair("y", "\xC3\xA9"), Pair("z", "")));
  EXPECT_THAT(parse_target("http://host:80/livez").segments, ElementsAre("livez"));
  EXPECT_TRUE(parse_target("/").segments.empty());
}

TEST(Target, RefusesWhatCanBeReadInTwoWays) {
  for (const std::string_view bad : {"livez", "/%", "/%4", "/%zz", "/%00", "/a%0d%0ab", "/%c0%af",
                                     "/%ed%a0%80", "/../etc", "/a/%2e%2e/b", "/./a", "/?q=%ff", "/\x80"})
    EXPECT_EQ(status_of_target(bad), 400) << bad;
}

TEST(Routes, AreFoundOrSayWhatIsAllowed) {
  Request request;
  request.method = "HEAD";
  EXPECT_EQ(find_route(request, {"v1", "vulns", "CVE-1"}).operation, "getVulnerabilityAsOsv");
  EXPECT_EQ(request.variable("id"), "CVE-1");
  request.method = "GET";
  EXPECT_EQ(find_route(request, {"api", "v1", "exports", "v", "osv", "all.zip"}).operation, "downloadExport");
  EXPECT_EQ(request.variable("path"), "osv/all.zip");
  request.method = "DELETE";
  try {
    find_route(request, {"livez"});
    FAIL();
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.response().status, 405);
    EXPECT_EQ(*refusal.response().field("allow"), "GET, HEAD, OPTIONS");
  }
  EXPECT_EQ(allowed_methods({"nowhere"}), "");
}

TEST(Routes, AreAllInTheOpenApiDocument) {
  const std::string text = openapi();
  base::Arena arena;
  const base::json::Value document = base::json::parse(text, arena).value;
  std::size_t operations = 0;
  for (const auto& [path, methods] : document.find("paths")->members())
    operations += methods.members().size();
  EXPECT_EQ(operations, routes().size());
  for (const Route& route : routes())
    EXPECT_NE(text.find("\"operationId\":\"" + std::string(route.operation) + "\""), std::string::npos);
}

TEST(Conditions, CompareETagsWeaklyAndAcrossCodings) {
  EXPECT_TRUE(names_etag("*", "\"a\""));
  EXPECT_TRUE(names_etag("\"b\", W/\"a-gzip\"", "\"a\""));
  EXPECT_FALSE(names_etag("\"b\"", "\"a\""));
  EXPECT_FALSE(names_etag("a", "\"a\""));
}

TEST(Ranges, OfOneSpanOfBytes) {
  const auto range = [](std::string_view field) {
    const auto found = parse_range(field, 10);
    return found ? std::to_string(found->offset) + "+" + std::to_string(found->size) : "none";
  };
  EXPECT_EQ(range("bytes=0-3"), "0+4");
  EXPECT_EQ(range("bytes=5-"), "5+5");
  EXPECT_EQ(range("bytes=-4"), "6+4");
  EXPECT_EQ(range("bytes=8-99"), "8+2");
  EXPECT_EQ(range("bytes=10-"), "0+0");
  EXPECT_EQ(range("bytes=-0"), "10+0");
  for (const std::string_view bad :
       {"bytes=3-2", "bytes=a-b", "bytes=-", "bytes=0-1,3-4", "lines=1-2", "bytes=1"})
    EXPECT_EQ(range(bad), "none") << bad;
}

TEST(Codings, AreChosenByTheClient) {
  EXPECT_EQ(choose_coding("gzip, deflate, br"), Coding::gzip);
  EXPECT_EQ(choose_coding("gzip, zstd"), Coding::zstd);
  EXPECT_EQ(choose_coding("gzip;q=0, br"), Coding::identity);
  EXPECT_EQ(choose_coding(""), Coding::identity);
  EXPECT_EQ(choose_coding("gzip;q=1.0, zstd;q=0.1"), Coding::gzip);
  EXPECT_EQ(choose_coding("gzip ; Q=0.5 , zstd;x=1; q=0.500"), Coding::zstd);
  EXPECT_EQ(choose_coding("identity, gzip;q=0.5"), Coding::identity);
  for (const std::string_view none : {"gzip;q=", "gzip;q=2", "gzip;q=1.001", "gzip;q=0,5", "gzip;q=0.5e9",
                                      "gzip;q=-1", "gzip;q=.5", "gzip;q=nan"})
    EXPECT_EQ(choose_coding(none), Coding::identity) << none;
}

TEST(Codings, MarkAnAnswerThatBecomesA304AsTheOneItStandsFor) {
  const auto answer = [] {
    Response response = json_response(std::string(2000, 'x'));
    response.set("ETag", "\"a\"");
    return response;
  };
  Request request;
  request.fields = {{"accept-encoding", "gzip"}};
  Response sent = answer();
  encode(negotiate(request, sent), sent);
  EXPECT_EQ(*sent.field("Content-Encoding"), "gzip");
  EXPECT_EQ(*sent.field("ETag"), "\"a-gzip\"");
  request.fields.emplace_back("if-none-match", "\"a-gzip\"");
  Response unchanged = answer();
  const Coding coding = negotiate(request, unchanged);
  evaluate_conditions(request, unchanged);
  encode(coding, unchanged);
  EXPECT_EQ(unchanged.status, 304);
  EXPECT_EQ(unchanged.content(), "");
  EXPECT_EQ(*unchanged.field("Vary"), "Accept-Encoding");
  EXPECT_EQ(*unchanged.field("ETag"), "\"a-gzip\"");
  EXPECT_EQ(unchanged.field("Content-Encoding"), nullptr);
}

TEST(TokenList, AcceptsItsOwnAndReadsItsFileAgain) {
  const base::TemporaryDirectory directory;
  const auto file = support::write_file(directory.path() / "tokens", "# ours\none\n\n two \n");
  Tokens tokens({"given"}, file);
  EXPECT_TRUE(tokens.accept("given") && tokens.accept("one") && tokens.accept("two"));
  EXPECT_FALSE(tokens.accept("") || tokens.accept("three") || tokens.accept("# ours"));
  support::write_file(file, "three\n");
  tokens.reload();
  EXPECT_TRUE(tokens.accept("three") && !tokens.accept("one"));
}

TEST(Rate, LetsABurstThroughAndThenASteadyStream) {
  RateLimit limit(2);  // eight at once
  const RateLimit::Clock::time_point start{};
  for (int i = 0; i < 8; ++i) EXPECT_EQ(limit.take("a", start), 0);
  EXPECT_EQ(limit.take("a", start), 1);
  EXPECT_EQ(limit.take("b", start), 0);
  EXPECT_EQ(limit.take("a", start + std::chrono::seconds(1)), 0);
  EXPECT_EQ(client_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(client_of("::ffff:10.1.2.3"), "10.1.2.3");
}

TEST(Exports, OpenNothingOutsideOfTheirDirectory) {
  const base::TemporaryDirectory directory;
  support::write_file(directory.path() / "in/side/file", "x");
  support::write_file(directory.path() / "secret", "x");
  std::filesystem::create_symlink("../secret", directory.path() / "in/link");
  EXPECT_TRUE(open_below(directory.path() / "in", "side/file"));
  for (const std::string_view bad :
       {"../secret", "side/../../secret", "link", "", "side//file", "/etc/passwd", ".x"})
    EXPECT_FALSE(open_below(directory.path() / "in", bad)) << bad;
  EXPECT_TRUE(is_version("20240501T120000Z"));
  EXPECT_FALSE(is_version("20240501T12000Z") || is_version("latest"));
}

TEST(Search, CursorsAreReadBackAndNothingElseIs) {
  const auto cursor = parse_cursor(cursor_text({1700000000000000, 42}));
  ASSERT_TRUE(cursor);
  EXPECT_EQ(cursor->modified_us, 1700000000000000);
  EXPECT_EQ(cursor->uid, 42);
  for (const std::string_view bad : {"", "1", "1.", ".1", "1.2x", "1.-2", "9223372036854775807.1"})
    EXPECT_FALSE(parse_cursor(bad)) << bad;
  EXPECT_THAT(store::search_words("CVE-2021 Log4j's"), ElementsAre("cve", "2021", "log4j", "s"));
}

}  // namespace
}  // namespace api
