#include "merge/precedence.hpp"

#include <gtest/gtest.h>

#include "unit/merge/bench.hpp"

namespace merge {
namespace {

/// The keys in the order in which they are heard.
std::vector<std::string> order_of(const Bench& bench) {
  std::vector<Contributor> contributors;
  for (const advisory::Advisory& record : bench.records()) contributors.push_back({&record, false});
  base::Arena arena;
  const Order order = put_in_order(contributors, arena);
  std::vector<std::string> keys;
  for (const Speaker& speaker : order.all) keys.emplace_back(speaker.key);
  keys.insert(keys.begin() + static_cast<std::ptrdiff_t>(order.heard), "|");
  return keys;
}

std::string package(const std::string& ecosystem, const std::string& name = "x") {
  return R"("affected":[{"package":{"ecosystem":")" + ecosystem + R"(","name":")" + name + R"("}}])";
}

using Keys = std::vector<std::string>;

TEST(MergePrecedence, OsvThenGitlabThenCve) {
  Bench bench;
  bench.cve(R"({"id":"CVE-2024-0001"})");
  bench.gitlab("0000", R"({"id":"CVE-2024-0001"})");
  bench.osv(R"({"id":"XYZ-1"})");
  EXPECT_EQ(order_of(bench), (Keys{"osv/XYZ-1", "gitlab/0000", "cve/CVE-2024-0001", "|"}));
}

TEST(MergePrecedence, HomeThenGhsaThenOthersById) {
  Bench bench;
  bench.osv(R"({"id":"BIT-x-2024-1",)" + package("Bitnami") + "}");
  bench.osv(R"({"id":"ALSA-2024:1"})");
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc",)" + package("Go") + "}");
  bench.osv(R"({"id":"RUSTSEC-2024-1"})");  // nobody names a crate
  bench.osv(R"({"id":"GO-2024-0002"})");
  bench.osv(R"({"id":"GO-2024-0001"})");
  EXPECT_EQ(order_of(bench), (Keys{"osv/GO-2024-0001", "osv/GO-2024-0002", "osv/GHSA-aaaa-bbbb-cccc",
                                   "osv/ALSA-2024:1", "osv/BIT-x-2024-1", "osv/RUSTSEC-2024-1", "|"}));
}

TEST(MergePrecedence, AnyGiverMayNameThePackageOfAHome) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc"})");
  bench.osv(R"({"id":"PYSEC-2024-1"})");
  EXPECT_EQ(order_of(bench), (Keys{"osv/GHSA-aaaa-bbbb-cccc", "osv/PYSEC-2024-1", "|"}));
  bench.gitlab("0000", R"({"id":"GHSA-aaaa-bbbb-cccc",)" + package("PyPI") + "}");
  EXPECT_EQ(order_of(bench), (Keys{"osv/PYSEC-2024-1", "osv/GHSA-aaaa-bbbb-cccc", "gitlab/0000", "|"}));
}

TEST(MergePrecedence, AnEcosystemSuffixMakesNoDifferenceToAHome) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc"})");
  bench.osv(R"({"id":"DRUPAL-CORE-2024-1",)" + package("Packagist:https://packages.drupal.org/8") + "}");
  EXPECT_EQ(order_of(bench), (Keys{"osv/DRUPAL-CORE-2024-1", "osv/GHSA-aaaa-bbbb-cccc", "|"}));
}

TEST(MergePrecedence, GitlabByIdentifierThenUuid) {
  Bench bench;
  bench.gitlab("0000", R"({"id":"GHSA-aaaa-bbbb-cccc"})");
  bench.gitlab("2222", R"({"id":"CVE-2024-0001"})");
  bench.gitlab("1111", R"({"id":"CVE-2024-0001"})");
  EXPECT_EQ(order_of(bench), (Keys{"gitlab/1111", "gitlab/2222", "gitlab/0000", "|"}));
}

TEST(MergePrecedence, RetractedRecordsAreNotHeardWhereOthersAreLive) {
  Bench bench;
  bench.osv(R"({"id":"GO-2024-0001","withdrawn":"2024-01-01T00:00:00Z",)" + package("Go") + "}");
  bench.cve(R"({"id":"CVE-2024-0001"})");
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc"})");
  bench.osv(R"({"id":"GO-2024-0002"})");  // a retracted record does not make Go a package of the group
  EXPECT_EQ(order_of(bench), (Keys{"osv/GHSA-aaaa-bbbb-cccc", "osv/GO-2024-0002", "cve/CVE-2024-0001", "|",
                                   "osv/GO-2024-0001"}));
}

TEST(MergePrecedence, RetractedRecordsAreHeardWhereAllAre) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","withdrawn":"2024-01-01T00:00:00Z"})");
  bench.osv(R"({"id":"GO-2024-0001","withdrawn":"2024-01-01T00:00:00Z",)" + package("Go") + "}");
  EXPECT_EQ(order_of(bench), (Keys{"osv/GO-2024-0001", "osv/GHSA-aaaa-bbbb-cccc", "|"}));
}

TEST(MergePrecedence, Homes) {
  EXPECT_TRUE(is_home("GO", "Go"));
  EXPECT_TRUE(is_home("PYSEC", "PyPI"));
  EXPECT_TRUE(is_home("RUSTSEC", "crates.io"));
  EXPECT_TRUE(is_home("BIT", "Bitnami"));
  EXPECT_TRUE(is_home("ALSA", "AlmaLinux"));
  EXPECT_FALSE(is_home("GO", "npm"));
  EXPECT_FALSE(is_home("GHSA", "npm"));
  EXPECT_FALSE(is_home("MAL", "npm"));
}

TEST(MergePrecedence, OfAPackageItsOwnHomeSpeaksFirst) {
  Bench bench;
  bench.osv(R"({"id":"ALSA-2024:1"})");
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc"})");
  bench.osv(R"({"id":"AAA-1"})");
  bench.cve(R"({"id":"CVE-2024-0001"})");
  std::vector<Speaker> speakers;
  for (const advisory::Advisory& record : bench.records()) speakers.push_back({&record, {}, false});
  const Speaker& alsa = speakers[0];
  const Speaker& ghsa = speakers[1];
  const Speaker& other = speakers[2];
  const Speaker& cve = speakers[3];
  EXPECT_TRUE(speaks_first(alsa, ghsa, "AlmaLinux"));
  EXPECT_TRUE(speaks_first(ghsa, alsa, "npm"));
  EXPECT_TRUE(speaks_first(ghsa, other, "npm"));
  EXPECT_TRUE(speaks_first(other, alsa, "npm"));  // both are others: by id
  EXPECT_TRUE(speaks_first(alsa, cve, "npm"));
  EXPECT_FALSE(speaks_first(alsa, alsa, "npm"));
}

}  // namespace
}  // namespace merge
