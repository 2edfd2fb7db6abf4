// What must hold for every group: generated ones, with small pools of values, so that everything meets
// everything.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "unit/merge/bench.hpp"

namespace merge {
namespace {

using advisory::Source;

struct Generated {
  Source source = Source::osv;
  std::string record_id;
  std::string json;
  bool derived = false;
};

std::string pick(const std::vector<std::string>& values) {
  return *rc::gen::elementOf(values);
}

std::string list_of(const std::vector<std::string>& values) {
  std::string out;
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) out += (i == 0 ? "" : ",") + pick(values);
  return out;
}

const std::vector<std::string> times = {"2024-01-01T00:00:00Z", "2024-06-01T00:00:00.5Z",
                                        "0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z",
                                        "2023-01-01T00:00:00Z"};
const std::vector<std::string> severities = {
    R"({"type":"CVSS_V2","score":"AV:N/AC:L/Au:N/C:N/I:N/A:C"})",
    R"({"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"})",
    R"({"type":"CVSS_V3","score":"CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"})",
    R"({"type":"CVSS_V4","score":"CVSS:4.0/AV:L/AC:L/AT:P/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N"})",
    R"({"type":"Ubuntu","score":"high"})"};
const std::vector<std::string> packages = {R"("package":{"ecosystem":"npm","name":"a"},)",
                                           R"("package":{"ecosystem":"PyPI","name":"Some_Thing"},)",
                                           R"("package":{"ecosystem":"PyPI","name":"some-thing"},)",
                                           R"("package":{"ecosystem":"Go","name":"e.org/m"},)", ""};
const std::vector<std::string> ranges = {
    R"({"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.0"}]})",
    R"({"type":"ECOSYSTEM","events":[{"introduced":"1.0"},{"last_affected":"2.0"}]})",
    R"({"type":"GIT","repo":"https://e.org/r","events":[{"introduced":"0"}]})"};
const std::vector<std::string> references = {
    R"({"type":"WEB","url":"https://e.org/a"})", R"({"type":"FIX","url":"http://E.org/a/"})",
    R"({"type":"REPORT","url":"https://e.org/b"})", R"({"type":"WEB","url":"https://e.org/c"})"};
const std::vector<std::string> credits = {R"({"name":"Ada"})", R"({"name":"Ada","type":"FINDER"})",
                                          R"({"name":"Bob"})"};

std::string affected() {
  std::string out;
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    const std::string own = *rc::gen::inRange(0, 4) == 0 ? R"("severity":[)" + pick(severities) + "]," : "";
    out += (i == 0 ? "{" : ",{") + pick(packages) + own + R"("ranges":[)" + list_of(ranges) + "]}";
  }
  return out;
}

Generated record(int number, bool retracted) {
  static const std::vector<std::string> osv_prefixes = {"GO-2024-", "PYSEC-2024-", "GHSA-", "BIT-x-", "XYZ-"};
  Generated out;
  out.source = *rc::gen::element(Source::osv, Source::gitlab, Source::cve);
  std::string own = "CVE-2024-0001";  // all are one group
  if (out.source == Source::osv) own = pick(osv_prefixes) + std::to_string(number);
  out.record_id = out.source == Source::gitlab ? "uuid-" + std::to_string(number) : own;
  out.derived = *rc::gen::arbitrary<bool>();
  const auto maybe = [](const std::string& text) {
    return *rc::gen::arbitrary<bool>() ? text : std::string();
  };
  out.json = R"({"id":")" + own + R"(","aliases":["CVE-2024-0001","ALIAS-)" +
             std::to_string(*rc::gen::inRange(0, 3)) + R"("],"modified":")" + pick(times) + "\"," +
             maybe(R"("published":")" + pick(times) + "\",") + maybe(R"("summary":"S)" + own + "\",") +
             maybe(R"("details":"D)" + own + "\",") +
             (retracted ? R"("withdrawn":")" + pick(times) + "\"," : "") + R"("severity":[)" +
             list_of(severities) + R"(],"affected":[)" + affected() + R"(],"references":[)" +
             list_of(references) + R"(],"credits":[)" + list_of(credits) + R"(],"related":[)" +
             list_of({R"("R-1")", R"("R-2")", R"("CVE-2024-0001")"}) + R"(],"database_specific":{"n":)" +
             std::to_string(number) + R"(,"cwe_ids":[)" +
             list_of({R"("CWE-79")", R"("CWE-937")", R"("CWE-20")"}) + "]}}";
  return out;
}

/// Between one and six records of one group. There is one CVE record at most: its id is its key.
std::vector<Generated> group(bool may_be_retracted) {
  std::vector<Generated> out;
  const int count = *rc::gen::inRange(1, 7);
  bool has_cve = false;
  for (int i = 0; i < count; ++i) {
    Generated each = record(i, may_be_retracted && *rc::gen::inRange(0, 3) == 0);
    if (each.source == Source::cve && has_cve) continue;
    has_cve = has_cve || each.source == Source::cve;
    RC_LOG() << advisory::to_string(each.source) << '/' << each.record_id << ' ' << each.json << '\n';
    out.push_back(std::move(each));
  }
  return out;
}

