#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "advisory/identifier.hpp"
#include "parse/parse.hpp"
#include "parse/yaml.hpp"
#include "support/golden.hpp"
#include "support/hostile_text.hpp"
#include "support/paths.hpp"
#include "support/print_advisory.hpp"

namespace parse {
namespace {

namespace fs = std::filesystem;
using base::json::Value;
using support::repeated;

constexpr const char* golden_files = "tests/unit/parse/gitlab";

std::string record(std::string_view members) {
  return "uuid: u-1\nidentifier: CVE-2020-12345\npackage_slug: npm/left\naffected_range: <1.0.0\ndate: "
         "2020-01-02\n" +
         std::string(members);
}

advisory::Advisory accepted(const std::string& bytes, base::Arena& arena) {
  Parsed parsed = parse_gitlab("", bytes, arena);
  EXPECT_TRUE(std::holds_alternative<advisory::Advisory>(parsed)) << support::print(parsed);
  if (!std::holds_alternative<advisory::Advisory>(parsed)) return {};
  return std::get<advisory::Advisory>(std::move(parsed));
}

std::string reason_of(const std::string& bytes) {
  return support::reason_of(advisory::Source::gitlab, bytes);
}

TEST(ParseGitlab, GoldenFiles) {
  support::check_golden_files(golden_files, ".yml", 90, [](const std::string& bytes) {
    base::Arena arena;
    return support::print(parse_gitlab("", bytes, arena));
  });
}

// Every text in `value`, keys included.
void collect_texts(const Value& value, std::set<std::string, std::less<>>& texts) {
  if (value.is_string()) texts.emplace(value.text());
  for (const Value& each : value.items()) collect_texts(each, texts);
  for (const auto& each : value.members()) {
    texts.emplace(each.key);
    collect_texts(each.value, texts);
  }
}

// The forms in which a text of a record may stand in its advisory: as it is, as the time it means, as an
// identifier without the dirt around it, as a Go version without its "v".
bool is_reachable(std::string_view text, const std::set<std::string, std::less<>>& texts) {
  if (text.empty() || texts.count(text) == 1) return true;
  if (const auto instant = advisory::parse_instant(text);
      instant && texts.count(format_instant(*instant)) == 1)
    return true;
  const auto id = advisory::clean_identifier(text);
  return id && texts.count(*id) == 1;
}

void expect_all_reachable(const Value& value, const std::set<std::string, std::less<>>& texts,
                          const std::string& path) {
  EXPECT_TRUE(is_reachable(value.text(), texts)) << path << ": " << value.text();
  for (const Value& each : value.items()) expect_all_reachable(each, texts, path + "[]");
  for (const auto& each : value.members())
    expect_all_reachable(each.value, texts, path + "." + std::string(each.key));
}

// Of each record in `folder` that is taken in, every text is somewhere in its advisory.
std::size_t check_round_trips(const fs::path& folder) {
  std::size_t checked = 0;
  for (const auto& each : fs::recursive_directory_iterator(fs::path(VDS_SOURCE_DIR) / folder)) {
    if (each.path().extension() != ".yml") continue;
    SCOPED_TRACE(each.path().filename().string());
    base::Arena arena;
    const std::string bytes = support::read_file(each.path());
    const Parsed parsed = parse_gitlab("", bytes, arena);
    if (std::holds_alternative<Refusal>(parsed)) continue;
    std::set<std::string, std::less<>> texts;
    collect_texts(support::to_json(std::get<advisory::Advisory>(parsed), arena), texts);
    expect_all_reachable(read_yaml(bytes, arena).value, texts, "");
    ++checked;
  }
  return checked;
}

TEST(ParseGitlab, EveryMemberOfEveryRecordIsReachable) {
  EXPECT_GE(check_round_trips(golden_files), 60U);
  EXPECT_GE(check_round_trips("samples/mirror/gitlab"), 20U);
}

// What the OSV JSON schema asks of a range beyond the types of its members.
void expect_valid_range(const Value& range) {
  std::set<std::string, std::less<>> bounds;
  for (const Value& event : range.find("events")->items()) {
    ASSERT_EQ(event.members().size(), 1U);
    bounds.emplace(event.members()[0].key);
  }
  EXPECT_EQ(bounds.count("introduced"), 1U);
  EXPECT_FALSE(bounds.count("fixed") == 1 && bounds.count("last_affected") == 1);
}

TEST(ParseGitlab, RangesAreValidByTheSchema) {
  std::size_t ranges = 0;
  for (const auto& each : fs::directory_iterator(fs::path(VDS_SOURCE_DIR) / golden_files)) {
    if (each.path().extension() != ".yml") continue;
    SCOPED_TRACE(each.path().filename().string());
    base::Arena arena;
    const std::string bytes = support::read_file(each.path());
    const Parsed parsed = parse_gitlab("", bytes, arena);
    if (std::holds_alternative<Refusal>(parsed)) continue;
    for (const advisory::Affected& affected : std::get<advisory::Advisory>(parsed).affected) {
      const Value* list = affected.entry.find("ranges");
      if (list == nullptr) continue;
      for (const Value& range : list->items()) expect_valid_range(range);
      ranges += list->items().size();
    }
  }
  EXPECT_GE(ranges, 60U);
}

TEST(ParseGitlab, TheContentHashIsThatOfTheMembersWhateverTheirForm) {
  base::Arena arena;
  const std::string plain = record("title: Pads\n");
  const auto hash = accepted(plain, arena).content_sha256;
  EXPECT_EQ(hash,
            base::sha256(R"({"affected_range":"<1.0.0","date":"2020-01-02","identifier":"CVE-2020-12345",)"
                         R"("package_slug":"npm/left","title":"Pads","uuid":"u-1"})"));
  EXPECT_EQ(accepted("---\ntitle: 'Pads' # comment\n" + record(""), arena).content_sha256, hash);
  EXPECT_NE(accepted(record("title: pads\n"), arena).content_sha256, hash);
}

TEST(ParseGitlab, TheLocationDoesNotMatter) {
  base::Arena arena;
  const std::string bytes = record("");
  EXPECT_EQ(support::print(parse_gitlab("gem/other/CVE-1999-0001.yml", bytes, arena)),
            support::print(parse_gitlab("npm/left/CVE-2020-12345.yml", bytes, arena)));
}

TEST(ParseGitlab, HostileRecordsAreRefusedOrTakenInSoon) {
  EXPECT_EQ(reason_of(std::string(100'000'000, 'x')), "too-large");
  EXPECT_EQ(reason_of(record("a: " + repeated("x", max_record_bytes))), "too-large");
  EXPECT_EQ(reason_of(record("a: " + repeated("[", 10'000))), "too-deep");
  EXPECT_EQ(reason_of(record("description: " + repeated("x", max_record_bytes / 2))), "accepted");
  EXPECT_EQ(reason_of(record("urls: [" + repeated("https://example.org/,", 200'000) + "]")), "accepted");
  EXPECT_EQ(reason_of(record("fixed_versions: [" + repeated("1.2.3,", 400'000) + "]")), "accepted");
  EXPECT_EQ(reason_of(record("identifiers: [" + repeated("two words,", 400'000) + "]")), "accepted");
  EXPECT_EQ(reason_of("uuid: u-1\nidentifier: CVE-2020-12345\npackage_slug: npm/left\ndate: 2020-01-02\n"
                      "affected_range: " +
                      repeated("=1.0.0||", 400'000) + "=2.0.0"),
            "accepted");
}

}  // namespace
}  // namespace parse
