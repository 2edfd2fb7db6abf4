// Rules 1 to 6 of resolve.hpp with exact groups.
#include "resolve/resolve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/resolve/corpus.hpp"

namespace resolve {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string cve1 = "CVE-2021-0001";
const std::string cve2 = "CVE-2021-0002";
const std::string ghsa_a = "GHSA-aaaa-aaaa-aaaa";
const std::string ghsa_b = "GHSA-bbbb-bbbb-bbbb";

// Rule 1: anchors.

TEST(Resolve, NothingComesOfNothing) {
  EXPECT_THAT(describe(std::vector<Entry>{}), IsEmpty());
}

TEST(Resolve, ARecordThatNamesNoOtherIsAGroup) {
  EXPECT_THAT(describe({osv("PYSEC-1")}), ElementsAre("PYSEC-1: osv:PYSEC-1"));
}

TEST(Resolve, ACveRecordOfOsvAndOneOfTheCveProjectAreOneGroup) {
  EXPECT_THAT(describe({cve(cve1), osv(cve1)}),
              ElementsAre("CVE-2021-0001: osv:CVE-2021-0001 cve:CVE-2021-0001"));
}

TEST(Resolve, ARecordThatIsACveGoesThereWhateverElseItNames) {
  EXPECT_THAT(describe({osv(cve1, {cve2}), cve(cve2)}),
              ElementsAre("CVE-2021-0001: osv:CVE-2021-0001 related(CVE-2021-0002) "
                          "unfollowed(osv:CVE-2021-0001>CVE-2021-0002=several-anchors)",
                          "CVE-2021-0002: cve:CVE-2021-0002"));
}

TEST(Resolve, ARejectedCveIsAnOrdinaryId) {
  EXPECT_THAT(describe({rejected(cve1), osv(ghsa_a, {cve1, cve2}), cve(cve2)}),
              ElementsAre("CVE-2021-0002: osv:GHSA-aaaa-aaaa-aaaa cve:CVE-2021-0001 cve:CVE-2021-0002 "
                          "ids(CVE-2021-0001 CVE-2021-0002 GHSA-aaaa-aaaa-aaaa)"));
}

TEST(Resolve, ARejectedRecordCountsAsRetracted) {
  Entry entry = rejected(cve1);
  entry.retracted = false;
  entry.claims = {ghsa_a, ghsa_b};
  EXPECT_THAT(describe({entry, osv(ghsa_a), osv(ghsa_b)}),
              ElementsAre("CVE-2021-0001: cve:CVE-2021-0001 related(GHSA-aaaa-aaaa-aaaa GHSA-bbbb-bbbb-bbbb) "
                          "unfollowed(cve:CVE-2021-0001>GHSA-aaaa-aaaa-aaaa=retracted "
                          "cve:CVE-2021-0001>GHSA-bbbb-bbbb-bbbb=retracted)",
                          "GHSA-aaaa-aaaa-aaaa: osv:GHSA-aaaa-aaaa-aaaa",
                          "GHSA-bbbb-bbbb-bbbb: osv:GHSA-bbbb-bbbb-bbbb"));
}

TEST(Resolve, OnlyTheCveSourceRejects) {
  Entry entry = osv(cve1).withdrawn();
  entry.cve_rejected = true;
  EXPECT_THAT(
      describe({entry, osv(ghsa_a, {cve1, cve2})}),
      ElementsAre("CVE-2021-0001: osv:CVE-2021-0001 related(GHSA-aaaa-aaaa-aaaa)",
                  "GHSA-aaaa-aaaa-aaaa: osv:GHSA-aaaa-aaaa-aaaa upstream(CVE-2021-0001 CVE-2021-0002) "
                  "unfollowed(osv:GHSA-aaaa-aaaa-aaaa>CVE-2021-0001=several-anchors "
                  "osv:GHSA-aaaa-aaaa-aaaa>CVE-2021-0002=several-anchors)",
                  "shared CVE-2021-0002: GHSA-aaaa-aaaa-aaaa"));
}

TEST(Resolve, ARejectedCveThatNobodyElseNamesStandsAlone) {
  EXPECT_THAT(describe({rejected(cve1)}), ElementsAre("CVE-2021-0001: cve:CVE-2021-0001"));
}

// Rule 2: witnesses.

TEST(Resolve, AWitnessTiesItsOtherIdsToItsAnchor) {
  EXPECT_THAT(
      describe({gitlab("u1", cve1, {ghsa_a, "PYSEC-1"}), osv("PYSEC-1")}),
      ElementsAre("CVE-2021-0001: osv:PYSEC-1 gitlab:u1 ids(CVE-2021-0001 GHSA-aaaa-aaaa-aaaa PYSEC-1)"));
}

TEST(Resolve, AnAnchorWithoutARecordOfItsOwnIsAnAnchorAllTheSame) {
  EXPECT_THAT(describe({osv("PYSEC-1", {cve1}), osv("RUSTSEC-1", {cve1})}),
              ElementsAre("CVE-2021-0001: osv:PYSEC-1 osv:RUSTSEC-1 ids(CVE-2021-0001 PYSEC-1 RUSTSEC-1)"));
}

TEST(Resolve, AContestedIdIsPlacedNowhereAndStandsForEveryGroupThatClaimsIt) {
  EXPECT_THAT(
      describe({osv("PYSEC-1", {cve1, ghsa_a}), osv("PYSEC-2", {cve2, ghsa_a})}),
      ElementsAre("CVE-2021-0001: osv:PYSEC-1 ids(CVE-2021-0001 PYSEC-1) related(GHSA-aaaa-aaaa-aaaa) "
                  "unfollowed(osv:PYSEC-1>GHSA-aaaa-aaaa-aaaa=contested)",
                  "CVE-2021-0002: osv:PYSEC-2 ids(CVE-2021-0002 PYSEC-2) related(GHSA-aaaa-aaaa-aaaa) "
                  "unfollowed(osv:PYSEC-2>GHSA-aaaa-aaaa-aaaa=contested)",
                  "shared GHSA-aaaa-aaaa-aaaa: CVE-2021-0001 CVE-2021-0002"));
}

TEST(Resolve, AContestedIdThatIsSomebodysOwnStandsAloneAndLinksNothing) {
  EXPECT_THAT(
      describe({osv("PYSEC-1", {cve1, ghsa_a}), osv("PYSEC-2", {cve2, ghsa_a}), osv(ghsa_a, {"GMS-1"}),
                gitlab("u1", "GMS-2", {ghsa_a})}),
      ElementsAre("CVE-2021-0001: osv:PYSEC-1 ids(CVE-2021-0001 PYSEC-1) related(GHSA-aaaa-aaaa-aaaa) "
                  "unfollowed(osv:PYSEC-1>GHSA-aaaa-aaaa-aaaa=contested)",
                  "CVE-2021-0002: osv:PYSEC-2 ids(CVE-2021-0002 PYSEC-2) related(GHSA-aaaa-aaaa-aaaa) "
                  "unfollowed(osv:PYSEC-2>GHSA-aaaa-aaaa-aaaa=contested)",
                  "GHSA-aaaa-aaaa-aaaa: osv:GHSA-aaaa-aaaa-aaaa related(GMS-1) "
                  "unfollowed(osv:GHSA-aaaa-aaaa-aaaa>GMS-1=contested)",
                  "GMS-2: gitlab:u1 related(GHSA-aaaa-aaaa-aaaa) "
                  "unfollowed(gitlab:u1>GHSA-aaaa-aaaa-aaaa=contested)",
                  "shared GMS-1: GHSA-aaaa-aaaa-aaaa"));
}

// Two GitLab files under one identifier that is no CVE, each with a CVE of its own.
TEST(Resolve, WitnessesWhoseOwnIdIsContestedStandTogether) {
  EXPECT_THAT(
      describe({gitlab("u1", ghsa_a, {cve1}), gitlab("u2", ghsa_a, {cve2})}),
      ElementsAre("GHSA-aaaa-aaaa-aaaa: gitlab:u1 gitlab:u2 related(CVE-2021-0001 CVE-2021-0002) "
                  "unfollowed(gitlab:u1>CVE-2021-0001=contested gitlab:u2>CVE-2021-0002=contested)",
                  "shared CVE-2021-0001: GHSA-aaaa-aaaa-aaaa", "shared CVE-2021-0002: GHSA-aaaa-aaaa-aaaa"));
}

// Rule 3: records about several vulnerabilities.

TEST(Resolve, ARecordThatNamesSeveralAnchorsStandsAloneAndIsLinkedFromEach) {
  EXPECT_THAT(
      describe({osv("RUSTSEC-1", {cve1, cve2, ghsa_a}), cve(cve1), cve(cve2), osv(ghsa_a, {cve1})}),
      ElementsAre(
          "CVE-2021-0001: osv:GHSA-aaaa-aaaa-aaaa cve:CVE-2021-0001 ids(CVE-2021-0001 GHSA-aaaa-aaaa-aaaa) "
          "related(RUSTSEC-1)",
          "CVE-2021-0002: cve:CVE-2021-0002 related(RUSTSEC-1)",
          "RUSTSEC-1: osv:RUSTSEC-1 related(GHSA-aaaa-aaaa-aaaa) upstream(CVE-2021-0001 CVE-2021-0002) "
          "unfollowed(osv:RUSTSEC-1>CVE-2021-0001=several-anchors "
          "osv:RUSTSEC-1>CVE-2021-0002=several-anchors "
          "osv:RUSTSEC-1>GHSA-aaaa-aaaa-aaaa=several-anchors)"));
}

TEST(Resolve, ARecordThatNamesSeveralAnchorsFollowsItsOwnIdWhereOthersPlaceIt) {
  EXPECT_THAT(describe({osv("RUSTSEC-1", {cve1, cve2}), gitlab("u1", cve1, {"RUSTSEC-1"}), cve(cve2)}),
              ElementsAre("CVE-2021-0001: osv:RUSTSEC-1 gitlab:u1 ids(CVE-2021-0001 RUSTSEC-1) "
                          "related(CVE-2021-0002) unfollowed(osv:RUSTSEC-1>CVE-2021-0002=several-anchors)",
                          "CVE-2021-0002: cve:CVE-2021-0002"));
}

TEST(Resolve, AnIdThatOnlySuchARecordNamesStandsForIt) {
  EXPECT_THAT(describe({osv("RUSTSEC-1", {cve1, cve2, "GMS-1"})}),
              ElementsAre("RUSTSEC-1: osv:RUSTSEC-1 related(GMS-1) upstream(CVE-2021-0001 CVE-2021-0002) "
                          "unfollowed(osv:RUSTSEC-1>CVE-2021-0001=several-anchors "
                          "osv:RUSTSEC-1>CVE-2021-0002=several-anchors osv:RUSTSEC-1>GMS-1=several-anchors)",
                          "shared CVE-2021-0001: RUSTSEC-1", "shared CVE-2021-0002: RUSTSEC-1",
                          "shared GMS-1: RUSTSEC-1"));
}

// Rule 4: clusters.

TEST(Resolve, RecordsWithoutAnAnchorJoinWhatTheyName) {
  EXPECT_THAT(describe({osv("PYSEC-1", {ghsa_b}), osv("PYSEC-2", {ghsa_b}),
                        gitlab("u1", "GMS-1", {"PYSEC-2"}), osv("OTHER-1")}),
              ElementsAre("GHSA-bbbb-bbbb-bbbb: osv:PYSEC-1 osv:PYSEC-2 gitlab:u1 "
                          "ids(GHSA-bbbb-bbbb-bbbb GMS-1 PYSEC-1 PYSEC-2)",
                          "OTHER-1: osv:OTHER-1"));
}

TEST(Resolve, AClusterThatTouchesOneAnchorJoinsIt) {
  EXPECT_THAT(describe({osv(ghsa_a, {cve1}), gitlab("u1", "GMS-1", {ghsa_a, "GMS-2"}),
                        gitlab("u2", "GMS-3", {"GMS-2"})}),
              ElementsAre("CVE-2021-0001: osv:GHSA-aaaa-aaaa-aaaa gitlab:u1 gitlab:u2 "
                          "ids(CVE-2021-0001 GHSA-aaaa-aaaa-aaaa GMS-1 GMS-2 GMS-3)"));
}

TEST(Resolve, AClusterThatTouchesTwoAnchorsIsAGroupOfItsOwn) {
  EXPECT_THAT(describe({osv(ghsa_a, {cve1}), osv(ghsa_b, {cve2}), gitlab("u1", "GMS-1", {ghsa_a, "GMS-2"}),
                        gitlab("u2", "GMS-2", {ghsa_b})}),
              ElementsAre("CVE-2021-0001: osv:GHSA-aaaa-aaaa-aaaa ids(CVE-2021-0001 GHSA-aaaa-aaaa-aaaa)",
                          "CVE-2021-0002: osv:GHSA-bbbb-bbbb-bbbb ids(CVE-2021-0002 GHSA-bbbb-bbbb-bbbb)",
                          "GMS-1: gitlab:u1 gitlab:u2 ids(GMS-1 GMS-2) "
                          "related(GHSA-aaaa-aaaa-aaaa GHSA-bbbb-bbbb-bbbb) "
                          "unfollowed(gitlab:u1>GHSA-aaaa-aaaa-aaaa=placed-elsewhere "
                          "gitlab:u2>GHSA-bbbb-bbbb-bbbb=placed-elsewhere)"));
}

// GMS-2 is in doubt; that it names GHSA-aaaa too puts GMS-1 in none.
TEST(Resolve, APlacedIdIsNoBridgeBetweenThoseThatNameIt) {
  EXPECT_THAT(describe({osv(ghsa_a, {cve1}), osv(ghsa_b, {cve2}), gitlab("u1", "GMS-1", {ghsa_a}),
                        gitlab("u2", "GMS-2", {ghsa_a, ghsa_b})}),
              ElementsAre("CVE-2021-0001: osv:GHSA-aaaa-aaaa-aaaa gitlab:u1 "
                          "ids(CVE-2021-0001 GHSA-aaaa-aaaa-aaaa GMS-1)",
                          "CVE-2021-0002: osv:GHSA-bbbb-bbbb-bbbb ids(CVE-2021-0002 GHSA-bbbb-bbbb-bbbb)",
                          "GMS-2: gitlab:u2 related(GHSA-aaaa-aaaa-aaaa GHSA-bbbb-bbbb-bbbb) "
                          "unfollowed(gitlab:u2>GHSA-aaaa-aaaa-aaaa=placed-elsewhere "
                          "gitlab:u2>GHSA-bbbb-bbbb-bbbb=placed-elsewhere)"));
}

TEST(Resolve, ARecordAboutSeveralVulnerabilitiesCanBeJoinedByOthers) {
  EXPECT_THAT(describe({osv("RUSTSEC-1", {cve1, cve2}), osv(ghsa_a, {"RUSTSEC-1"}), cve(cve1)}),
              ElementsAre("CVE-2021-0001: cve:CVE-2021-0001 related(GHSA-aaaa-aaaa-aaaa)",
                          "GHSA-aaaa-aaaa-aaaa: osv:GHSA-aaaa-aaaa-aaaa osv:RUSTSEC-1 "
                          "ids(GHSA-aaaa-aaaa-aaaa RUSTSEC-1) upstream(CVE-2021-0001 CVE-2021-0002) "
                          "unfollowed(osv:RUSTSEC-1>CVE-2021-0001=several-anchors "
                          "osv:RUSTSEC-1>CVE-2021-0002=several-anchors)",
                          "shared CVE-2021-0002: GHSA-aaaa-aaaa-aaaa"));
}

// Rule 5: retracted records.

TEST(Resolve, ARetractedRecordFollowsItsClaim) {
  EXPECT_THAT(describe({osv("PYSEC-1", {cve1}).withdrawn(), cve(cve1)}),
              ElementsAre("CVE-2021-0001: osv:PYSEC-1 cve:CVE-2021-0001 ids(CVE-2021-0001 PYSEC-1)"));
}

TEST(Resolve, ARetractedRecordTiesNothingThatLiveOnesPlaced) {
  EXPECT_THAT(describe({gitlab("u1", cve1, {ghsa_a}).withdrawn(), osv(ghsa_a), cve(cve1)}),
              ElementsAre("CVE-2021-0001: gitlab:u1 cve:CVE-2021-0001 "
                          "unfollowed(gitlab:u1>GHSA-aaaa-aaaa-aaaa=retracted)",
                          "GHSA-aaaa-aaaa-aaaa: osv:GHSA-aaaa-aaaa-aaaa"));
}

TEST(Resolve, ARetractedRecordContestsNothing) {
  EXPECT_THAT(describe({gitlab("u1", cve1, {ghsa_a}).withdrawn(), osv(ghsa_a, {cve2})}),
              ElementsAre("CVE-2021-0001: gitlab:u1 related(GHSA-aaaa-aaaa-aaaa) "
                          "unfollowed(gitlab:u1>GHSA-aaaa-aaaa-aaaa=retracted)",
                          "CVE-2021-0002: osv:GHSA-aaaa-aaaa-aaaa ids(CVE-2021-0002 GHSA-aaaa-aaaa-aaaa)"));
}

TEST(Resolve, ARetractedRecordBridgesNoTwoGroups) {
  EXPECT_THAT(describe({osv(ghsa_a), osv(ghsa_b), osv("PYSEC-1", {ghsa_a, ghsa_b}).withdrawn()}),
              ElementsAre("GHSA-aaaa-aaaa-aaaa: osv:GHSA-aaaa-aaaa-aaaa",
                          "GHSA-bbbb-bbbb-bbbb: osv:GHSA-bbbb-bbbb-bbbb",
                          "PYSEC-1: osv:PYSEC-1 related(GHSA-aaaa-aaaa-aaaa GHSA-bbbb-bbbb-bbbb) "
                          "unfollowed(osv:PYSEC-1>GHSA-aaaa-aaaa-aaaa=retracted "
                          "osv:PYSEC-1>GHSA-bbbb-bbbb-bbbb=retracted)"));
}

TEST(Resolve, ARetractedRecordJoinsTheOneGroupItTouches) {
  EXPECT_THAT(describe({osv(ghsa_a), osv("PYSEC-1", {ghsa_a, "GMS-1"}).withdrawn()}),
              ElementsAre("GHSA-aaaa-aaaa-aaaa: osv:GHSA-aaaa-aaaa-aaaa osv:PYSEC-1 "
                          "ids(GHSA-aaaa-aaaa-aaaa GMS-1 PYSEC-1)"));
}

TEST(Resolve, RetractedRecordsAmongThemselvesFollowTheSameRules) {
  EXPECT_THAT(
      describe({osv("PYSEC-1", {cve1, ghsa_a}).withdrawn(), osv("PYSEC-2", {cve2, ghsa_a}).withdrawn(),
                osv("PYSEC-3", {"PYSEC-4"}).withdrawn(), osv("PYSEC-4").withdrawn(),
                osv("RUSTSEC-1", {cve1, cve2}).withdrawn()}),
      ElementsAre("CVE-2021-0001: osv:PYSEC-1 ids(CVE-2021-0001 PYSEC-1) related(GHSA-aaaa-aaaa-aaaa) "
                  "unfollowed(osv:PYSEC-1>GHSA-aaaa-aaaa-aaaa=contested)",
                  "CVE-2021-0002: osv:PYSEC-2 ids(CVE-2021-0002 PYSEC-2) related(GHSA-aaaa-aaaa-aaaa) "
                  "unfollowed(osv:PYSEC-2>GHSA-aaaa-aaaa-aaaa=contested)",
                  "PYSEC-3: osv:PYSEC-3 osv:PYSEC-4 ids(PYSEC-3 PYSEC-4)",
                  "RUSTSEC-1: osv:RUSTSEC-1 upstream(CVE-2021-0001 CVE-2021-0002) "
                  "unfollowed(osv:RUSTSEC-1>CVE-2021-0001=several-anchors "
                  "osv:RUSTSEC-1>CVE-2021-0002=several-anchors)",
                  "shared GHSA-aaaa-aaaa-aaaa: CVE-2021-0001 CVE-2021-0002"));
}

// What a retracted record names is no value of a group that lives, but it is never lost.
TEST(Resolve, ALiveGroupIsNotRelatedToWhatARetractedRecordNames) {
  EXPECT_THAT(
      describe({gitlab("u1", cve1, {cve2, "GMS-1"}).withdrawn(), cve(cve1), cve(cve2)}),
      ElementsAre("CVE-2021-0001: gitlab:u1 cve:CVE-2021-0001 "
                  "unfollowed(gitlab:u1>CVE-2021-0002=several-anchors gitlab:u1>GMS-1=several-anchors)",
                  "CVE-2021-0002: cve:CVE-2021-0002", "shared GMS-1: CVE-2021-0001"));
}

// Public ids.

TEST(Resolve, TheSmallestGhsaIdIsTheNameEvenIfNobodysOwn) {
  EXPECT_THAT(
      describe({osv("ALSA-1", {ghsa_b, ghsa_a})}),
      ElementsAre("GHSA-aaaa-aaaa-aaaa: osv:ALSA-1 ids(ALSA-1 GHSA-aaaa-aaaa-aaaa GHSA-bbbb-bbbb-bbbb)"));
}

TEST(Resolve, WithoutAGhsaIdTheSmallestOwnIdOfTheFirstSourceIsTheName) {
  EXPECT_THAT(
      describe(
          {gitlab("u1", "GMS-1", {"PYSEC-1"}), osv("RUSTSEC-1", {"PYSEC-1"}), osv("PYSEC-1", {"ALSA-1"})}),
      ElementsAre("PYSEC-1: osv:PYSEC-1 osv:RUSTSEC-1 gitlab:u1 ids(ALSA-1 GMS-1 PYSEC-1 RUSTSEC-1)"));
}

TEST(Resolve, IdsThatAreNoIdentifiersWorkLikeAnyOther) {
  EXPECT_THAT(describe({gitlab("u1", " odd, ", {"PYSEC-1"}), osv("PYSEC-1"), gitlab("u2", "CWE-94")}),
              ElementsAre("CWE-94: gitlab:u2", "PYSEC-1: osv:PYSEC-1 gitlab:u1 ids( odd,  PYSEC-1)"));
}

TEST(Resolve, ReasonsHaveStableWords) {
  EXPECT_EQ(to_string(Reason::denied), "denied");
  EXPECT_EQ(to_string(Reason::several_anchors), "several-anchors");
  EXPECT_EQ(to_string(Reason::contested), "contested");
  EXPECT_EQ(to_string(Reason::retracted), "retracted");
  EXPECT_EQ(to_string(Reason::placed_elsewhere), "placed-elsewhere");
}

// One component of many records must cost no more than its records do: a chain, a star, and one record that
// names everything.
TEST(Resolve, LargeComponentsAreGroupedLikeSmallOnes) {
  constexpr int size = 20'000;
  Corpus corpus;
  Entry all = osv("ALL-1");
  for (int i = 0; i < size; ++i) {
    const std::string number = std::to_string(100'000 + i);
    corpus.entries.push_back(osv("CHAIN-" + number, {"CHAIN-" + std::to_string(100'001 + i)}));
    corpus.entries.push_back(gitlab(number, "STAR-" + number, {cve1}));
    corpus.entries.push_back(gitlab("own-" + number, "CVE-2022-" + number));
    all.claims.push_back("CVE-2022-" + number);
  }
  all.claims.emplace_back("STAR-100000");
  all.claims.emplace_back("CHAIN-100000");
  corpus.entries.push_back(all);
  const Input input(corpus);
  const Result result = resolve(input.records, input.overrides);
  ASSERT_EQ(result.groups.size(), std::size_t{size} + 3);
  EXPECT_EQ(result.groups[0].id, "ALL-1");
  EXPECT_EQ(result.groups[0].upstream.size(), std::size_t{size});
  EXPECT_EQ(result.groups[1].id, "CHAIN-100000");
  EXPECT_EQ(result.groups[1].records.size(), std::size_t{size});
  EXPECT_EQ(result.groups[2].id, cve1);
  EXPECT_EQ(result.groups[2].records.size(), std::size_t{size});
  EXPECT_THAT(result.groups[3].related, ElementsAre("ALL-1"));
}

}  // namespace
}  // namespace resolve
