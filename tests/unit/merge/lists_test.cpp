#include "merge/lists.hpp"

#include <gtest/gtest.h>

#include "unit/merge/bench.hpp"

namespace merge {
namespace {

TEST(MergeLists, ReferencesAreAUnionInOrderOfPrecedence) {
  Bench bench;
  bench.cve(R"({"id":"CVE-2024-0001","references":[{"type":"WEB","url":"https://example.org/c"},
      {"type":"WEB","url":"https://example.org/a"}]})");
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2024-0001"],"references":[
      {"type":"WEB","url":"https://example.org/a"},{"type":"FIX","url":"https://example.org/b"}]})");
  const auto merged = bench.merge();
  EXPECT_EQ(Bench::at(merged.document, "references"),
            R"([{"type":"WEB","url":"https://example.org/a"},{"type":"FIX","url":"https://example.org/b"},)"
            R"({"type":"WEB","url":"https://example.org/c"}])");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/references[0-1]"), R"("osv/GHSA-aaaa-bbbb-cccc")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/references[2]"), R"("cve/CVE-2024-0001")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/references"), "absent");
}

TEST(MergeLists, ASpecificTypeWinsOverWebAndElseTheFirst) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2024-0001"],"references":[
      {"type":"WEB","url":"https://example.org/a"},{"type":"REPORT","url":"https://example.org/b"}]})");
  bench.cve(R"({"id":"CVE-2024-0001","references":[{"type":"FIX","url":"https://example.org/a"},
      {"type":"FIX","url":"https://example.org/b"}]})");
  const auto merged = bench.merge();
  EXPECT_EQ(
      Bench::at(merged.document, "references"),
      R"([{"type":"FIX","url":"https://example.org/a"},{"type":"REPORT","url":"https://example.org/b"}])");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/references"), R"("osv/GHSA-aaaa-bbbb-cccc")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/references[0].type"), R"("cve/CVE-2024-0001")");
}

TEST(MergeLists, UrlsAreComparedInAFormAndKeptVerbatim) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","references":[{"type":"WEB","url":"http://Example.org/a/"},
      {"type":"WEB","url":"https://example.org/a"},{"type":"WEB","url":"https://example.org/A"}]})");
  EXPECT_EQ(Bench::at(bench.merge().document, "references"),
            R"([{"type":"WEB","url":"http://Example.org/a/"},{"type":"WEB","url":"https://example.org/A"}])");
  EXPECT_EQ(url_form("HTTPS://Example.ORG/Path/"), "example.org/Path");
  EXPECT_EQ(url_form("https://example.org"), url_form("http://example.org/"));
  EXPECT_EQ(url_form(" https://example.org/a "), "example.org/a");
  EXPECT_EQ(url_form("https://example.org/a?B=C#D"), "example.org/a?B=C#D");
  EXPECT_NE(url_form("ftp://example.org/a"), url_form("https://example.org/a"));
  EXPECT_EQ(url_form(""), "");
}

TEST(MergeLists, CreditsAreAUnionByNameAndRole) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2024-0001"],"credits":[
      {"name":"Ada","type":"FINDER","contact":["mailto:ada@example.org"]},{"name":"Bob"}]})");
  bench.cve(
      R"({"id":"CVE-2024-0001","credits":[{"name":"Ada","type":"FINDER"},{"name":"Ada","type":"ANALYST"},
      {"name":"Bob"}]})");
  const auto merged = bench.merge();
  EXPECT_EQ(Bench::at(merged.document, "credits"),
            R"([{"contact":["mailto:ada@example.org"],"name":"Ada","type":"FINDER"},{"name":"Bob"},)"
            R"({"name":"Ada","type":"ANALYST"}])");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/credits[2]"), R"("cve/CVE-2024-0001")");
}

TEST(MergeLists, CategoriesStandLastAmongTheCweIds) {
  Bench bench;
  bench.gitlab("1111", R"({"id":"CVE-2024-0001"})").cwe_ids = {"CWE-1035", "CWE-79", "CWE-937"};
  bench.cve(R"({"id":"CVE-2024-0001"})").cwe_ids = {"CWE-79", "CWE-80", "CWE-937"};
  const auto merged = bench.merge();
  EXPECT_EQ(merged.cwe_ids, (std::vector<std::string_view>{"CWE-79", "CWE-80", "CWE-1035", "CWE-937"}));
  EXPECT_EQ(Bench::ours(merged.document, "cwe_ids"), R"(["CWE-79","CWE-80","CWE-1035","CWE-937"])");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/cwe_ids[0]"), R"("gitlab/1111")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/cwe_ids[1]"), R"("cve/CVE-2024-0001")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/cwe_ids[2-3]"), R"("gitlab/1111")");
}

}  // namespace
}  // namespace merge
