#include <gtest/gtest.h>

#include "unit/merge/bench.hpp"

namespace merge {
namespace {

const std::string v2 = "AV:N/AC:L/Au:N/C:N/I:N/A:C";                                       // 7.8
const std::string v30 = "CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N";                    // 6.1
const std::string v31_high = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N";               // 7.5
const std::string v31_critical = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";           // 9.8
const std::string v4 = "CVSS:4.0/AV:L/AC:L/AT:P/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N";  // 2.1

std::string entry(const std::string& vector) {
  const std::string type = vector.rfind("CVSS:4", 0) == 0   ? "CVSS_V4"
                           : vector.rfind("CVSS:3", 0) == 0 ? "CVSS_V3"
                                                            : "CVSS_V2";
  return R"({"score":")" + vector + R"(","type":")" + type + R"("})";
}

std::string severity(const std::string& entries) {
  return R"("severity":[)" + entries + "]";
}

std::string package(const std::string& name, const std::string& more = {}) {
  return R"({"package":{"ecosystem":"npm","name":")" + name + R"("})" + (more.empty() ? "" : "," + more) +
         "}";
}

TEST(MergeSeverity, ANewerVersionIsPreferredWhoeverGivesIt) {
  const std::string vectors[] = {v2, v30, v31_high, v4};
  for (std::size_t newest = 1; newest < 4; ++newest) {
    Bench bench;
    bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2024-0001"],)" +
              severity(entry(vectors[newest - 1])) + "}");
    bench.cve(R"({"id":"CVE-2024-0001",)" + severity(entry(vectors[newest])) + "}");
    const auto merged = bench.merge();
    EXPECT_EQ(merged.cvss_vector, vectors[newest]);
    EXPECT_EQ(Bench::ours(merged.document, "provenance/cvss"), R"("cve/CVE-2024-0001")");
  }
}

TEST(MergeSeverity, ThePreferredVectorIsScored) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc",)" + severity(entry(v2) + "," + entry(v4)) + "}");
  const auto merged = bench.merge();
  EXPECT_EQ(Bench::ours(merged.document, "cvss"),
            R"({"rating":"LOW","score":2.1,"vector":")" + v4 + R"(","version":"4.0"})");
  EXPECT_EQ(merged.severity, advisory::Rating::low);
  EXPECT_EQ(merged.cvss_score_tenths, 21);
}

TEST(MergeSeverity, OfOneVersionTheFirstInOrderOfPrecedence) {
  Bench bench;
  bench.cve(R"({"id":"CVE-2024-0001",)" + severity(entry(v31_critical)) + "}");
  bench.gitlab("1111", R"({"id":"CVE-2024-0001",)" + severity(entry(v31_high)) + "}");
  EXPECT_EQ(bench.merge().cvss_vector, v31_high);
}

TEST(MergeSeverity, CnaBeforeAdp) {
  Bench bench;
  auto& cve =
      bench.cve(R"({"id":"CVE-2024-0001",)" + severity(entry(v31_critical) + "," + entry(v31_high)) + "}");
  cve.severity[0].origin = "adp:CISA-ADP";
  cve.severity[1].origin = "cna";
  const auto merged = bench.merge();
  EXPECT_EQ(merged.cvss_vector, v31_high);
  EXPECT_EQ(Bench::ours(merged.document, "origins"), R"({"severity[0]":"adp:CISA-ADP"})");
}

TEST(MergeSeverity, AnAdpVectorOfANewerVersionIsPreferred) {
  Bench bench;
  auto& cve = bench.cve(R"({"id":"CVE-2024-0001",)" + severity(entry(v30) + "," + entry(v31_high)) + "}");
  cve.severity[0].origin = "cna";
  cve.severity[1].origin = "adp:CISA-ADP";
  EXPECT_EQ(bench.merge().cvss_vector, v31_high);
}

TEST(MergeSeverity, TheWordOfUbuntuRatesWhereThereIsNoVector) {
  Bench bench;
  bench.osv(R"({"id":"UBUNTU-CVE-2024-1","severity":[{"type":"Ubuntu","score":"high"}]})");
  auto merged = bench.merge();
  EXPECT_EQ(merged.severity, advisory::Rating::high);
  EXPECT_EQ(merged.cvss_vector, "");
  EXPECT_EQ(Bench::ours(merged.document, "cvss"), "absent");
  EXPECT_EQ(Bench::at(merged.document, "severity"), R"([{"score":"high","type":"Ubuntu"}])");

  Bench with_vector;
  with_vector.osv(R"({"id":"UBUNTU-CVE-2024-1",)" +
                  severity(R"({"type":"Ubuntu","score":"high"},)" + entry(v4)) + "}");
  EXPECT_EQ(with_vector.merge().severity, advisory::Rating::low);
}

