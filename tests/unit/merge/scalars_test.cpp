#include <gtest/gtest.h>

#include "unit/merge/bench.hpp"

namespace merge {
namespace {

using advisory::parse_instant;

TEST(MergeScalars, TheFirstThatIsPresentWins) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2024-0001"],"details":"osv details"})");
  bench.gitlab("1111", R"({"id":"CVE-2024-0001","summary":"gitlab summary","details":"gitlab details"})");
  bench.cve(R"({"id":"CVE-2024-0001","summary":"cve summary","details":"cve details"})");
  const auto merged = bench.merge();
  EXPECT_EQ(merged.summary, "gitlab summary");
  EXPECT_EQ(merged.details, "osv details");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/summary"), R"("gitlab/1111")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/details"), R"("osv/GHSA-aaaa-bbbb-cccc")");
}

TEST(MergeScalars, ADerivedSummaryLosesToARealOneOfAnyRank) {
  Bench bench;
  bench.gitlab("1111", R"({"id":"CVE-2024-0001","summary":"cut from the descr"})").summary_derived = true;
  bench.cve(R"({"id":"CVE-2024-0001","summary":"a title"})");
  EXPECT_EQ(bench.merge().summary, "a title");
}

TEST(MergeScalars, OfDerivedSummariesTheFirstWins) {
  Bench bench;
  bench.cve(R"({"id":"CVE-2024-0001","summary":"cve"})").summary_derived = true;
  bench.gitlab("1111", R"({"id":"CVE-2024-0001","summary":"gitlab","details":"d"})").summary_derived = true;
  EXPECT_EQ(bench.merge().summary, "gitlab");
}

TEST(MergeScalars, NothingStandsWhereNobodySaysAnything) {
  Bench bench;
  bench.cve(R"({"id":"CVE-2024-0001"})");
  const auto merged = bench.merge();
  for (const char* key : {"summary", "details", "published", "withdrawn", "severity", "affected",
                          "references", "credits", "aliases", "related", "upstream"})
    EXPECT_EQ(Bench::at(merged.document, key), "absent") << key;
  EXPECT_EQ(merged.severity, advisory::Rating::unknown);
  EXPECT_FALSE(merged.cvss_score_tenths);
}

TEST(MergeScalars, PublishedIsTheEarliestAndModifiedTheLatest) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2024-0001"],"published":"2024-01-02T00:00:00Z",
      "modified":"2024-05-01T00:00:00Z"})");
  bench.gitlab("1111", R"({"id":"CVE-2024-0001","published":"2024-01-03T00:00:00Z",
      "modified":"2024-06-01T12:00:00.25Z"})");
  bench.cve(R"({"id":"CVE-2024-0001","published":"2024-01-01T00:00:00Z","modified":"2024-04-01T00:00:00Z"})");
  const auto merged = bench.merge();
  EXPECT_EQ(Bench::at(merged.document, "published"), R"("2024-01-01T00:00:00Z")");
  EXPECT_EQ(Bench::at(merged.document, "modified"), R"("2024-06-01T12:00:00.25Z")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/published"), R"("cve/CVE-2024-0001")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/modified"), R"("gitlab/1111")");
}

TEST(MergeScalars, PlaceholdersAreNeitherEarliestNorLatest) {
  Bench bench;
  bench.osv(R"({"id":"GO-2024-0001","aliases":["CVE-2024-0001"],"published":"0001-01-01T00:00:00Z",
      "modified":"0001-01-01T00:00:00Z"})");
  bench.gitlab("1111", R"({"id":"CVE-2024-0001","published":"2024-01-03T00:00:00Z",
      "modified":"9999-12-05T00:00:00Z"})");
  bench.cve(R"({"id":"CVE-2024-0001","published":"2024-01-04T00:00:00Z","modified":"2024-02-01T00:00:00Z"})");
  const auto merged = bench.merge();
  EXPECT_EQ(merged.published, parse_instant("2024-01-03T00:00:00Z"));
  EXPECT_EQ(merged.modified, parse_instant("2024-02-01T00:00:00Z"));
}