void fill(Bench& bench, const std::vector<Generated>& records) {
  for (const Generated& each : records) {
    advisory::Advisory& added = bench.add(each.source, each.json, each.record_id);
    added.summary_derived = each.derived;
    added.cve_rejected = false;
  }
}

std::string merged_bytes(const std::vector<Generated>& records) {
  Bench bench;
  fill(bench, records);
  return bench.merge("CVE-2024-0001").canonical;
}

/// The merge of records that name CVE-2024-0001, with the group given and not resolved, so that a retracted
/// record cannot leave it.
advisory::Vulnerability merged_as_one(Bench& bench, const std::vector<std::string_view>& ids) {
  static const resolve::Group no_group;
  resolve::Group all = no_group;
  all.id = "CVE-2024-0001";
  all.ids = ids;
  std::vector<Contributor> contributors;
  for (const advisory::Advisory& each : bench.records()) contributors.push_back({&each, false});
  return merge::merge(all, contributors, {}, bench.arena());
}

const std::vector<std::string_view> all_ids = {"ALIAS-0", "ALIAS-1", "ALIAS-2", "CVE-2024-0001"};

RC_GTEST_PROP(MergeProperty, TheOrderOfContributorsDoesNotMatter, ()) {
  const std::vector<Generated> records = group(true);
  std::vector<Generated> shuffled = records;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(*rc::gen::arbitrary<unsigned>()));
  Bench one;
  fill(one, records);
  Bench other;
  fill(other, shuffled);
  RC_ASSERT(merged_as_one(one, all_ids).canonical == merged_as_one(other, all_ids).canonical);
}

RC_GTEST_PROP(MergeProperty, MergingTwiceGivesTheSameBytes, ()) {
  const std::vector<Generated> records = group(false);
  RC_ASSERT(merged_bytes(records) == merged_bytes(records));
}

RC_GTEST_PROP(MergeProperty, EveryDocumentIsInOrder, ()) {
  Bench bench;
  fill(bench, group(true));
  const auto merged = merged_as_one(bench, all_ids);
  RC_ASSERT(complaints_about(merged.document) == std::vector<std::string>{});
}

/// The document without the list of its sources.
std::string without_sources(const base::json::Value& document, base::Arena& arena) {
  const auto without = [&arena](const base::json::Value& object, std::string_view key,
                                const base::json::Value& replacement) {
    base::json::ObjectBuilder builder(arena);
    for (const base::json::Member& each : object.members())
      if (each.key != key) builder.add(each.key, each.value);
    return builder.add_unless_empty(key, replacement).finish();
  };
  const auto& specific = *document.find("database_specific");
  const auto ours = without(*specific.find("vuln_datasync"), "sources", {});
  return base::json::write(without(document, "database_specific", without(specific, "vuln_datasync", ours)));
}

RC_GTEST_PROP(MergeProperty, ARetractedRecordChangesNothingOfALiveGroupButItsSources, ()) {
  const std::vector<Generated> records = group(false);
  Generated more = record(9, true);
  more.source = Source::gitlab;
  more.record_id = "uuid-9";
  const std::size_t alias = more.json.find(",\"ALIAS-");  // an id that nobody else names would be news
  more.json.erase(alias, more.json.find(']', alias) - alias);
  Bench before;
  fill(before, records);
  Bench after;
  fill(after, records);
  fill(after, {more});
  const auto first = merged_as_one(before, all_ids);
  const auto second = merged_as_one(after, all_ids);
  RC_ASSERT(without_sources(first.document, before.arena()) ==
            without_sources(second.document, after.arena()));
  RC_ASSERT(second.packages.size() == first.packages.size());
  RC_ASSERT(second.withdrawn == std::nullopt);
}

RC_GTEST_PROP(MergeProperty, UnionsHoldWhatEveryGiverSays, ()) {
  const std::vector<Generated> records = group(false);
  Bench bench;
  fill(bench, records);
  const auto merged = merged_as_one(bench, all_ids);
  const std::set<std::string_view> cwes(merged.cwe_ids.begin(), merged.cwe_ids.end());
  std::set<std::string> packages_merged;
  for (const advisory::Package& row : merged.packages)
    packages_merged.insert(std::string(row.ecosystem) + " " + std::string(row.name_normalized));
  for (const advisory::Advisory& each : bench.records()) {
    for (const std::string_view cwe : each.cwe_ids) RC_ASSERT(cwes.count(cwe) == 1U);
    for (const advisory::Affected& entry : each.affected) {
      if (entry.name.empty()) continue;
      const std::string key = std::string(entry.ecosystem) + " " +
                              (entry.ecosystem == "PyPI" ? "some-thing" : std::string(entry.name));
      RC_ASSERT(packages_merged.count(key) == 1U);
    }
  }
}

RC_GTEST_PROP(MergeProperty, NoPackageBlendsTwoSources, ()) {
  Bench bench;
  fill(bench, group(false));
  const auto merged = merged_as_one(bench, all_ids);
  for (const advisory::Package& a : merged.packages) {
    for (const advisory::Package& b : merged.packages) {
      if (a.ecosystem != b.ecosystem || a.name_normalized != b.name_normalized) continue;
      RC_ASSERT(a.source == b.source);
      RC_ASSERT(a.source == Source::gitlab || a.record_id == b.record_id);
    }
  }
}

}  // namespace
}  // namespace merge
