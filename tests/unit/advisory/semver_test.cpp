#include "advisory/semver.hpp"

#include <gtest/gtest.h>

namespace advisory {
namespace {

TEST(Semver, TakesWhatTheGrammarAllows) {
  for (const char* version :
       {"0.0.0", "1.2.3", "10.20.30", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-0.3.7", "1.0.0-x.7.z.92",
        "1.0.0-x-y-z.--", "1.0.0+20130313144700", "1.0.0-beta+exp.sha.5114f85",
        "1.0.0+21AF26D3----117B344092BD", "1.0.0-0A.is.legal", "1.2.3----RC-SNAPSHOT.12.9.1--.12+788",
        "1.0.0+0.build.1-rc.10000aaa-kk-0.1", "99999999999999999999999.999999999999999999.99999999999999999",
        "1.0.0+001", "1.0.0--1"})
    EXPECT_TRUE(is_semver(version)) << version;
}

TEST(Semver, RefusesEverythingElse) {
  for (const char* version :
       {"",           "1",      "1.2",           "1.2.3.4",        "v1.2.3",     "01.2.3",      "1.02.3",
        "1.2.03",     "1.2.3-", "1.2.3+",        "1.2.3-01",       "1.2.3-a..b", "1.2.3-a.",    "1.2.3+a+b",
        "1.2.3+a..b", " 1.2.3", "1.2.3 ",        "1.2.x",          "1.2.3-a_b",  "-1.2.3",      "1..3",
        ".2.3",       "1.2.",   "1.2.3.RELEASE", "1.2.3-\xC3\xA9", "alpha",      "1.2-SNAPSHOT"})
    EXPECT_FALSE(is_semver(version)) << version;
}

TEST(Semver, PrecedenceIsThatOfSection11) {
  const char* ascending[] = {"0.0.0-0",
                             "0.0.0",
                             "0.9.9",
                             "1.0.0-alpha",
                             "1.0.0-alpha.1",
                             "1.0.0-alpha.1.0",
                             "1.0.0-alpha.beta",
                             "1.0.0-beta",
                             "1.0.0-beta.2",
                             "1.0.0-beta.11",
                             "1.0.0-rc.1",
                             "1.0.0",
                             "1.0.2",
                             "1.0.10",
                             "1.2.0",
                             "2.0.0",
                             "10.0.0",
                             "99999999999999999999.0.0"};
  for (std::size_t i = 0; i < std::size(ascending); ++i)
    for (std::size_t k = 0; k < std::size(ascending); ++k)
      EXPECT_EQ(compare_semver(ascending[i], ascending[k]), i <=> k) << ascending[i] << " " << ascending[k];
}

TEST(Semver, BuildsDoNotCount) {
  EXPECT_EQ(compare_semver("1.0.0+1", "1.0.0+2"), std::strong_ordering::equal);
  EXPECT_EQ(compare_semver("1.0.0-a+1-2", "1.0.0-a"), std::strong_ordering::equal);
}

}  // namespace
}  // namespace advisory
