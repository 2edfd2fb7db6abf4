#include "corpus/variation.hpp"

#include <gmock/gmock.h>

#include <set>
#include <variant>

#include "base/arena.hpp"
#include "parse/parse.hpp"

namespace corpus {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view osv =
    R"({"schema_version":"1.3.1","id":"GO-2024-3232","modified":"2024-11-01T00:00:00Z",)"
    R"("aliases":["CVE-2024-10241"],"details":"Some server allows a user to read CVE-2024-10241, )"
    R"(see 57d86e0db5d1365f19adcce848dfc1bf89fdd4c7 and CVE-2024-102411","affected":[{"package":)"
    R"({"ecosystem":"Go","name":"example.org/server"}}]})";

class Variation : public testing::Test {
 protected:
  Variation() { words_.add("  dozens winter summer autumn that many more such, often. "); }

  Original original(std::string_view bytes = osv, std::string_view location = "GO-2024-3232.json") {
    return read_original(advisory::Source::osv, location, bytes, arena_);
  }

  base::Arena arena_;
  Vocabulary words_;
};

TEST_F(Variation, KeepsTheOriginalAsCopyZero) {
  EXPECT_EQ(vary(original(), 0, 0, words_), osv);
}

TEST_F(Variation, ReplacesEveryIdOfTheRecordAndNothingThatOnlyBeginsLikeOne) {
  const std::string copy = vary(original(), 2, 0, words_);
  EXPECT_THAT(copy, HasSubstr(R"("id":"GO-2024-200003232")"));
  EXPECT_THAT(copy, HasSubstr(R"("aliases":["CVE-2024-200010241"])"));
  EXPECT_THAT(copy, HasSubstr(" CVE-2024-200010241, "));
  EXPECT_THAT(copy, HasSubstr("CVE-2024-102411\""));
  EXPECT_THAT(copy, HasSubstr(R"("name":"example.org/server")"));
}

TEST_F(Variation, ReplacesHashValues) {
  EXPECT_THAT(vary(original(), 2, 0, words_), Not(HasSubstr("57d86e0db5d1365f19adcce848dfc1bf89fdd4c7")));
}

TEST_F(Variation, ReplacesWordsByWordsOfTheSameLength) {
  const auto prose = [](const std::string& text) { return text.substr(text.find("Some"), 40); };
  const std::string one = vary(original(), 1, 0, words_);
  EXPECT_EQ(one.size(), vary(original(), 1, 5, words_).size());
  std::set<std::string> texts;
  for (std::uint64_t salt = 0; salt < 20; ++salt) texts.insert(prose(vary(original(), 1, salt, words_)));
  EXPECT_GT(texts.size(), 5U);
}

TEST_F(Variation, LeavesTheLiteralsOfJsonAlone) {
  words_.add("  every other house again, ");
  const Original record = original(R"({"a": false, "b": false, "c": false, "d": false, "e": false, "f": 1})");
  EXPECT_EQ(vary(record, 1, 0, words_), record.bytes);
}

TEST_F(Variation, StaysTheRecordItWas) {
  const std::string text =
      with_modified(advisory::Source::osv, vary(original(), 4, 9, words_), "2026-09-01T12:00:00Z");
  const Original copy = original(text, "GO-2024-400003232.json");
  EXPECT_EQ(copy.own_id, "GO-2024-400003232");
  EXPECT_EQ(copy.modified, "2026-09-01T12:00:00Z");
  EXPECT_THAT(copy.directories, testing::ElementsAre("Go"));
}

TEST_F(Variation, WithdrawsInTheWayOfEachSource) {
  base::Arena arena;
  const auto retracted = [&](advisory::Source source, std::string_view location, const std::string& bytes) {
    return std::get<advisory::Advisory>(parse::parse(source, location, bytes, arena)).retracted;
  };
  const std::string withdrawn = with_withdrawal(original(), 0, std::string(osv), "2026-09-01T12:00:00Z");
  EXPECT_TRUE(retracted(advisory::Source::osv, "GO-2024-3232.json", withdrawn));

  Original cve;
  cve.source = advisory::Source::cve;
  cve.own_id = "CVE-2024-10241";
  const std::string rejected = with_withdrawal(cve, 1, {}, "2026-09-01T12:00:00Z");
  EXPECT_TRUE(retracted(advisory::Source::cve, "cves/2024/100010xxx/CVE-2024-100010241.json", rejected));

  Original gitlab;
  gitlab.source = advisory::Source::gitlab;
  const std::string tombstone = with_withdrawal(
      gitlab, 0,
      "---\nidentifier: \"CVE-2024-10241\"\nidentifiers:\n- \"CVE-2024-10241\"\npackage_slug: \"maven/a/b\"\n"
      "title: \"T\"\ndate: \"2024-01-01\"\npubdate: \"2024-01-01\"\naffected_range: \"[1.0,\\\n  2.0)\"\n"
      "uuid: \"2a9a5ec8-75f9-5ac4-bf34-3721849f32dd\"\n",
      "2026-09-01T12:00:00Z");
  EXPECT_THAT(tombstone, HasSubstr("affected_range: \"<0\"\nuuid"));
  EXPECT_TRUE(retracted(advisory::Source::gitlab, "maven/a/b/CVE-2024-10241.yml", tombstone));
}

}  // namespace
}  // namespace corpus
