#include <gtest/gtest.h>

#include "parse/parse.hpp"
#include "support/golden.hpp"
#include "support/hostile_text.hpp"
#include "support/print_advisory.hpp"

namespace parse {
namespace {

using support::numbered;
using support::repeated;

constexpr auto cve = advisory::Source::cve;

// A record whose CNA container has these members.
std::string record(const std::string& members) {
  return R"({"dataType": "CVE_RECORD", "cveMetadata": {"cveId": "CVE-2024-12345", "state": "PUBLISHED"},)"
         R"("containers": {"cna": {)" +
         members + "}}}";
}

std::string with_versions(const std::string& versions, const std::string& more = "") {
  return record(R"("affected": [{"collectionURL": "https://pypi.org", "packageName": "left", "versions": [)" +
                versions + "]" + more + "}]");
}

TEST(ParseCve, GoldenFiles) {
  support::check_golden_files("tests/unit/parse/cve", ".json", 130, [](const std::string& bytes) {
    base::Arena arena;
    return support::print(parse_cve("", bytes, arena));
  });
}

TEST(ParseCve, AFileNamedAfterAnotherRecordIsRefused) {
  const std::string bytes = record(R"("title": "t")");
  EXPECT_EQ(support::reason_of(cve, bytes, "cves/2024/12xxx/CVE-2024-12345.json"), "accepted");
  EXPECT_EQ(support::reason_of(cve, bytes, "deltaCves/CVE-2024-12345.json"), "accepted");
  EXPECT_EQ(support::reason_of(cve, bytes, "anything.json"), "accepted");
  EXPECT_EQ(support::reason_of(cve, bytes, "cves/2024/12xxx/CVE-2024-12346.json"), "id-mismatch");
}

TEST(ParseCve, HostileRecordsAreRefusedOrTakenInSoon) {
  EXPECT_EQ(support::reason_of(cve, std::string(100'000'000, ' ')), "too-large");
  EXPECT_EQ(support::reason_of(cve, record("\"title\": \"" + repeated("x", max_record_bytes / 8) + "\"")),
            "accepted");
  EXPECT_EQ(support::reason_of(cve, repeated("[", 10'000)), "too-deep");
  EXPECT_EQ(support::reason_of(cve, repeated("{\"containers\":", 10'000)), "too-deep");
}

TEST(ParseCve, ManyReferencesToOneUrlAreTakenInSoon) {
  EXPECT_EQ(support::reason_of(
                cve, record("\"references\": [" +
                            numbered(R"({"url": "https://example.org", "name": "n#"})", 100'000) + "]")),
            "accepted");
  EXPECT_EQ(support::reason_of(cve, record(R"("references": [{"url": "https://example.org", "tags": [)" +
                                           numbered("\"x_#\"", 200'000) + "]}]")),
            "accepted");
}

TEST(ParseCve, ManyVersionsAreTakenInSoon) {
  const std::string affected = numbered(R"({"version": "1.#", "status": "affected"})", 100'000);
  EXPECT_EQ(support::reason_of(cve, with_versions(affected)), "accepted");
  const std::string unaffected = numbered(R"({"version": "1.#", "status": "unaffected"})", 50'000);
  EXPECT_EQ(support::reason_of(cve, with_versions(unaffected + "," + affected)), "accepted");
  EXPECT_EQ(
      support::reason_of(
          cve, with_versions(numbered(R"({"version": "#.0.0", "lessThan": "#.1.0", "status": "unaffected",)"
                                      R"( "versionType": "semver"})",
                                      50'000),
                             R"(, "defaultStatus": "affected")")),
      "accepted");
  EXPECT_EQ(support::reason_of(
                cve, with_versions(R"({"version": "0.0.1", "lessThan": "*", "status": "affected",)"
                                   R"( "versionType": "semver", "changes": [)" +
                                   numbered(R"({"at": "#.0.0", "status": "unaffected"})", 100'000) + "]}")),
            "accepted");
}

TEST(ParseCve, ManyOptionsOfADecisionAreTakenInSoon) {
  const std::string options = numbered(R"({"o#": "x"})", 100'000);
  EXPECT_EQ(
      support::reason_of(cve, record(R"("metrics": [{"other": {"type": "ssvc", "content": {"options": [)" +
                                     options + "]}}}]")),
      "accepted");
}

}  // namespace
}  // namespace parse