TEST(MergeScalars, WhereNoTimeIsPlausibleTheFirstStands) {
  Bench bench;
  bench.gitlab("1111", R"({"id":"CVE-2024-0001","modified":"9999-12-05T00:00:00Z"})");
  bench.osv(R"({"id":"GO-2024-0001","aliases":["CVE-2024-0001"],"published":"0001-01-01T00:00:00Z",
      "modified":"0001-01-01T00:00:00Z"})");
  const auto merged = bench.merge();
  EXPECT_EQ(Bench::at(merged.document, "modified"), R"("0001-01-01T00:00:00Z")");
  EXPECT_EQ(Bench::at(merged.document, "published"), R"("0001-01-01T00:00:00Z")");
}

TEST(MergeScalars, ARecordWithoutModifiedCountsWithItsPublished) {
  Bench bench;
  bench.cve(R"({"id":"CVE-2024-0001","published":"2024-03-01T00:00:00Z"})").modified.reset();
  bench.gitlab("1111", R"({"id":"CVE-2024-0001","modified":"2024-02-01T00:00:00Z"})");
  EXPECT_EQ(bench.merge().modified, parse_instant("2024-03-01T00:00:00Z"));
}

TEST(MergeScalars, WithoutAnyTimeModifiedIs1970) {
  Bench bench;
  bench.cve(R"({"id":"CVE-2024-0001"})").modified.reset();
  const auto merged = bench.merge();
  EXPECT_EQ(Bench::at(merged.document, "modified"), R"("1970-01-01T00:00:00Z")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/modified"), "absent");
}

TEST(MergeScalars, AWithdrawnDuplicateDoesNotHideALiveRecord) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2024-0001"],"summary":"withdrawn",
      "withdrawn":"2024-02-01T00:00:00Z","references":[{"type":"WEB","url":"https://example.org/"}],
      "modified":"2024-09-01T00:00:00Z","database_specific":{"x":1,"cwe_ids":["CWE-79"]}})");
  bench.cve(R"({"id":"CVE-2024-0001","summary":"live","modified":"2024-01-01T00:00:00Z"})");
  const auto merged = bench.merge();
  EXPECT_FALSE(merged.withdrawn);
  EXPECT_EQ(merged.summary, "live");
  EXPECT_EQ(merged.modified, parse_instant("2024-01-01T00:00:00Z"));
  EXPECT_EQ(Bench::at(merged.document, "references"), "absent");
  EXPECT_EQ(Bench::at(merged.document, "database_specific/osv"), "absent");
  EXPECT_TRUE(merged.cwe_ids.empty());
  EXPECT_EQ(Bench::at(merged.document, "aliases"), R"(["GHSA-aaaa-bbbb-cccc"])");
  EXPECT_EQ(Bench::ours(merged.document, "sources/1/retracted"), "true");
}

TEST(MergeScalars, AGroupOfRetractedRecordsIsWithdrawnAtTheLatestOfTheirTimes) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["GMS-2024-1"],"summary":"S",
      "withdrawn":"2024-02-01T00:00:00Z"})");
  bench.gitlab("1111", R"({"id":"GMS-2024-1","withdrawn":"2024-02-02T00:00:00Z"})");
  const auto merged = bench.merge();
  EXPECT_EQ(Bench::at(merged.document, "withdrawn"), R"("2024-02-02T00:00:00Z")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/withdrawn"), R"("gitlab/1111")");
  EXPECT_EQ(merged.withdrawn, parse_instant("2024-02-02T00:00:00Z"));
  EXPECT_EQ(merged.summary, "S");
}

TEST(MergeScalars, ARetractedRecordWithoutATimeCountsWithItsModified) {
  Bench bench;
  bench.gitlab("1111", R"({"id":"CVE-2024-0001","modified":"2024-03-01T00:00:00Z"})").retracted = true;
  bench.gitlab("2222", R"({"id":"CVE-2024-0001","withdrawn":"2024-02-01T00:00:00Z"})");
  bench.gitlab("3333", R"({"id":"CVE-2024-0001","withdrawn":"9999-02-01T00:00:00Z"})");
  const auto merged = bench.merge();
  EXPECT_EQ(merged.withdrawn, parse_instant("2024-03-01T00:00:00Z"));
  EXPECT_EQ(Bench::ours(merged.document, "provenance/withdrawn"), R"("gitlab/1111")");
}

TEST(MergeScalars, KevIsTakenFromWhoeverSaysIt) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2024-0001"]})");
  bench.cve(R"({"id":"CVE-2024-0001"})").kev_added = "2021-12-10";
  EXPECT_EQ(bench.merge().kev_added, "2021-12-10");
}

}  // namespace
}  // namespace merge
