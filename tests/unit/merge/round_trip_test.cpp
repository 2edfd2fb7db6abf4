// Nothing that a source says is lost: every value of a record stands in the document that is made of it
// alone, or in a normal form of its own. Tried on the golden inputs and the sample, and on all records of the
// mirror ROUND_TRIP, where one is given.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>

#include "advisory/cvss.hpp"
#include "advisory/timestamp.hpp"
#include "base/files.hpp"
#include "fetch/mirror.hpp"
#include "merge/lists.hpp"
#include "merge/merge.hpp"
#include "parse/parse.hpp"
#include "parse/yaml.hpp"
#include "resolve/resolve.hpp"
#include "support/golden.hpp"
#include "support/paths.hpp"

namespace merge {
namespace {

namespace fs = std::filesystem;
using advisory::Source;
using base::json::Kind;
using base::json::Value;

/// What a document says, to be looked up.
class Said {
 public:
  explicit Said(const Value& document) { add("", document); }

  bool holds(std::string_view key, const Value& value) const {
    if (value.kind() == Kind::boolean) return switches_.contains({std::string(key), value.as_bool()});
    const std::string text(value.text());
    if (texts_.contains(text) || texts_.contains(role_of(text)) || urls_.contains(url_form(text)))
      return true;
    const auto instant = advisory::parse_instant(text);
    if (instant && instants_.contains(*instant)) return true;
    return vectors_.contains(sorted_metrics(text));
  }

 private:
  void add(std::string_view key, const Value& value) {
    if (value.kind() == Kind::boolean) switches_.emplace(key, value.as_bool());
    for (const Value& item : value.items()) add(key, item);
    for (const auto& member : value.members()) {
      texts_.emplace(member.key);  // a member of the record's may be named by its value: ranges, severities
      add(member.key, member.value);
    }
    if (value.text().empty()) return;
    texts_.emplace(value.text());
    urls_.insert(url_form(value.text()));  // of two that differ in form alone one is kept
    if (const auto instant = advisory::parse_instant(value.text())) instants_.insert(*instant);
    if (advisory::read_cvss(value.text())) vectors_.insert(sorted_metrics(value.text()));
  }

  // Of two CVSS vectors that differ in the order of their metrics alone one is kept.
  static std::vector<std::string> sorted_metrics(std::string_view vector) {
    std::vector<std::string> metrics;
    for (std::size_t begin = 0; begin < vector.size();) {
      const std::size_t end = std::min(vector.find('/', begin), vector.size());
      metrics.emplace_back(vector.substr(begin, end - begin));
      begin = end + 1;
    }
    std::sort(metrics.begin(), metrics.end());
    return metrics;
  }
  // "remediation developer" is REMEDIATION_DEVELOPER in OSV.
  static std::string role_of(std::string text) {
    for (char& c : text) c = c == ' ' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
  }

  std::set<std::string, std::less<>> texts_;
  std::set<std::string, std::less<>> urls_;
  std::set<std::pair<std::string, bool>> switches_;
  std::set<advisory::Instant> instants_;
  std::set<std::vector<std::string>> vectors_;
};

/// What no document repeats, because its place in it says so, or because it says nothing at all.
bool goes_without_saying(const std::string& path, const std::string& text) {
  struct Rule {
    std::regex path;
    std::regex text;
  };
  static const std::vector<Rule> rules = {
      {std::regex("cve.dataType"), std::regex("CVE_RECORD")},
      {std::regex(".*[.]lang"), std::regex("en.*", std::regex::icase)},  // what is read is English
      {std::regex(".*problemTypes.*[.]type"), std::regex("CWE")},
      {std::regex(".*metrics\\[\\][.]format"), std::regex("CVSS")},
      {std::regex(".*scenarios\\[\\][.]value"), std::regex("GENERAL")},
      {std::regex(".*references.*tags\\[\\]"), std::regex("x_transferred")},  // the CVE Program moved it
      {std::regex(".*versionType"), std::regex("git")},                       // the range is of type GIT
      {std::regex(".*lessThan(OrEqual)?"), std::regex("[*]")},                // the range has no end
      {std::regex("osv.references\\[\\][.]type"), std::regex(".*")},  // of one URL twice, the more exact one
      {std::regex(".*(aliases\\[\\]|identifiers\\[\\]|identifier)"),
       std::regex(" .*|.*[ ,;]")},  // ids are cleaned
  };
  return std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) {
    return std::regex_match(path, rule.path) && std::regex_match(text, rule.text);
  });
}

/// The members of a CVSS object that say in words what its vector says.
bool follows_from_vector(const Value& object, const base::json::Member& member) {
  const Value* vector = object.find("vectorString");
  const auto cvss = vector == nullptr ? std::nullopt : advisory::read_cvss(vector->text());
  if (!cvss || member.key == "vectorString") return false;
  if (member.key == "baseScore")
    return member.value.kind() == Kind::number &&
           std::lround(std::stod(std::string(member.value.text())) * 10) == cvss->score_tenths;
  if (member.key == "baseSeverity") return member.value.text() == to_string(cvss->rating);
  if (member.key == "version") return member.value.text() == to_string(cvss->version);
  return member.key.find("Score") == std::string_view::npos;
}

