#include "merge/explain.hpp"

#include <gtest/gtest.h>

#include "unit/merge/bench.hpp"

namespace merge {
namespace {

/// The explanation of one field as canonical JSON.
std::string field(const base::json::Value& explanation, std::string_view name) {
  for (const base::json::Value& each : explanation.find("fields")->items())
    if (each.find("field")->text() == name) return base::json::write(each);
  return "absent";
}

/// Three records that disagree about nearly everything.
void fill(Bench& bench) {
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2024-0001"],"modified":"2024-05-01T00:00:00Z",
      "published":"0001-01-01T00:00:00Z","details":"osv details",
      "severity":[{"type":"CVSS_V3","score":"CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"}],
      "affected":[{"package":{"ecosystem":"npm","name":"a"},
        "ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.0.0"}]}]}],
      "references":[{"type":"WEB","url":"https://example.org/a"}],"related":["CVE-2019-0001","CVE-2024-0001"]})");
  bench
      .gitlab("1111", R"({"id":"CVE-2024-0001","modified":"2024-04-01T00:00:00Z",
      "published":"2024-01-02T00:00:00Z","summary":"cut","details":"gitlab details",
      "affected":[{"package":{"ecosystem":"npm","name":"a"},
        "ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.0.1"}]}]}],
      "references":[{"type":"WEB","url":"https://example.org/a"},{"type":"WEB","url":"https://example.org/b"}]})")
      .summary_derived = true;
  auto& cve = bench.cve(R"({"id":"CVE-2024-0001","modified":"2024-06-01T00:00:00Z",
      "published":"2024-01-01T00:00:00Z","summary":"title","details":"cve details",
      "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]})");
  cve.severity[0].origin = "cna";
  bench.osv(R"({"id":"XYZ-1","aliases":["CVE-2024-0001"],"modified":"2024-09-01T00:00:00Z","summary":"gone",
      "withdrawn":"2024-08-01T00:00:00Z"})");
}

TEST(MergeExplain, ScalarsNameTheWinnerTheLosersAndTheRule) {
  Bench bench;
  fill(bench);
  const auto explanation = bench.explain();
  EXPECT_EQ(field(explanation, "summary"),
            R"({"field":"summary","lost":[{"from":"gitlab/1111","value":"cut",)"
            R"("why":"cut from a description, and another record has a real one"},)"
            R"({"from":"osv/XYZ-1","value":"gone","why":"the record is retracted"}],)"
            R"("rule":"the first in order of precedence; one cut from a description loses to a real one",)"
            R"("value":"title","won":[{"from":"cve/CVE-2024-0001","value":"title"}]})");
  EXPECT_EQ(field(explanation, "details"),
            R"({"field":"details","lost":[{"from":"gitlab/1111","value":"gitlab details",)"
            R"("why":"another record is heard first"},{"from":"cve/CVE-2024-0001","value":"cve details",)"
            R"("why":"another record is heard first"}],"rule":"the first in order of precedence",)"
            R"("value":"osv details","won":[{"from":"osv/GHSA-aaaa-bbbb-cccc","value":"osv details"}]})");
}

TEST(MergeExplain, Times) {
  Bench bench;
  fill(bench);
  const auto explanation = bench.explain();
  EXPECT_EQ(
      field(explanation, "published"),
      R"({"field":"published","lost":[{"from":"osv/GHSA-aaaa-bbbb-cccc","value":"0001-01-01T00:00:00Z",)"
      R"("why":"not between 1990 and 2100"},{"from":"gitlab/1111","value":"2024-01-02T00:00:00Z",)"
      R"("why":"another record has an earlier one"}],"rule":"the earliest plausible time",)"
      R"("value":"2024-01-01T00:00:00Z","won":[{"from":"cve/CVE-2024-0001",)"
      R"("value":"2024-01-01T00:00:00Z"}]})");
  EXPECT_EQ(field(explanation, "modified"),
            R"({"field":"modified","lost":[{"from":"osv/GHSA-aaaa-bbbb-cccc","value":"2024-05-01T00:00:00Z",)"
            R"("why":"another record has a later one"},{"from":"gitlab/1111","value":"2024-04-01T00:00:00Z",)"
            R"("why":"another record has a later one"},{"from":"osv/XYZ-1","value":"2024-09-01T00:00:00Z",)"
            R"("why":"the record is retracted"}],"rule":"the latest plausible time",)"
            R"("value":"2024-06-01T00:00:00Z","won":[{"from":"cve/CVE-2024-0001",)"
            R"("value":"2024-06-01T00:00:00Z"}]})");
  EXPECT_EQ(field(explanation, "withdrawn"),
            R"({"field":"withdrawn","lost":[{"from":"osv/XYZ-1","value":"2024-08-01T00:00:00Z",)"
            R"("why":"the record is retracted"}],)"
            R"("rule":"only when every record is retracted; then the latest of their times"})");
}

