// Rule 7 of resolve.hpp, the operator's word, with exact groups.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "resolve/resolve.hpp"
#include "unit/resolve/corpus.hpp"

namespace resolve {
namespace {

using testing::ElementsAre;

const std::string cve1 = "CVE-2021-0001";
const std::string cve2 = "CVE-2021-0002";
const std::string cve3 = "CVE-2021-0003";
const std::string ghsa_a = "GHSA-aaaa-aaaa-aaaa";
const std::string ghsa_b = "GHSA-bbbb-bbbb-bbbb";

TEST(ResolveOverride, AllowPlacesAnIdAtAnAnchor) {
  EXPECT_THAT(describe({osv(ghsa_a), cve(cve1)}, {allow(cve1, ghsa_a)}),
              ElementsAre("CVE-2021-0001: osv:GHSA-aaaa-aaaa-aaaa cve:CVE-2021-0001 "
                          "ids(CVE-2021-0001 GHSA-aaaa-aaaa-aaaa)"));
}

TEST(ResolveOverride, AllowOverridesTheTiesOfRecords) {
  EXPECT_THAT(describe({osv(ghsa_a, {cve2}), cve(cve1), cve(cve2)}, {allow(ghsa_a, cve1)}),
              ElementsAre("CVE-2021-0001: osv:GHSA-aaaa-aaaa-aaaa cve:CVE-2021-0001 "
                          "ids(CVE-2021-0001 GHSA-aaaa-aaaa-aaaa) related(CVE-2021-0002) "
                          "unfollowed(osv:GHSA-aaaa-aaaa-aaaa>CVE-2021-0002=placed-elsewhere)",
                          "CVE-2021-0002: cve:CVE-2021-0002"));
}

TEST(ResolveOverride, AllowDecidesWhatIsContested) {
  EXPECT_THAT(
      describe({osv("PYSEC-1", {cve1, ghsa_a}), osv("PYSEC-2", {cve2, ghsa_a})}, {allow(ghsa_a, cve1)}),
      ElementsAre("CVE-2021-0001: osv:PYSEC-1 ids(CVE-2021-0001 GHSA-aaaa-aaaa-aaaa PYSEC-1)",
                  "CVE-2021-0002: osv:PYSEC-2 ids(CVE-2021-0002 PYSEC-2) related(GHSA-aaaa-aaaa-aaaa) "
                  "unfollowed(osv:PYSEC-2>GHSA-aaaa-aaaa-aaaa=placed-elsewhere)"));
}

TEST(ResolveOverride, AllowedToTwoAnchorsAnIdIsContested) {
  EXPECT_THAT(describe({osv(ghsa_a, {cve3}), cve(cve1), cve(cve2), cve(cve3)},
                       {allow(ghsa_a, cve1), allow(ghsa_a, cve2)}),
              ElementsAre("CVE-2021-0001: cve:CVE-2021-0001", "CVE-2021-0002: cve:CVE-2021-0002",
                          "CVE-2021-0003: cve:CVE-2021-0003",
                          "GHSA-aaaa-aaaa-aaaa: osv:GHSA-aaaa-aaaa-aaaa related(CVE-2021-0003) "
                          "unfollowed(osv:GHSA-aaaa-aaaa-aaaa>CVE-2021-0003=contested)"));
}

TEST(ResolveOverride, AllowJoinsTwoIdsAsARecordDoes) {
  EXPECT_THAT(
      describe({osv(ghsa_a), osv("PYSEC-1"), osv("PYSEC-2", {cve1})}, {allow("PYSEC-1", ghsa_a)}),
      ElementsAre(
          "CVE-2021-0001: osv:PYSEC-2 ids(CVE-2021-0001 PYSEC-2)",
          "GHSA-aaaa-aaaa-aaaa: osv:GHSA-aaaa-aaaa-aaaa osv:PYSEC-1 ids(GHSA-aaaa-aaaa-aaaa PYSEC-1)"));
  EXPECT_THAT(describe({osv(ghsa_a), osv("PYSEC-1"), osv("PYSEC-2", {cve1})},
                       {allow("PYSEC-1", ghsa_a), allow(ghsa_a, "PYSEC-2")}),
              ElementsAre("CVE-2021-0001: osv:GHSA-aaaa-aaaa-aaaa osv:PYSEC-1 osv:PYSEC-2 "
                          "ids(CVE-2021-0001 GHSA-aaaa-aaaa-aaaa PYSEC-1 PYSEC-2)"));
}

TEST(ResolveOverride, AllowWorksForRetractedRecordsWithoutHoldingThemBack) {
  EXPECT_THAT(describe({osv("PYSEC-1", {cve1}).withdrawn(), osv("PYSEC-2").withdrawn()},
                       {allow("PYSEC-1", "PYSEC-2")}),
              ElementsAre("CVE-2021-0001: osv:PYSEC-1 osv:PYSEC-2 ids(CVE-2021-0001 PYSEC-1 PYSEC-2)"));
}

TEST(ResolveOverride, AllowNeverJoinsTwoAnchors) {
  EXPECT_THAT(describe({cve(cve1), cve(cve2)}, {allow(cve1, cve2)}),
              ElementsAre("CVE-2021-0001: cve:CVE-2021-0001", "CVE-2021-0002: cve:CVE-2021-0002"));
}

TEST(ResolveOverride, AllowMayNameWhatNobodyElseNames) {
  EXPECT_THAT(describe({osv(ghsa_a)}, {allow(ghsa_a, cve1), allow("PYSEC-8", "PYSEC-9")}),
              ElementsAre("CVE-2021-0001: osv:GHSA-aaaa-aaaa-aaaa ids(CVE-2021-0001 GHSA-aaaa-aaaa-aaaa)"));
}

TEST(ResolveOverride, DenyTakesALinkBack) {
  EXPECT_THAT(describe({osv(ghsa_a, {cve1}), cve(cve1)}, {deny(ghsa_a, cve1)}),
              ElementsAre("CVE-2021-0001: cve:CVE-2021-0001",
                          "GHSA-aaaa-aaaa-aaaa: osv:GHSA-aaaa-aaaa-aaaa related(CVE-2021-0001) "
                          "unfollowed(osv:GHSA-aaaa-aaaa-aaaa>CVE-2021-0001=denied)"));
}

TEST(ResolveOverride, DenyHoldsForThirdRecordsToo) {
  EXPECT_THAT(describe({gitlab("u1", "GMS-1", {cve1, ghsa_a}), osv(ghsa_a)}, {deny(cve1, ghsa_a)}),
              ElementsAre("CVE-2021-0001: gitlab:u1 ids(CVE-2021-0001 GMS-1) related(GHSA-aaaa-aaaa-aaaa) "
                          "unfollowed(gitlab:u1>GHSA-aaaa-aaaa-aaaa=denied)",
                          "GHSA-aaaa-aaaa-aaaa: osv:GHSA-aaaa-aaaa-aaaa"));
  EXPECT_THAT(
      describe({gitlab("u1", "GMS-1", {ghsa_a, ghsa_b}), osv(ghsa_a), osv(ghsa_b)}, {deny(ghsa_b, ghsa_a)}),
      ElementsAre("GHSA-aaaa-aaaa-aaaa: osv:GHSA-aaaa-aaaa-aaaa",
                  "GHSA-bbbb-bbbb-bbbb: osv:GHSA-bbbb-bbbb-bbbb",
                  "GMS-1: gitlab:u1 related(GHSA-aaaa-aaaa-aaaa GHSA-bbbb-bbbb-bbbb) "
                  "unfollowed(gitlab:u1>GHSA-aaaa-aaaa-aaaa=denied gitlab:u1>GHSA-bbbb-bbbb-bbbb=denied)"));
}

TEST(ResolveOverride, DenyKeepsAnIdAwayFromTheAnchorByAnyPath) {
  EXPECT_THAT(
      describe({osv("PYSEC-1", {cve1}), gitlab("u1", "GMS-1", {"PYSEC-1", ghsa_a}), osv(ghsa_a)},
               {deny(cve1, ghsa_a)}),
      ElementsAre("CVE-2021-0001: osv:PYSEC-1 ids(CVE-2021-0001 PYSEC-1)",
                  "GHSA-aaaa-aaaa-aaaa: osv:GHSA-aaaa-aaaa-aaaa gitlab:u1 ids(GHSA-aaaa-aaaa-aaaa GMS-1) "
                  "related(PYSEC-1) unfollowed(gitlab:u1>PYSEC-1=placed-elsewhere)"));
}

TEST(ResolveOverride, DenyMakesAWitnessOfARecordThatNamesOneAnchorTooMany) {
  EXPECT_THAT(describe({osv("RUSTSEC-1", {cve1, cve2}), cve(cve1), cve(cve2)}, {deny("RUSTSEC-1", cve2)}),
              ElementsAre("CVE-2021-0001: osv:RUSTSEC-1 cve:CVE-2021-0001 ids(CVE-2021-0001 RUSTSEC-1) "
                          "related(CVE-2021-0002) unfollowed(osv:RUSTSEC-1>CVE-2021-0002=denied)",
                          "CVE-2021-0002: cve:CVE-2021-0002"));
}

TEST(ResolveOverride, DenyBeatsAllow) {
  EXPECT_THAT(describe({osv(ghsa_a, {cve1}), cve(cve1)}, {allow(ghsa_a, cve1), deny(cve1, ghsa_a)}),
              ElementsAre("CVE-2021-0001: cve:CVE-2021-0001",
                          "GHSA-aaaa-aaaa-aaaa: osv:GHSA-aaaa-aaaa-aaaa related(CVE-2021-0001) "
                          "unfollowed(osv:GHSA-aaaa-aaaa-aaaa>CVE-2021-0001=denied)"));
}

TEST(ResolveOverride, AnIdCannotBeDeniedToItself) {
  EXPECT_THAT(describe({osv(ghsa_a, {ghsa_a})}, {deny(ghsa_a, ghsa_a)}),
              ElementsAre("GHSA-aaaa-aaaa-aaaa: osv:GHSA-aaaa-aaaa-aaaa"));
}

}  // namespace
}  // namespace resolve
