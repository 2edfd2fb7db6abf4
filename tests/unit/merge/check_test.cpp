#include "merge/check.hpp"

#include <gtest/gtest.h>

#include "unit/merge/bench.hpp"

namespace merge {
namespace {

const std::string good = R"({
  "id":"CVE-2024-0001","schema_version":"1.7.5","modified":"2024-01-01T00:00:00Z","summary":"S",
  "aliases":["A-1","B-1"],
  "affected":[{"package":{"ecosystem":"npm","name":"a"},
    "ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.0.0"}]},
              {"type":"GIT","repo":"https://example.org/r","events":[{"introduced":"0"}]}]}],
  "references":[{"type":"WEB","url":"https://example.org/"}],
  "credits":[{"name":"Ada","type":"FINDER","contact":["mailto:a@example.org"]}],
  "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
  "database_specific":{"vuln_datasync":{
    "provenance":{"modified":"osv/X-1","summary":"osv/X-1","affected[0]":"osv/X-1","references":"osv/X-1",
                  "credits":"osv/X-1","severity":"osv/X-1"},
    "sources":[{"source":"osv","id":"X-1","content_sha256":"00"}]}}})";

std::vector<std::string> complaints(const std::string& text) {
  base::Arena arena;
  const auto parsed = base::json::parse(text, arena);
  EXPECT_FALSE(parsed.error.has_value()) << text;
  return complaints_about(parsed.value);
}

/// The good document with one piece of its text replaced.
std::vector<std::string> complaints_with(const std::string& from, const std::string& to) {
  std::string text = good;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return complaints(text.replace(at, from.size(), to));
}

using Complaints = std::vector<std::string>;

TEST(MergeCheck, AGoodDocumentHasNoComplaints) {
  EXPECT_EQ(complaints(good), Complaints{});
}

TEST(MergeCheck, TheTopLevel) {
  EXPECT_EQ(complaints("[]").front(), "document is no object");
  EXPECT_EQ(complaints_with(R"("id":"CVE-2024-0001",)", ""), Complaints{"id is missing"});
  EXPECT_EQ(complaints_with(R"("summary":"S")", R"("summary":"")"),
            (Complaints{"document.summary is empty"}));
  EXPECT_EQ(complaints_with(R"("summary":"S")", R"("summary":1)"), Complaints{"summary is no text"});
  EXPECT_EQ(complaints_with(R"("summary":"S")", R"("summary":"S","new":1)"),
            (Complaints{"document.new is not known", "new has no provenance"}));
  EXPECT_EQ(complaints_with(R"("2024-01-01T00:00:00Z")", R"("2024-01-01T00:00:00+00:00")"),
            Complaints{"modified is no time in UTC"});
  EXPECT_EQ(complaints_with(R"(["A-1","B-1"])", R"(["B-1","A-1"])"), Complaints{"aliases is not sorted"});
  EXPECT_EQ(complaints_with(R"(["A-1","B-1"])", R"(["A-1","A-1"])"), Complaints{"aliases is not sorted"});
}

TEST(MergeCheck, PackagesAndRanges) {
  EXPECT_EQ(complaints_with(R"("ecosystem":"npm")", R"("ecosystem":"NPM")"),
            Complaints{"ecosystem is not known"});
  EXPECT_EQ(complaints_with(R"(,"name":"a")", ""), Complaints{"name is missing"});
  EXPECT_EQ(
      complaints_with(R"({"introduced":"0"},{"fixed":"1.0.0"})", R"({"introduced":"0","fixed":"1.0.0"})"),
      Complaints{"event has not exactly one member"});
  EXPECT_EQ(complaints_with(R"({"introduced":"0"},{"fixed":"1.0.0"})", R"({"fixed":"1.0.0"})"),
            Complaints{"range has no introduced"});
  EXPECT_EQ(complaints_with(R"({"fixed":"1.0.0"})", R"({"fixed":"1.0.0"},{"last_affected":"2"})"),
            Complaints{"range has both fixed and last_affected"});
  EXPECT_EQ(complaints_with(R"("type":"SEMVER")", R"("type":"OTHER")"),
            Complaints{"range has an unknown type"});
  EXPECT_EQ(complaints_with(R"("type":"SEMVER")", R"("type":"GIT","repo":"r")"),
            Complaints{"event has a bad commit hash"});
  EXPECT_EQ(complaints_with(R"(,"repo":"https://example.org/r")", ""),
            Complaints{"range of type GIT has no repository"});
  EXPECT_EQ(complaints_with(R"("repo":"https://example.org/r","events":[{"introduced":"0"}]})",
                            R"("repo":"https://example.org/r","events":[{"introduced":"0"}]},
                               {"type":"SEMVER","events":[{"introduced":"0"}]})"),
            Complaints{"ranges of type GIT do not stand last"});
}

TEST(MergeCheck, SeverityStandsAtOneLevelAndIsValid) {
  EXPECT_EQ(
      complaints_with(R"("name":"a"},)",
                      R"("name":"a"},"severity":[{"type":"CVSS_V2","score":"AV:N/AC:L/Au:N/C:N/I:N/A:C"}],)"),
      Complaints{"severity stands at both levels"});
  EXPECT_EQ(complaints_with(R"("CVSS_V3")", R"("CVSS_V4")"),
            Complaints{"document has a severity that is none of its type"});
  EXPECT_EQ(complaints_with("CVSS:3.1/AV:N", "CVSS:3.1/AV:Q"),
            Complaints{"document has a severity that is none of its type"});
}

TEST(MergeCheck, ReferencesAndCredits) {
  EXPECT_EQ(complaints_with(R"("WEB")", R"("BLOG")"), Complaints{"reference has an unknown type"});
  EXPECT_EQ(complaints_with(R"(,"url":"https://example.org/")", ""), Complaints{"url is missing"});
  EXPECT_EQ(complaints_with(R"("FINDER")", R"("HERO")"), Complaints{"credit has an unknown type"});
  EXPECT_EQ(complaints_with(R"(["mailto:a@example.org"])", "[1]"), Complaints{"contact is no text"});
}

TEST(MergeCheck, ProvenanceNamesEveryMemberAndOnlySources) {
  EXPECT_EQ(complaints_with(R"("summary":"osv/X-1",)", ""), Complaints{"summary has no provenance"});
  EXPECT_EQ(complaints_with(R"("affected[0]":"osv/X-1",)", ""), Complaints{"affected has no provenance"});
  EXPECT_EQ(complaints_with(R"("summary":"osv/X-1")", R"("summary":"osv/Y-1")"),
            Complaints{"summary comes from no source of the document"});
  EXPECT_EQ(complaints_with(R"("source":"osv","id":"X-1")", R"("source":"cve","id":"X-1")").size(), 6U);
}

}  // namespace
}  // namespace merge
