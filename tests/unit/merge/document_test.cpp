#include <gtest/gtest.h>

#include "base/hash.hpp"
#include "unit/merge/bench.hpp"

namespace merge {
namespace {

std::string pretty(const base::json::Value& value) {
  std::string out;
  base::json::write_pretty(value, out);
  return out;
}

TEST(MergeDocument, OneRecordBecomesADocument) {
  Bench bench;
  auto& record = bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","modified":"2024-02-03T04:05:06.5Z",
      "published":"2024-01-02T03:04:05Z","aliases":["CVE-2024-0001"],"summary":"S","details":"D",
      "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
      "affected":[{"package":{"ecosystem":"npm","name":"left-pad","purl":"pkg:npm/left-pad"},
        "ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.3.1"}]}],"versions":["1.3.0"]}],
      "references":[{"type":"WEB","url":"https://example.org/"}],"credits":[{"name":"Ada","type":"FINDER"}],
      "database_specific":{"cwe_ids":["CWE-79"],"reviewed":true},"schema_version":"1.4.0"})");
  record.content_sha256.fill(0xAB);
  const auto merged = bench.merge();
  EXPECT_EQ(pretty(merged.document), R"({
  "affected": [
    {
      "package": {
        "ecosystem": "npm",
        "name": "left-pad",
        "purl": "pkg:npm/left-pad"
      },
      "ranges": [
        {
          "events": [
            {
              "introduced": "0"
            },
            {
              "fixed": "1.3.1"
            }
          ],
          "type": "SEMVER"
        }
      ],
      "versions": [
        "1.3.0"
      ]
    }
  ],
  "aliases": [
    "GHSA-aaaa-bbbb-cccc"
  ],
  "credits": [
    {
      "name": "Ada",
      "type": "FINDER"
    }
  ],
  "database_specific": {
    "osv": {
      "GHSA-aaaa-bbbb-cccc": {
        "database_specific": {
          "cwe_ids": [
            "CWE-79"
          ],
          "reviewed": true
        },
        "schema_version": "1.4.0"
      }
    },
    "vuln_datasync": {
      "cvss": {
        "rating": "CRITICAL",
        "score": 9.8,
        "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "version": "3.1"
      },
      "cwe_ids": [
        "CWE-79"
      ],
      "provenance": {
        "affected": "osv/GHSA-aaaa-bbbb-cccc",
        "aliases": "osv/GHSA-aaaa-bbbb-cccc",
        "credits": "osv/GHSA-aaaa-bbbb-cccc",
        "cvss": "osv/GHSA-aaaa-bbbb-cccc",
        "cwe_ids": "osv/GHSA-aaaa-bbbb-cccc",
        "details": "osv/GHSA-aaaa-bbbb-cccc",
        "id": "osv/GHSA-aaaa-bbbb-cccc",
        "modified": "osv/GHSA-aaaa-bbbb-cccc",
        "published": "osv/GHSA-aaaa-bbbb-cccc",
        "references": "osv/GHSA-aaaa-bbbb-cccc",
        "severity": "osv/GHSA-aaaa-bbbb-cccc",
        "summary": "osv/GHSA-aaaa-bbbb-cccc"
      },
      "sources": [
        {
          "content_sha256": "abababababababababababababababababababababababababababababababab",
          "id": "GHSA-aaaa-bbbb-cccc",
          "license": "CC-BY-4.0",
          "modified": "2024-02-03T04:05:06.5Z",
          "source": "osv"
        }
      ]
    }
  },
  "details": "D",
  "id": "CVE-2024-0001",
  "modified": "2024-02-03T04:05:06.5Z",
  "published": "2024-01-02T03:04:05Z",
  "references": [
    {
      "type": "WEB",
      "url": "https://example.org/"
    }
  ],
  "schema_version": "1.7.5",
  "severity": [
    {
      "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
      "type": "CVSS_V3"
    }
  ],
  "summary": "S"
})");
  EXPECT_EQ(merged.canonical, base::json::write(merged.document));
  EXPECT_EQ(merged.document_hash, base::sha256(merged.canonical));
}

