#include <gtest/gtest.h>

#include "unit/merge/bench.hpp"

namespace merge {
namespace {

/// An entry of `affected` with one range per fixed version.
std::string entry(const std::string& ecosystem, const std::string& name,
                  const std::vector<std::string>& fixed) {
  std::string ranges;
  for (const std::string& version : fixed)
    ranges += (ranges.empty() ? "" : ",") +
              (R"({"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":")" + version + R"("}]})");
  return R"({"package":{"ecosystem":")" + ecosystem + R"(","name":")" + name + R"("},"ranges":[)" + ranges +
         "]}";
}

std::string record(const std::string& id, const std::string& alias, const std::string& entries) {
  return R"({"id":")" + id + R"(","aliases":[")" + alias + R"("],"affected":[)" + entries + "]}";
}

/// "name fixed,fixed" of each entry of the document.
std::vector<std::string> said(const advisory::Vulnerability& merged) {
  std::vector<std::string> out;
  for (const advisory::Package& row : merged.packages) {
    std::string text(row.name);
    for (const std::string_view version : row.fixed_versions) text.append(" ").append(version);
    out.push_back(text + " " + std::string(advisory::to_string(row.source)) + "/" +
                  std::string(row.record_id));
  }
  return out;
}

using Said = std::vector<std::string>;

TEST(MergeAffected, EachPackageIsTheWholeWordOfOneSource) {
  Bench bench;
  bench.osv(record("GHSA-aaaa-bbbb-cccc", "CVE-2024-0001", entry("npm", "a", {"1", "2"})));
  bench.gitlab("1111", record("CVE-2024-0001", "CVE-2024-0001",
                              entry("npm", "a", {"3"}) + "," + entry("npm", "b", {"4"})));
  bench.cve(
      record("CVE-2024-0001", "CVE-2024-0001", entry("npm", "b", {"5"}) + "," + entry("npm", "c", {"6"})));
  const auto merged = bench.merge();
  EXPECT_EQ(said(merged),
            (Said{"a 1 2 osv/GHSA-aaaa-bbbb-cccc", "b 4 gitlab/1111", "c 6 cve/CVE-2024-0001"}));
  EXPECT_EQ(Bench::ours(merged.document, "provenance/affected[0]"), R"("osv/GHSA-aaaa-bbbb-cccc")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/affected[1]"), R"("gitlab/1111")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/affected[2]"), R"("cve/CVE-2024-0001")");
}

TEST(MergeAffected, NamesAreComparedNormalisedAndEcosystemsWithTheirSuffix) {
  Bench bench;
  bench.osv(record("GHSA-aaaa-bbbb-cccc", "CVE-2024-0001",
                   entry("PyPI", "Zope.Interface", {"1"}) + "," + entry("Debian:11", "curl", {"1"})));
  bench.gitlab("1111",
               record("CVE-2024-0001", "CVE-2024-0001",
                      entry("PyPI", "zope_interface", {"1"}) + "," + entry("Debian:12", "curl", {"1"}) + "," +
                          entry("npm", "Zope.Interface", {"1"})));
  EXPECT_EQ(said(bench.merge()),
            (Said{"Zope.Interface 1 osv/GHSA-aaaa-bbbb-cccc", "curl 1 osv/GHSA-aaaa-bbbb-cccc",
                  "curl 1 gitlab/1111", "Zope.Interface 1 gitlab/1111"}));
}

TEST(MergeAffected, OfOsvTheHomeDatabaseOfEachPackageWins) {
  Bench bench;
  bench.osv(record(
      "GHSA-aaaa-bbbb-cccc", "CVE-2024-0001",
      entry("PyPI", "a", {"1"}) + "," + entry("npm", "b", {"2"}) + "," + entry("Bitnami", "c", {"3"})));
  bench.osv(
      record("PYSEC-2024-1", "CVE-2024-0001", entry("PyPI", "a", {"4"}) + "," + entry("npm", "b", {"5"})));
  bench.osv(record("BIT-c-2024-1", "CVE-2024-0001", entry("Bitnami", "c", {"6"})));
  EXPECT_EQ(said(bench.merge()),
            (Said{"a 4 osv/PYSEC-2024-1", "b 2 osv/GHSA-aaaa-bbbb-cccc", "c 6 osv/BIT-c-2024-1"}));
}