/// Every value of `value` that the document does not hold, as PATH=VALUE.
void find_lost(const Value& value, const std::string& path, std::string_view key, const Said& said,
               std::set<std::string>& lost) {
  for (const Value& item : value.items()) find_lost(item, path + "[]", key, said, lost);
  for (const auto& member : value.members())
    if (!follows_from_vector(value, member))
      find_lost(member.value, path + "." + std::string(member.key), member.key, said, lost);
  if (value.is_array() || value.is_object() || value.is_empty() || said.holds(key, value)) return;
  const std::string text = base::json::write(value);
  if (!goes_without_saying(path, std::string(value.text()))) lost.insert(path + "=" + text.substr(0, 200));
}

/// What is lost of the record with these bytes. Empty as well where it is refused: then it lies in
/// quarantine, whole.
std::set<std::string> lost_of(Source source, const std::string& location, const std::string& bytes) {
  base::Arena arena;
  const auto parsed = parse::parse(source, location, bytes, arena);
  if (std::holds_alternative<parse::Refusal>(parsed)) return {};
  const auto& record = std::get<advisory::Advisory>(parsed);
  const std::vector<resolve::Record> inputs = {
      {record.source, record.record_id, record.own_id, record.claims, record.retracted, record.cve_rejected}};
  const auto resolved = resolve::resolve(inputs, {});
  const std::vector<Contributor> contributors = {{&record, false}};
  const auto merged = merge::merge(resolved.groups.at(0), contributors, inputs, arena);
  const Value said =
      source == Source::gitlab ? parse::read_yaml(bytes, arena).value : base::json::parse(bytes, arena).value;
  std::set<std::string> lost;
  find_lost(said, std::string(advisory::to_string(source)), "", Said(merged.document), lost);
  return lost;
}

/// Tries every record below `folder`, and returns how many there are.
std::size_t try_all(Source source, const fs::path& folder) {
  std::size_t records = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string extension = entry.path().extension();
    if (!entry.is_regular_file() || (extension != ".json" && extension != ".yml")) continue;
    ++records;
    const std::string location = entry.path().lexically_relative(folder).generic_string();
    EXPECT_EQ(lost_of(source, location, support::read_file(entry.path())), std::set<std::string>{})
        << entry.path();
  }
  return records;
}

constexpr std::array all_sources = {Source::osv, Source::gitlab, Source::cve};

TEST(RoundTrip, NothingOfTheGoldenRecordsIsLost) {
  for (const Source source : all_sources)
    EXPECT_GE(try_all(source, fs::path(VDS_SOURCE_DIR) / "tests/unit/parse" / advisory::to_string(source)),
              90U);
}

TEST(RoundTrip, NothingOfTheSampleIsLost) {
  for (const Source source : all_sources)
    EXPECT_GE(try_all(source, fs::path(VDS_SOURCE_DIR) / "samples/mirror" / advisory::to_string(source)),
              15U);
}

TEST(RoundTrip, NothingOfTheGivenMirrorIsLost) {
  const char* mirror = std::getenv("ROUND_TRIP");
  if (mirror == nullptr) GTEST_SKIP() << "set ROUND_TRIP to a mirror";
  const base::TemporaryDirectory cache;
  for (const Source source : all_sources) {
    fetch::Request request;
    request.source = advisory::to_string(source);
    request.cache = cache.path() / request.source;
    const fetch::Fetched fetched = fetch::open_mirror(request, mirror);
    ASSERT_EQ(fetched.state, fetch::Fetched::State::full) << request.source;
    const auto reader = fetched.collection->reader();
    for (std::size_t i = 0; i < fetched.collection->size(); ++i) {
      const std::string location = fetched.collection->candidate(i).location;
      EXPECT_EQ(lost_of(source, location, std::string(reader->read(i))), std::set<std::string>{}) << location;
    }
  }
}

TEST(RoundTrip, WhatIsMissingIsFound) {
  base::Arena arena;
  const auto parsed = [&](const std::string& text) {
    return base::json::parse(arena.copy(text), arena).value;
  };
  const Value record =
      parsed(R"({"id": "A-1", "flag": true, "list": [{"n": 1}, {"n": 2}], "at": "2024-01-02T03:04:05Z"})");
  std::set<std::string> lost;
  find_lost(record, "osv", "", Said(parsed(R"({"id": "A-1", "n": 1, "flag": false})")), lost);
  EXPECT_EQ(lost,
            (std::set<std::string>{"osv.at=\"2024-01-02T03:04:05Z\"", "osv.flag=true", "osv.list[].n=2"}));
}

}  // namespace
}  // namespace merge