TEST(MergeDocument, Columns) {
  Bench bench;
  bench.osv(
      R"({"id":"GHSA-aaaa-bbbb-cccc","modified":"2024-02-03T04:05:06Z","published":"2024-01-02T03:04:05Z",
      "aliases":["CVE-2024-0001","GMS-2024-1"],"summary":"S","details":"D",
      "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
      "affected":[{"package":{"ecosystem":"PyPI","name":"Zope.Interface"},
        "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.3.1"}]}],"versions":["1.3.0"]},
        {"package":{"ecosystem":"Debian:12","name":"curl","purl":"pkg:deb/debian/curl?arch=source"}},
        {"ranges":[{"type":"GIT","repo":"https://example.org/r","events":[{"introduced":"0"}]}]}],
      "database_specific":{"cwe_ids":["CWE-79"]}})");
  bench.cve(R"({"id":"CVE-2024-0001"})").kev_added = "2024-05-06";
  const auto merged = bench.merge();
  EXPECT_EQ(merged.id, "CVE-2024-0001");
  EXPECT_EQ(merged.aliases, (std::vector<std::string_view>{"GHSA-aaaa-bbbb-cccc", "GMS-2024-1"}));
  EXPECT_EQ(merged.sources, (std::vector{advisory::Source::osv, advisory::Source::cve}));
  EXPECT_EQ(merged.summary, "S");
  EXPECT_EQ(merged.details, "D");
  EXPECT_EQ(merged.severity, advisory::Rating::critical);
  EXPECT_EQ(merged.cvss_score_tenths, 98);
  EXPECT_EQ(merged.cvss_vector, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
  EXPECT_EQ(merged.cwe_ids, std::vector<std::string_view>{"CWE-79"});
  EXPECT_EQ(merged.kev_added, "2024-05-06");
  EXPECT_EQ(Bench::ours(merged.document, "kev_added"), R"("2024-05-06")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/kev_added"), R"("cve/CVE-2024-0001")");
  EXPECT_EQ(merged.published, advisory::parse_instant("2024-01-02T03:04:05Z"));
  EXPECT_EQ(merged.modified, advisory::parse_instant("2024-02-03T04:05:06Z"));
  EXPECT_FALSE(merged.withdrawn);

  ASSERT_EQ(merged.packages.size(), 2U);  // one for each entry that names a package
  const advisory::Package& zope = merged.packages[0];
  EXPECT_EQ(zope.ecosystem, "PyPI");
  EXPECT_EQ(zope.ecosystem_base, "PyPI");
  EXPECT_EQ(zope.name, "Zope.Interface");
  EXPECT_EQ(zope.name_normalized, "zope-interface");
  EXPECT_EQ(zope.purl, "pkg:pypi/zope-interface");
  EXPECT_EQ(base::json::write(zope.ranges),
            R"([{"events":[{"introduced":"0"},{"fixed":"1.3.1"}],"type":"ECOSYSTEM"}])");
  EXPECT_EQ(zope.versions, std::vector<std::string_view>{"1.3.0"});
  EXPECT_EQ(zope.fixed_versions, std::vector<std::string_view>{"1.3.1"});
  EXPECT_EQ(zope.source, advisory::Source::osv);
  EXPECT_EQ(zope.record_id, "GHSA-aaaa-bbbb-cccc");
  const advisory::Package& curl = merged.packages[1];
  EXPECT_EQ(curl.ecosystem, "Debian:12");
  EXPECT_EQ(curl.ecosystem_base, "Debian");
  EXPECT_EQ(curl.purl, "pkg:deb/debian/curl");
  EXPECT_TRUE(curl.ranges.is_null());
}

TEST(MergeDocument, APackageThatTheSchemaDoesNotKnowIsFoundAllTheSame) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","affected":[{"package":{"ecosystem":"Brand New","name":"x"},
      "versions":["1"]}]})");
  const auto merged = bench.merge();
  ASSERT_EQ(merged.packages.size(), 1U);
  EXPECT_EQ(merged.packages[0].ecosystem, "Brand New");
  EXPECT_EQ(merged.packages[0].purl, "");
  EXPECT_EQ(Bench::at(merged.document, "affected/0/package"), "absent");
}