// The example of docs/merging.md.
TEST(MergeAffected, TheWorkedExample) {
  Bench bench;
  bench.osv(record("GHSA-aaaa-bbbb-cccc", "CVE-2024-0001",
                   entry("PyPI", "django", {"4.2.1"}) + "," + entry("npm", "left-pad", {"1.3.0"})));
  bench.osv(record("PYSEC-2024-1", "CVE-2024-0001", entry("PyPI", "Django", {"4.2.1", "3.2.19"})));
  bench.gitlab("1111", record("CVE-2024-0001", "CVE-2024-0001", entry("npm", "left-pad", {"1.3.1"})));
  bench.gitlab("2222", record("CVE-2024-0001", "CVE-2024-0001", entry("RubyGems", "django", {"1.0"})));
  const auto merged = bench.merge();
  EXPECT_EQ(said(merged), (Said{"Django 4.2.1 3.2.19 osv/PYSEC-2024-1",
                                "left-pad 1.3.0 osv/GHSA-aaaa-bbbb-cccc", "django 1.0 gitlab/2222"}));
  EXPECT_EQ(Bench::ours(merged.document, "conflicts/0/package"), R"({"ecosystem":"PyPI","name":"Django"})");
  EXPECT_EQ(Bench::ours(merged.document, "conflicts/0/values/1/source"), R"("osv/GHSA-aaaa-bbbb-cccc")");
  EXPECT_EQ(Bench::ours(merged.document, "conflicts/1/package"), R"({"ecosystem":"npm","name":"left-pad"})");
  EXPECT_EQ(Bench::ours(merged.document, "conflicts/1/values/1/source"), R"("gitlab/1111")");
  EXPECT_EQ(Bench::ours(merged.document, "conflicts/2"), "absent");
}

TEST(MergeAffected, AllEntriesOfThePackageInTheWinningRecordStay) {
  Bench bench;
  bench.osv(
      record("GHSA-aaaa-bbbb-cccc", "CVE-2024-0001",
             entry("npm", "a", {"1"}) + "," + entry("npm", "b", {"2"}) + "," + entry("npm", "a", {"3"})));
  bench.osv(record("XYZ-1", "CVE-2024-0001", entry("npm", "a", {"9"})));
  EXPECT_EQ(said(bench.merge()), (Said{"a 1 osv/GHSA-aaaa-bbbb-cccc", "b 2 osv/GHSA-aaaa-bbbb-cccc",
                                       "a 3 osv/GHSA-aaaa-bbbb-cccc"}));
}

TEST(MergeAffected, GitlabFilesOfAPackageSpeakTogetherEachWithItsUuid) {
  Bench bench;
  bench.gitlab("2222", record("GMS-2024-1", "CVE-2024-0001", entry("npm", "a", {"2"})));
  bench.gitlab("1111", record("CVE-2024-0001", "CVE-2024-0001", entry("npm", "a", {"1"})));
  bench.cve(record("CVE-2024-0001", "CVE-2024-0001", entry("npm", "a", {"3"})));
  const auto merged = bench.merge();
  EXPECT_EQ(said(merged), (Said{"a 1 gitlab/1111", "a 2 gitlab/2222"}));
  EXPECT_EQ(Bench::at(merged.document, "affected/0/database_specific"),
            R"({"vuln_datasync":{"uuid":"1111"}})");
  EXPECT_EQ(Bench::at(merged.document, "affected/1/database_specific"),
            R"({"vuln_datasync":{"uuid":"2222"}})");
}