TEST(MergeExplain, Unions) {
  Bench bench;
  fill(bench);
  const auto explanation = bench.explain();
  EXPECT_EQ(
      field(explanation, "references"),
      R"({"field":"references","lost":[{"from":"gitlab/1111",)"
      R"("value":{"type":"WEB","url":"https://example.org/a"},"why":"there already"}],)"
      R"("rule":"union by URL; a type that says more than WEB wins",)"
      R"("value":[{"type":"WEB","url":"https://example.org/a"},{"type":"WEB","url":"https://example.org/b"}],)"
      R"("won":[{"from":"osv/GHSA-aaaa-bbbb-cccc","value":[{"type":"WEB","url":"https://example.org/a"}]},)"
      R"({"from":"gitlab/1111","value":[{"type":"WEB","url":"https://example.org/b"}]}]})");
  EXPECT_EQ(
      field(explanation, "related"),
      R"({"field":"related","lost":[{"from":"osv/GHSA-aaaa-bbbb-cccc","value":"CVE-2024-0001",)"
      R"("why":"an id of the vulnerability itself"}],"rule":"union, without the vulnerability's own ids",)"
      R"("value":["CVE-2019-0001"],"won":[{"from":"osv/GHSA-aaaa-bbbb-cccc","value":["CVE-2019-0001"]}]})");
}

TEST(MergeExplain, PackagesAndScores) {
  Bench bench;
  fill(bench);
  const auto explanation = bench.explain();
  EXPECT_EQ(
      field(explanation, "affected npm a"),
      R"({"field":"affected npm a","lost":[{"from":"gitlab/1111","value":{"package":{"ecosystem":"npm",)"
      R"("name":"a"},"ranges":[{"events":[{"introduced":"0"},{"fixed":"1.0.1"}],"type":"SEMVER"}]},)"
      R"("why":"another record is heard first"}],"rule":"per package all entries of the record that is )"
      R"(heard first (of GitLab: of all its records), never a blend","won":[)"
      R"({"from":"osv/GHSA-aaaa-bbbb-cccc","value":{"package":{"ecosystem":"npm","name":"a"},)"
      R"("ranges":[{"events":[{"introduced":"0"},{"fixed":"1.0.0"}],"type":"SEMVER"}]}}]})");
  EXPECT_EQ(
      field(explanation, "cvss"),
      R"({"field":"cvss","lost":[{"from":"osv/GHSA-aaaa-bbbb-cccc",)"
      R"("value":"CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N",)"
      R"("why":"another vector is of a newer CVSS version"}],)"
      R"("rule":"CVSS v4.0 before v3.1, v3.0 and v2; then precedence; then CNA before ADP",)"
      R"("value":{"rating":"CRITICAL","score":9.8,"vector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",)"
      R"("version":"3.1"},"won":[{"from":"cve/CVE-2024-0001",)"
      R"("value":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]})");
}