TEST(MergeDocument, SourcesSayWhatIsToBeKnownOfEachRecord) {
  Bench bench;
  auto& osv = bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2024-0001","not an id"],
      "modified":"2024-01-03T00:00:00Z"})");
  osv.content_sha256.fill(1);
  auto& gitlab = bench.gitlab("11112222", R"({"id":"CVE-2024-0001","modified":"2024-01-02T00:00:00Z"})");
  gitlab.content_sha256.fill(2);
  auto& cve = bench.cve(R"({"id":"CVE-2024-0001","modified":"2024-01-01T00:00:00Z",
      "withdrawn":"2024-01-01T00:00:00Z"})");
  cve.content_sha256.fill(3);
  cve.cve_rejected = false;
  bench.mark_stale("11112222");
  const auto merged = bench.merge();
  const auto hash = [](const std::string& byte) {
    std::string text;
    for (int i = 0; i < 32; ++i) text += byte;
    return "\"" + text + "\"";
  };
  EXPECT_EQ(
      Bench::ours(merged.document, "sources"),
      R"([{"content_sha256":)" + hash("01") +
          R"(,"id":"GHSA-aaaa-bbbb-cccc","invalid_ids":["not an id"],"license":"CC-BY-4.0",)"
          R"("modified":"2024-01-03T00:00:00Z","source":"osv"},{"content_sha256":)" +
          hash("02") +
          R"(,"id":"11112222","modified":"2024-01-02T00:00:00Z","own_id":"CVE-2024-0001",)"
          R"("source":"gitlab","stale":true},{"content_sha256":)" +
          hash("03") +
          R"(,"id":"CVE-2024-0001","modified":"2024-01-01T00:00:00Z","retracted":true,"source":"cve"}])");
}

TEST(MergeDocument, WhatNoFieldHoldsStandsBySourceAndRecord) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2024-0001"],"database_specific":{"a":1}})");
  bench.osv(R"({"id":"GO-2024-0001","aliases":["CVE-2024-0001"],"database_specific":{"b":2}})");
  bench.gitlab("1111", R"({"id":"CVE-2024-0001","database_specific":{"c":3}})");
  bench.cve(R"({"id":"CVE-2024-0001","database_specific":{"d":4}})");
  bench.osv(R"({"id":"PYSEC-2024-1","aliases":["CVE-2024-0001"]})");
  const auto merged = bench.merge();
  EXPECT_EQ(
      Bench::at(merged.document, "database_specific/osv"),
      R"({"GHSA-aaaa-bbbb-cccc":{"database_specific":{"a":1}},"GO-2024-0001":{"database_specific":{"b":2}}})");
  EXPECT_EQ(Bench::at(merged.document, "database_specific/gitlab"),
            R"({"1111":{"database_specific":{"c":3}}})");
  EXPECT_EQ(Bench::at(merged.document, "database_specific/cve"),
            R"({"CVE-2024-0001":{"database_specific":{"d":4}}})");
}

// `record` with every "?" in it replaced by arrays in one another, as many as a record may have in that
// place.
std::string as_deep_as_allowed(std::string_view record) {
  std::string out;
  std::size_t depth = 0;
  for (const char c : record) {
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    const std::size_t more = base::json::Limits().max_depth - depth;
    out += c == '?' ? std::string(more, '[') + "7" + std::string(more, ']') : std::string(1, c);
  }
  return out;
}