TEST(MergeAffected, TheUuidStandsBesideWhatTheEntryHas) {
  Bench bench;
  bench.gitlab("1111", R"({"id":"CVE-2024-0001","affected":[{"package":{"ecosystem":"npm","name":"a"},
      "versions":["1"],"database_specific":{"affected_range":"=1"},
      "severity":[{"type":"CVSS_V2","score":"bad"}]}]})");
  EXPECT_EQ(Bench::at(bench.merge().document, "affected/0/database_specific"),
            R"({"affected_range":"=1","vuln_datasync":{"invalid":{"severity":[{"score":"bad",)"
            R"("type":"CVSS_V2"}]},"uuid":"1111"}})");
}

TEST(MergeAffected, EntriesWithoutAPackageAreComparedByRepository) {
  const auto git = [](const std::string& repository, char digit) {
    return R"({"ranges":[{"type":"GIT","repo":")" + repository +
           R"(","events":[{"introduced":"0"},{"fixed":")" + std::string(40, digit) + R"("}]}]})";
  };
  Bench bench;
  bench.osv(record("GHSA-aaaa-bbbb-cccc", "CVE-2024-0001", git("https://example.org/R.git", '1')));
  bench.cve(record("CVE-2024-0001", "CVE-2024-0001",
                   git("http://Example.org/R/", '2') + "," + git("https://example.org/other", '3')));
  const auto merged = bench.merge();
  EXPECT_EQ(Bench::at(merged.document, "affected/0/ranges/0/repo"), R"("https://example.org/R.git")");
  EXPECT_EQ(Bench::at(merged.document, "affected/1/ranges/0/repo"), R"("https://example.org/other")");
  EXPECT_EQ(Bench::at(merged.document, "affected/2"), "absent");
  EXPECT_EQ(
      Bench::ours(merged.document, "conflicts"),
      R"([{"field":"fixed_versions","repo":"https://example.org/R.git","values":[{"fixed_versions":[")" +
          std::string(40, '1') + R"("],"source":"osv/GHSA-aaaa-bbbb-cccc"},{"fixed_versions":[")" +
          std::string(40, '2') + R"("],"ranges":[{"fixed":")" + std::string(40, '2') +
          R"(","introduced":"0"}],"source":"cve/CVE-2024-0001"}]}])");
}

TEST(MergeAffected, EntriesThatNameNothingAllStay) {
  Bench bench;
  bench.osv(record("GHSA-aaaa-bbbb-cccc", "CVE-2024-0001", R"({"versions":["1"]})"));
  bench.osv(record("XYZ-1", "CVE-2024-0001", R"({"versions":["2"]})"));
  EXPECT_EQ(Bench::at(bench.merge().document, "affected"), R"([{"versions":["1"]},{"versions":["2"]}])");
}

TEST(MergeAffected, WhatOthersSaidOfFixedVersionsIsAConflict) {
  Bench bench;
  bench.osv(record("GHSA-aaaa-bbbb-cccc", "CVE-2024-0001", entry("npm", "a", {"2", "1"})));
  bench.gitlab("1111", record("CVE-2024-0001", "CVE-2024-0001", entry("npm", "a", {"1"})));
  bench.gitlab("2222", record("GMS-2024-1", "CVE-2024-0001", entry("npm", "a", {"3"})));
  bench.cve(record("CVE-2024-0001", "CVE-2024-0001", entry("npm", "a", {"v1", "2"})));  // says the same
  EXPECT_EQ(
      Bench::ours(bench.merge().document, "conflicts"),
      R"([{"field":"fixed_versions","package":{"ecosystem":"npm","name":"a"},"values":[)"
      R"({"fixed_versions":["1","2"],"source":"osv/GHSA-aaaa-bbbb-cccc"},)"
      R"({"fixed_versions":["1"],"ranges":[{"fixed":"1","introduced":"0"}],"source":"gitlab/1111"},)"
      R"({"fixed_versions":["3"],"ranges":[{"fixed":"3","introduced":"0"}],"source":"gitlab/2222"}]}])");
}

