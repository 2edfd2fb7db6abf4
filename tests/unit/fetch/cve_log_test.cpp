#include "fetch/cve_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetch/cve_cursor.hpp"
#include "unit/fetch/zip_fixture.hpp"

namespace fetch {
namespace {

using testing::HasSubstr;

constexpr const char* log_text = R"([
  {"fetchTime":"1970-01-01T00:05:00.000Z","new":[{"cveId":"CVE-2024-1000","dateUpdated":"1970-01-01T00:04:59Z"}],
   "updated":[{"cveId":"CVE-2024-1001","dateUpdated":"1970-01-01T00:04:00Z"},{"cveId":"CVE-2024-../../etc"}],
   "error":[{"cveId":"CVE-2024-1009"}]},
  {"fetchTime":"1970-01-01T00:03:00.000Z","unknown":[{"cveId":"CVE-2024-1001","dateUpdated":"1970-01-01T00:02:00Z"}]},
  {"fetchTime":"1970-01-01T00:01:00.000Z","updated":[{"cveId":"CVE-2024-1002"}]}])";

std::map<std::string, std::pair<Seconds, Seconds>> changed(const CveLog& log) {
  std::map<std::string, std::pair<Seconds, Seconds>> result;
  for (const auto& [id, change] : log.changed) result[id] = {change.updated, change.listed};
  return result;
}

TEST(CveLog, NamesWhatChangedSince) {
  const CveLog log = read_cve_log(log_text, 60, "log");
  EXPECT_EQ(log.newest, 300);
  EXPECT_EQ(log.oldest, 60);
  EXPECT_EQ(changed(log), (std::map<std::string, std::pair<Seconds, Seconds>>{
                              {"CVE-2024-1000", {299, 300}}, {"CVE-2024-1001", {240, 300}}}));
  EXPECT_EQ(read_cve_log(log_text, 59, "log").changed.size(), 3U);
  EXPECT_EQ(read_cve_log(log_text, 300, "log").changed.size(), 0U);
}

TEST(CveLog, IsRefusedWhenNobodyKnowsWhatItLeavesOut) {
  for (const char* text :
       {"", "<html>Not found</html>", "{}", "[]", "[1]", R"([{"fetchTime":"yesterday"}])",
        R"([{"fetchTime":"2024-01-01T00:00:00Z"},{"new":[]}])", "[{\"fetchTime\":\"2024"}) {
    const auto [word, message] = failure_of([&] { read_cve_log(text, 0, "http://there/deltaLog.json"); });
    EXPECT_EQ(word, "corrupt") << text;
    EXPECT_THAT(message, HasSubstr("http://there/deltaLog.json")) << text;
  }
  EXPECT_THAT(failure_of([] { read_cve_log("<html>\nNo", 0, "log"); }).second, HasSubstr("<html>\\x0aNo"));
}

TEST(CveCursor, IsTextAndBack) {
  const CveCursor cursor{300, {{"CVE-2024-1000", 299}}, {{"CVE-2024-1001", 240}}};
  const std::string text = to_text(cursor);
  EXPECT_EQ(text, R"({"again":{"CVE-2024-1000":"1970-01-01T00:04:59Z"},"cursor":"1970-01-01T00:05:00Z",)"
                  R"("recent":{"CVE-2024-1001":"1970-01-01T00:04:00Z"}})");
  const auto back = read_cve_cursor(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(to_text(*back), text);
  EXPECT_EQ(to_text({300, {}, {}}), R"({"cursor":"1970-01-01T00:05:00Z"})");
  for (const char* other : {"", "x", "{}", R"({"cursor":1})", R"({"cursor":"soon"})"})
    EXPECT_FALSE(read_cve_cursor(other)) << other;
}

}  // namespace
}  // namespace fetch
