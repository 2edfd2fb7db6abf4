// The first pass reads identities only; the second reads whole records. Where they differ, a record could be
// accepted by one and refused by the other.
#include <gtest/gtest.h>

#include <filesystem>

#include "parse/parse.hpp"
#include "support/golden.hpp"
#include "support/paths.hpp"

namespace parse {
namespace {

void expect_same(advisory::Source source, const std::string& bytes) {
  base::Arena arena;
  const Parsed whole = parse(source, "", bytes, arena, Extent::whole);
  const Parsed identity = parse(source, "", bytes, arena, Extent::identity);
  ASSERT_EQ(whole.index(), identity.index()) << bytes;
  if (const auto* refusal = std::get_if<Refusal>(&whole)) {
    const auto& other = std::get<Refusal>(identity);
    EXPECT_EQ(refusal->reason, other.reason) << bytes;
    EXPECT_EQ(refusal->detail, other.detail) << bytes;
    EXPECT_EQ(refusal->record_id, other.record_id) << bytes;
    return;
  }
  const auto& a = std::get<advisory::Advisory>(whole);
  const auto& b = std::get<advisory::Advisory>(identity);
  EXPECT_EQ(a.source, b.source);
  EXPECT_EQ(a.record_id, b.record_id) << bytes;
  EXPECT_EQ(a.own_id, b.own_id) << bytes;
  EXPECT_EQ(a.claims, b.claims) << bytes;
  EXPECT_EQ(a.modified, b.modified) << bytes;
  EXPECT_EQ(a.published, b.published) << bytes;
  EXPECT_EQ(a.withdrawn, b.withdrawn) << bytes;
  EXPECT_EQ(a.retracted, b.retracted) << bytes;
  EXPECT_EQ(a.cve_rejected, b.cve_rejected) << bytes;
}

// Every golden input as it is, and with something else in the place of each of its values in turn.
void check(advisory::Source source, const std::string& folder, const std::string& extension) {
  constexpr std::string_view others[] = {"null, ", "7, ", "[3], ", "{\"a\": 1}, ", "\"\", ", "[null], "};
  std::size_t changed = 0;
  const std::filesystem::path all = std::filesystem::path(VDS_SOURCE_DIR) / "tests/unit/parse" / folder;
  for (const auto& entry : std::filesystem::directory_iterator(all)) {
    if (entry.path().extension() != extension) continue;
    const std::string bytes = support::read_file(entry.path());
    expect_same(source, bytes);
    if (bytes.size() > 20'000) continue;
    for (std::size_t colon = bytes.find(": "); colon != std::string::npos;
         colon = bytes.find(": ", colon + 1)) {
      // The value that stood here goes to a member of another name.
      std::string text = bytes;
      std::string_view other = others[changed++ % std::size(others)];
      if (extension == ".json")
        text.insert(colon + 2, std::string(other) + "\"replaced\": ");
      else
        text.insert(colon + 2, std::string(other.substr(0, other.size() - 2)) + "\nreplaced: ");
      expect_same(source, text);
    }
  }
  EXPECT_GT(changed, 500U);
}

TEST(Extent, IdentityOfOsvRecordsIsThatOfTheWhole) {
  check(advisory::Source::osv, "osv", ".json");
}

TEST(Extent, IdentityOfCveRecordsIsThatOfTheWhole) {
  check(advisory::Source::cve, "cve", ".json");
}

TEST(Extent, IdentityOfGitlabRecordsIsThatOfTheWhole) {
  check(advisory::Source::gitlab, "gitlab", ".yml");
}

}  // namespace
}  // namespace parse
