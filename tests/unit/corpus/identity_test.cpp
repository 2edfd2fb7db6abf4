#include "corpus/identity.hpp"

#include <gtest/gtest.h>

#include "advisory/identifier.hpp"

namespace corpus {
namespace {

TEST(CopyOfId, PutsTheCopyBeforeTheLastNumber) {
  EXPECT_EQ(copy_of_id("CVE-2021-44228", 3), "CVE-2021-300044228");
  EXPECT_EQ(copy_of_id("CVE-2021-44228", 12), "CVE-2021-1200044228");
  EXPECT_EQ(copy_of_id("ALSA-2025:10873", 1), "ALSA-2025:100010873");
  EXPECT_EQ(copy_of_id("BIT-tomcat-2020-1938", 2), "BIT-tomcat-2020-200001938");
  EXPECT_EQ(copy_of_id("OSV-2020-123456789", 2), "OSV-2020-2123456789");
  EXPECT_EQ(copy_of_id("x-y", 7), "x-y-7");
}

TEST(CopyOfId, KeepsTheOriginalAsCopyZero) {
  EXPECT_EQ(copy_of_id("CVE-2021-44228", 0), "CVE-2021-44228");
  EXPECT_EQ(copy_of_uuid("2a9a5ec8-75f9-5ac4-bf34-3721849f32dd", 0), "2a9a5ec8-75f9-5ac4-bf34-3721849f32dd");
}

TEST(CopyOfId, MakesAGhsaIdOfAGhsaId) {
  const std::string one = copy_of_id("GHSA-jfh8-c2jp-5v3q", 1);
  EXPECT_TRUE(advisory::is_ghsa(one)) << one;
  EXPECT_NE(one, "GHSA-jfh8-c2jp-5v3q");
  EXPECT_NE(one, copy_of_id("GHSA-jfh8-c2jp-5v3q", 2));
  EXPECT_EQ(one, copy_of_id("GHSA-jfh8-c2jp-5v3q", 1));
}

TEST(CopyOfId, KeepsTheShapeOfAUuid) {
  const std::string one = copy_of_uuid("2a9a5ec8-75f9-5ac4-bf34-3721849f32dd", 1);
  ASSERT_EQ(one.size(), 36U);
  for (const std::size_t hyphen : {8U, 13U, 18U, 23U}) EXPECT_EQ(one[hyphen], '-');
  EXPECT_NE(one, copy_of_uuid("2a9a5ec8-75f9-5ac4-bf34-3721849f32dd", 2));
}

TEST(CvePath, IsThatOfTheCveProject) {
  EXPECT_EQ(cve_path("CVE-1999-0006"), "cves/1999/0xxx/CVE-1999-0006.json");
  EXPECT_EQ(cve_path("CVE-2024-20433"), "cves/2024/20xxx/CVE-2024-20433.json");
  EXPECT_EQ(cve_path("CVE-2021-300044228"), "cves/2021/300044xxx/CVE-2021-300044228.json");
}

}  // namespace
}  // namespace corpus