TEST(MergeExplain, SourcesAndLinks) {
  Bench bench;
  fill(bench);
  bench.mark_stale("1111");
  const auto explanation = bench.explain();
  EXPECT_EQ(
      base::json::write(*explanation.find("sources")),
      R"([{"from":"osv/GHSA-aaaa-bbbb-cccc","modified":"2024-05-01T00:00:00Z","own_id":"GHSA-aaaa-bbbb-cccc"},)"
      R"({"from":"gitlab/1111","modified":"2024-04-01T00:00:00Z","own_id":"CVE-2024-0001","stale":true},)"
      R"({"from":"cve/CVE-2024-0001","modified":"2024-06-01T00:00:00Z","own_id":"CVE-2024-0001"},)"
      R"({"from":"osv/XYZ-1","modified":"2024-09-01T00:00:00Z","own_id":"XYZ-1","retracted":true}])");
  EXPECT_EQ(base::json::write(*explanation.find("links")),
            R"([{"followed":true,"from":"osv/GHSA-aaaa-bbbb-cccc","id":"CVE-2024-0001"},)"
            R"({"followed":true,"from":"osv/XYZ-1","id":"CVE-2024-0001"}])");
}

TEST(MergeExplain, ALinkThatWasNotFollowedHasItsReason) {
  Bench bench;
  bench.osv(R"({"id":"RUSTSEC-2020-0014","aliases":["CVE-2020-0001","CVE-2020-0002"]})");
  EXPECT_EQ(
      base::json::write(*bench.explain().find("links")),
      R"([{"followed":false,"from":"osv/RUSTSEC-2020-0014","id":"CVE-2020-0001","reason":"several-anchors"},)"
      R"({"followed":false,"from":"osv/RUSTSEC-2020-0014","id":"CVE-2020-0002","reason":"several-anchors"}])");
}

TEST(MergeExplain, TheTraceChangesNothing) {
  Bench bench;
  fill(bench);
  const auto merged = bench.merge();
  const auto explanation = bench.explain();
  EXPECT_EQ(base::json::write(*explanation.find("conflicts")), Bench::ours(merged.document, "conflicts"));
  EXPECT_EQ(base::json::write(*explanation.find("aliases")), Bench::at(merged.document, "aliases"));
  for (const base::json::Value& each : explanation.find("fields")->items()) {
    const std::string name(each.find("field")->text());
    if (merged.document.find(name) == nullptr) continue;
    EXPECT_EQ(base::json::write(*each.find("value")), Bench::at(merged.document, name)) << name;
  }
}

TEST(MergeExplain, AsText) {
  Bench bench;
  bench.gitlab("1111", R"({"id":"CVE-2024-0001","aliases":["GHSA-aaaa-bbbb-cccc"],
      "modified":"2024-04-01T00:00:00Z","summary":"S"})");
  bench.cve(R"({"id":"CVE-2024-0001","modified":"2024-06-01T00:00:00Z","summary":")" + std::string(155, 'x') +
            "\xC3\xA9\xC3\xA9\xC3\xA9\"}");
  bench.mark_stale("1111");
  EXPECT_EQ(
      explanation_text(bench.explain()),
      "CVE-2024-0001, GHSA-aaaa-bbbb-cccc\n"
      "\n"
      "Sources, the first heard first:\n"
      "  gitlab/1111 (CVE-2024-0001), modified 2024-04-01T00:00:00Z, unreadable now: its last good version\n"
      "  cve/CVE-2024-0001, modified 2024-06-01T00:00:00Z\n"
      "\n"
      "Links:\n"
      "  gitlab/1111 names GHSA-aaaa-bbbb-cccc: followed\n"
      "\n"
      "summary: the first in order of precedence; one cut from a description loses to a real one\n"
      "  won  gitlab/1111: \"S\"\n"
      "  lost cve/CVE-2024-0001 (another record is heard first): \"" +
          std::string(155, 'x') +
          "\xC3\xA9\xC3\xA9…\n"
          "\n"
          "modified: the latest plausible time\n"
          "  won  cve/CVE-2024-0001: \"2024-06-01T00:00:00Z\"\n"
          "  lost gitlab/1111 (another record has a later one): \"2024-04-01T00:00:00Z\"\n");
}

}  // namespace
}  // namespace merge