TEST(MergeSeverity, SeveritiesAreAUnionByTypeAndVector) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2024-0001"],)" + severity(entry(v31_high)) + "}");
  const std::string same = "CVSS:3.1/AC:L/AV:N/PR:N/UI:N/S:U/C:H/I:N/A:N/E:X";  // another order, nothing more
  bench.gitlab("1111", R"({"id":"CVE-2024-0001",)" + severity(entry(same) + "," + entry(v2)) + "}");
  bench.cve(R"({"id":"CVE-2024-0001",)" + severity(entry(v2) + "," + entry(v30)) + "}");
  const auto merged = bench.merge();
  EXPECT_EQ(Bench::at(merged.document, "severity"),
            "[" + entry(v31_high) + "," + entry(v2) + "," + entry(v30) + "]");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/severity[0]"), R"("osv/GHSA-aaaa-bbbb-cccc")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/severity[1]"), R"("gitlab/1111")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/severity[2]"), R"("cve/CVE-2024-0001")");
}

// The OSV schema: severity stands at the top or at packages, not both.
TEST(MergeSeverity, WhereAPackageHasItsOwnTheOthersTakeThatOfTheWhole) {
  Bench bench;
  bench.osv(R"({"id":"BIT-x-2024-1","aliases":["CVE-2024-0001"],"affected":[)" +
            package("a", severity(entry(v31_critical))) + "," + package("b") + "," + package("c") + "]}");
  bench.gitlab("1111", R"({"id":"CVE-2024-0001","affected":[)" + package("d") + "]," +
                           severity(entry(v31_high)) + "}");
  bench.cve(R"({"id":"CVE-2024-0001",)" + severity(entry(v2)) + "}");
  const auto merged = bench.merge();
  EXPECT_EQ(Bench::at(merged.document, "severity"), "absent");
  EXPECT_EQ(Bench::at(merged.document, "affected/0/severity"), "[" + entry(v31_critical) + "]");
  const std::string whole = "[" + entry(v31_high) + "," + entry(v2) + "]";
  EXPECT_EQ(Bench::at(merged.document, "affected/1/severity"), whole);
  EXPECT_EQ(Bench::at(merged.document, "affected/2/severity"), whole);
  EXPECT_EQ(Bench::at(merged.document, "affected/3/severity"), whole);
  EXPECT_EQ(Bench::ours(merged.document, "provenance/affected[1-3].severity[0]"), R"("gitlab/1111")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/affected[1-3].severity[1]"), R"("cve/CVE-2024-0001")");
  EXPECT_EQ(Bench::ours(merged.document, "severity"), "absent");
  EXPECT_EQ(merged.cvss_vector, v31_critical);  // a vector of a package counts, by precedence
}

TEST(MergeSeverity, WhereEveryPackageHasItsOwnThatOfTheWholeIsKeptAside) {
  Bench bench;
  bench.osv(R"({"id":"BIT-x-2024-1","aliases":["CVE-2024-0001"],"affected":[)" +
            package("a", severity(entry(v31_critical))) + "]}");
  bench.cve(R"({"id":"CVE-2024-0001",)" + severity(entry(v2)) + "}");
  const auto merged = bench.merge();
  EXPECT_EQ(Bench::at(merged.document, "severity"), "absent");
  EXPECT_EQ(Bench::ours(merged.document, "severity"),
            R"([{"score":")" + v2 + R"(","source":"cve/CVE-2024-0001","type":"CVSS_V2"}])");
}

TEST(MergeSeverity, DifferentScoresOfOneTypeAreAConflict) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2024-0001"],)" + severity(entry(v31_critical)) +
            "}");
  bench.gitlab("1111", R"({"id":"CVE-2024-0001",)" + severity(entry(v31_critical) + "," + entry(v2)) + "}");
  bench.gitlab("2222", R"({"id":"CVE-2024-0001",)" + severity(entry(v31_critical)) + "}");
  auto& cve = bench.cve(R"({"id":"CVE-2024-0001",)" + severity(entry(v30)) + "}");
  cve.severity[0].origin = "cna";
  EXPECT_EQ(Bench::ours(bench.merge().document, "conflicts"),
            R"([{"field":"severity","type":"CVSS_V3","values":[)"
            R"({"score":9.8,"source":"osv/GHSA-aaaa-bbbb-cccc","vector":")" +
                v31_critical + R"("},{"score":9.8,"source":"gitlab/1111","vector":")" + v31_critical +
                R"("},{"origin":"cna","score":6.1,"source":"cve/CVE-2024-0001","vector":")" + v30 +
                R"("}]}])");
}

TEST(MergeSeverity, DifferentVectorsOfOneScoreOrOfDifferentTypesAreNone) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2024-0001"],)" + severity(entry(v31_high)) + "}");
  const std::string also_75 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";
  bench.cve(R"({"id":"CVE-2024-0001",)" + severity(entry(also_75) + "," + entry(v2)) + "}");
  EXPECT_EQ(Bench::ours(bench.merge().document, "conflicts"), "absent");
}

}  // namespace
}  // namespace merge
