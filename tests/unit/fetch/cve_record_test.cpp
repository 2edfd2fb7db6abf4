#include "fetch/cve_record.hpp"

#include <gtest/gtest.h>

namespace fetch {
namespace {

TEST(CveTime, IsReadInEveryFormThatTheListUses) {
  constexpr Seconds expected = 1706933106;
  for (const char* text : {"2024-02-03T04:05:06Z", "2024-02-03T04:05:06", "2024-02-03T04:05:06.789Z",
                           "2024-02-03T04:05:06.789012", "2024-02-03T06:05:06+02:00",
                           "2024-02-03T03:05:06-0100", "2024-02-03 04:05:06Z"})
    EXPECT_EQ(read_time(text), expected) << text;
  EXPECT_EQ(time_text(expected), "2024-02-03T04:05:06Z");
  for (const char* text : {"", "2024-02-03", "2024-02-30T04:05:06Z", "2024-02-03T24:05:06Z",
                           "2024-02-03T04:05:06X", "2024-02-03T04:05:06+2", "<html> 2024-02-03T04:05:06Z"})
    EXPECT_EQ(read_time(text), std::nullopt) << text;
}

TEST(CveLocation, HasTheNumberWithoutItsLastThreeDigits) {
  EXPECT_EQ(cve_location("CVE-1999-0006"), "cves/1999/0xxx/CVE-1999-0006.json");
  EXPECT_EQ(cve_location("CVE-2024-20433"), "cves/2024/20xxx/CVE-2024-20433.json");
  EXPECT_EQ(cve_location("CVE-2019-1010023"), "cves/2019/1010xxx/CVE-2019-1010023.json");
}

TEST(CveId, IsNothingThatCouldLeadElsewhere) {
  EXPECT_TRUE(is_cve_id("CVE-2024-1000"));
  EXPECT_TRUE(is_cve_id("CVE-2024-1234567890123456789"));
  for (const char* id : {"", "CVE-2024-100", "CVE-2024-12345678901234567890", "CVE-2024-../../x",
                         "cve-2024-1000", "CVE-20a4-1000", "CVE-2024-1000.json"})
    EXPECT_FALSE(is_cve_id(id)) << id;
  EXPECT_EQ(cve_id_of("deltaCves/CVE-2024-1000.json"), "CVE-2024-1000");
  EXPECT_EQ(cve_id_of("cves/delta.json"), "");
}

TEST(CveUpdated, IsWhatTheRecordSays) {
  EXPECT_EQ(cve_updated(R"({"cveMetadata":{"dateUpdated":"1970-01-01T00:00:09Z"}})"), 9);
  EXPECT_EQ(cve_updated(R"({"cveMetadata":{"datePublished":"1970-01-01T00:00:08Z"}})"), 8);
  for (const char* text : {"", "{", "[]", "{}", R"({"cveMetadata":{"dateUpdated":7}})", "<html>"})
    EXPECT_EQ(cve_updated(text), std::nullopt) << text;
}

}  // namespace
}  // namespace fetch
