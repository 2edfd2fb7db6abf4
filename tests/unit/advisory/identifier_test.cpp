#include "advisory/identifier.hpp"

#include <gtest/gtest.h>

#include <string>

namespace advisory {
namespace {

TEST(Identifier, BlanksCommasAndSemicolonsAroundItAreRemoved) {
  EXPECT_EQ(clean_identifier(" CVE-2026-49977 "), "CVE-2026-49977");
  EXPECT_EQ(clean_identifier("CVE-2020-13665\t\r\n"), "CVE-2020-13665");
  EXPECT_EQ(clean_identifier("GHSA-jf66-3q76-h5p5,"), "GHSA-jf66-3q76-h5p5");
  EXPECT_EQ(clean_identifier(";, CVE-2020-1 ,;"), "CVE-2020-1");
}

TEST(Identifier, WhatRealDatabasesUseIsTaken) {
  for (const char* id : {"ALSA-2025:10873", "RUSTSEC-2020-0014", "openSUSE-SU-2024:14000-1",
                         "SUSE-SU-2016:3044-1", "2015-0234", "OSV-2021-1234", "MAL-2024-1", "ZF2014-01",
                         "SNYK-JS-LODASH-590103", "CVE-2014-4671A", "CAN-2021-1000007", "TEMP-0000000-7E65A4",
                         "CLSA-2021:1632262337", "DRUPAL-CONTRIB-2024-001", "x_private-1", "A-1"})
    EXPECT_EQ(clean_identifier(id), id);
}

TEST(Identifier, RandomFormsNeedNoDigit) {
  EXPECT_EQ(clean_identifier("GHSA-xvch-jggx-ccgm"), "GHSA-xvch-jggx-ccgm");
  EXPECT_EQ(clean_identifier("CGA-xvch-jggx-ccgm"), "CGA-xvch-jggx-ccgm");
  EXPECT_EQ(clean_identifier("well-known-word"), std::nullopt);
  EXPECT_EQ(clean_identifier("GHSA-xvch-jggx-ccg"), std::nullopt);
}

TEST(Identifier, EverythingElseIsNone) {
  const std::string too_long = "CVE-2024-" + std::string(120, '1');
  for (const std::string& text :
       {std::string(), std::string("  ,;"), std::string("A1"), std::string("CVE20241234"),
        std::string("CVE-"), std::string("https://example.org/CVE-2024-1"), std::string("-CVE-2024-1"),
        std::string("CVE-2024-1."), std::string("CVE 2024-1"), std::string("CVE-2024-1\0", 11),
        std::string("CVE-2024-\xC3\xA9"), too_long})
    EXPECT_EQ(clean_identifier(text), std::nullopt) << text;
  EXPECT_TRUE(clean_identifier("CVE-2024-" + std::string(119, '1')).has_value());
}

TEST(Identifier, AWeaknessIsNoVulnerability) {
  EXPECT_EQ(clean_identifier("CWE-94"), std::nullopt);
  EXPECT_EQ(clean_identifier("cwe-1035"), std::nullopt);
  EXPECT_TRUE(is_cwe("CWE-94"));
  for (const char* id : {"CWE-", "cwe-94", "CWE-94a", "NVD-CWE-noinfo", ""}) EXPECT_FALSE(is_cwe(id)) << id;
  EXPECT_EQ(clean_identifier("CWE-94-x1"), "CWE-94-x1");
}

TEST(Identifier, CveNumbersHaveFourToNineteenDigits) {
  EXPECT_TRUE(is_cve("CVE-2024-1234"));
  EXPECT_TRUE(is_cve("CVE-1999-1234567890123456789"));
  for (const char* id : {"CVE-2024-123", "CVE-2024-12345678901234567890", "cve-2024-1234", "CVE-24-123456",
                         "CVE-2024-1234a", "CVE-2024_1234", "CAN-2024-1234", "CVE-", ""})
    EXPECT_FALSE(is_cve(id)) << id;
}

TEST(Identifier, GhsaIdsAreThreeGroupsOfFour) {
  EXPECT_TRUE(is_ghsa("GHSA-jf66-3q76-h5p5"));
  for (const char* id : {"GHSA-jf66-3q76-h5p", "GHSA-jf66-3q76-h5p55", "ghsa-jf66-3q76-h5p5",
                         "GHSA-JF66-3q76-h5p5", "CGA-jf66-3q76-h5p5", "GHSA-jf66-3q76.h5p5"})
    EXPECT_FALSE(is_ghsa(id)) << id;
}

TEST(Identifier, ThePrefixEndsAtTheFirstHyphen) {
  EXPECT_EQ(prefix_of("GHSA-jf66-3q76-h5p5"), "GHSA");
  EXPECT_EQ(prefix_of("openSUSE-SU-2024:1"), "openSUSE");
  EXPECT_EQ(prefix_of("none"), "none");
}

}  // namespace
}  // namespace advisory