TEST(MergeAffected, GitlabFilesThatSayTogetherWhatTheWinnerSaysAreNone) {
  Bench bench;
  bench.osv(record("GHSA-aaaa-bbbb-cccc", "CVE-2024-0001", entry("npm", "a", {"2", "1"})));
  bench.gitlab("1111", record("CVE-2024-0001", "CVE-2024-0001", entry("npm", "a", {"1"})));
  bench.gitlab("2222", record("GMS-2024-1", "CVE-2024-0001", entry("npm", "a", {"2"})));
  EXPECT_EQ(Bench::ours(bench.merge().document, "conflicts"), "absent");
}

std::string ranges(const std::string& events) {
  return R"({"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"SEMVER","events":[)" + events +
         "]}]}";
}

TEST(MergeAffected, OtherRangesWithTheSameFixedVersionsAreAConflictOfTheirOwn) {
  Bench bench;
  bench.osv(
      record("GHSA-aaaa-bbbb-cccc", "CVE-2024-0001", ranges(R"({"introduced":"0"},{"fixed":"2.0.0"})")));
  bench.gitlab("1111", record("CVE-2024-0001", "CVE-2024-0001",
                              ranges(R"({"introduced":"1.0.0"},{"fixed":"2.0.0"})")));
  EXPECT_EQ(Bench::ours(bench.merge().document, "conflicts"),
            R"([{"field":"ranges","package":{"ecosystem":"npm","name":"a"},"values":[)"
            R"({"fixed_versions":["2.0.0"],"source":"osv/GHSA-aaaa-bbbb-cccc"},{"fixed_versions":["2.0.0"],)"
            R"("ranges":[{"fixed":"2.0.0","introduced":"1.0.0"}],"source":"gitlab/1111"}]}])");
}

TEST(MergeAffected, SpellingsOfTheSameRangesAreNoConflict) {
  Bench bench;
  bench.osv(record("GHSA-aaaa-bbbb-cccc", "CVE-2024-0001",
                   ranges(R"({"introduced":"0.0.0-0"},{"fixed":"1.0.0"},{"introduced":"2.0.0"})")));
  bench.gitlab("1111",
               R"({"id":"CVE-2024-0001","affected":[{"package":{"ecosystem":"npm","name":"a"},"ranges":[
      {"type":"ECOSYSTEM","events":[{"introduced":"v2.0.0"}]},
      {"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"v1.0.0"}]}]}]})");
  EXPECT_EQ(Bench::ours(bench.merge().document, "conflicts"), "absent");
}

TEST(MergeAffected, WhoGivesNoRangeContradictsNobody) {
  Bench bench;
  bench.osv(record("GHSA-aaaa-bbbb-cccc", "CVE-2024-0001", entry("npm", "a", {"1"})));
  bench.cve(
      R"({"id":"CVE-2024-0001","affected":[{"package":{"ecosystem":"npm","name":"a"},"versions":["1"]}]})");
  EXPECT_EQ(Bench::ours(bench.merge().document, "conflicts"), "absent");
}

TEST(MergeAffected, GitRangesOfAPackageAreNotCompared) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2024-0001"],"affected":[
      {"package":{"ecosystem":"npm","name":"a"},"ranges":[
        {"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.0.0"}]},
        {"type":"GIT","repo":"https://example.org/r","events":[{"introduced":"0"}]}]}]})");
  bench.gitlab("1111", record("CVE-2024-0001", "CVE-2024-0001", entry("npm", "a", {"1.0.0"})));
  EXPECT_EQ(Bench::ours(bench.merge().document, "conflicts"), "absent");
}

}  // namespace
}  // namespace merge