TEST(MergeDocument, CanBeReadAgainHoweverDeepItsRecordsAre) {
  const std::string record = as_deep_as_allowed(R"({"id":"CVE-2024-0001","x":?,"database_specific":{"y":?},
      "affected":[{"z":?,"package":{"ecosystem":"npm","name":"left-pad","p":?},"ecosystem_specific":{"e":?},
        "database_specific":{"d":?},
        "ranges":[{"type":"SEMVER","r":?,"events":[{"introduced":"0","v":?},{"fixed":"2","w":?}],
                   "database_specific":{"f":?}}]}],
      "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H","s":?}],
      "references":[{"type":"WEB","url":"https://example.org/","q":?}],"credits":[{"name":"Ada","c":?}]})");
  for (const int sources : {1, 2, 3}) {
    Bench bench;
    bench.osv(record);
    if (sources > 1) bench.gitlab("7f6e5d4c-0001", record);
    if (sources > 2) bench.cve(record);
    const auto merged = bench.merge();
    base::Arena arena;
    const base::json::Parsed again = advisory::parse_document(merged.canonical, arena);
    ASSERT_FALSE(again.error) << again.error->what;
    EXPECT_EQ(base::json::write(again.value), merged.canonical);
  }
}

TEST(MergeDocument, ReplacedCharactersAreFlagged) {
  Bench bench;
  bench.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","summary":"a\u0000b"})");
  const auto merged = bench.merge();
  EXPECT_EQ(merged.summary,
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(Bench::ours(merged.document, "sanitized"), "true");
  Bench clean;
  clean.osv(R"({"id":"GHSA-aaaa-bbbb-cccc","summary":"ab"})");
  EXPECT_EQ(Bench::ours(clean.merge().document, "sanitized"), "absent");
}

TEST(MergeDocument, IdsAreThoseOfTheGroup) {
  Bench bench;
  bench.osv(
      R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2024-0001"],"related":["CVE-2020-9999 ","CVE-2024-0001"],
      "upstream":["CVE-2019-0001"]})");
  bench.osv(
      R"({"id":"GO-2024-0001","aliases":["CVE-2024-0001"],"related":["CVE-2018-0001","CVE-2020-9999"]})");
  bench.cve(R"({"id":"CVE-2024-0001","upstream":["https://example.org/ two"]})");
  const auto merged = bench.merge();
  EXPECT_EQ(Bench::at(merged.document, "aliases"), R"(["GHSA-aaaa-bbbb-cccc","GO-2024-0001"])");
  EXPECT_EQ(Bench::at(merged.document, "related"), R"(["CVE-2018-0001","CVE-2020-9999"])");
  EXPECT_EQ(Bench::at(merged.document, "upstream"), R"(["CVE-2019-0001","https://example.org/ two"])");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/id"), R"("osv/GHSA-aaaa-bbbb-cccc")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/aliases[0]"), R"("osv/GHSA-aaaa-bbbb-cccc")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/aliases[1]"), R"("osv/GO-2024-0001")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/related[0]"), R"("osv/GO-2024-0001")");
  EXPECT_EQ(Bench::ours(merged.document, "provenance/related[1]"), R"("osv/GHSA-aaaa-bbbb-cccc")");
}

TEST(MergeDocument, ClaimsThatWereNotFollowedAreConflicts) {
  Bench bench;
  bench.osv(
      R"({"id":"RUSTSEC-2020-0014","aliases":["CVE-2020-0001","CVE-2020-0002","GHSA-aaaa-bbbb-cccc"]})");
  bench.cve(R"({"id":"CVE-2020-0001"})");
  const auto merged = bench.merge("RUSTSEC-2020-0014");
  EXPECT_EQ(Bench::at(merged.document, "upstream"), R"(["CVE-2020-0001","CVE-2020-0002"])");
  EXPECT_EQ(Bench::at(merged.document, "related"), R"(["GHSA-aaaa-bbbb-cccc"])");
  EXPECT_EQ(Bench::ours(merged.document, "conflicts"),
            R"([{"field":"aliases","reason":"several-anchors","values":[{"ids":["CVE-2020-0001",)"
            R"("CVE-2020-0002","GHSA-aaaa-bbbb-cccc"],"source":"osv/RUSTSEC-2020-0014"}]}])");
  const auto anchor = bench.merge("CVE-2020-0001");
  EXPECT_EQ(Bench::at(anchor.document, "related"), R"(["RUSTSEC-2020-0014"])");
  EXPECT_EQ(Bench::ours(anchor.document, "provenance/related"), "absent");  // no record of this group says it
}

}  // namespace
}  // namespace merge
