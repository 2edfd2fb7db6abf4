// The list of the OSV bucket: what a line is, what a record's lines come to, what differs from what is held.
#include "fetch/modified_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/fetch/zip_fixture.hpp"

namespace fetch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ModifiedList read(std::string_view text) {
  ModifiedListReader reader("modified_id.csv");
  reader.feed(text);
  return reader.finish();
}

std::string_view refusal(std::string_view line) {
  ModifiedLine read;
  return read_modified_line(line, read);
}

// Microseconds since 1970 of a day in 2024 at some second.
constexpr std::int64_t new_year = 1'704'067'200'000'000;

TEST(ModifiedLine, HasATimeADirectoryAndAnId) {
  ModifiedLine line;
  EXPECT_EQ(read_modified_line("2024-01-01T00:00:00.000001234Z,AlmaLinux/ALSA-2024:1", line), "");
  EXPECT_EQ(line.modified, new_year + 1);
  EXPECT_EQ(line.directory, "AlmaLinux");
  EXPECT_EQ(line.id, "ALSA-2024:1");
  EXPECT_EQ(read_modified_line("0001-01-01T00:00:00Z,[EMPTY]/GO-2020-0001", line), "");
  EXPECT_EQ(line.modified, -62'135'596'800'000'000);
  EXPECT_EQ(read_modified_line("2024-01-01T00:00:00Z,GitHub Actions/GHSA-1,2", line), "");
  EXPECT_EQ(line.id, "GHSA-1,2");
}

TEST(ModifiedLine, IsRefusedWithAReason) {
  EXPECT_EQ(refusal("<html>"), "has no comma");
  EXPECT_EQ(refusal(",Go/GO-1"), "begins with no time");
  EXPECT_EQ(refusal("2024-13-01T00:00:00Z,Go/GO-1"), "begins with no time");
  EXPECT_EQ(refusal("2024-01-01T00:00:00Z,GO-1"), "names no directory");
  EXPECT_EQ(refusal("2024-01-01T00:00:00Z,/GO-1"), "names no directory");
  EXPECT_EQ(refusal("2024-01-01T00:00:00Z,Go/"), "names no record");
  EXPECT_EQ(refusal("2024-01-01T00:00:00Z,../GO-1"), "has a `..` segment");
  EXPECT_EQ(refusal("2024-01-01T00:00:00Z,a\\b/GO-1"), "holds a backslash");
  EXPECT_EQ(refusal("2024-01-01T00:00:00Z,Go/GO\x01"), "is no clean text");
  EXPECT_EQ(refusal("2024-01-01T00:00:00Z,Go/GO\xff"), "is no clean text");
}

TEST(ModifiedList, TakesTheLatestTimeOfARecord) {
  // As texts, …00Z stands above …00.5Z.
  const ModifiedList list = read(
      "2024-01-01T00:00:00Z,npm/A-1\n2024-01-01T00:00:00.5Z,PyPI/A-1\n2023-12-31T23:59:59.9Z,Go/A-1\n"
      "2024-01-01T00:00:00Z,Go/A-2\n");
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list.modified(*list.find("A-1")), new_year + 500'000);
  EXPECT_EQ(list.directory(*list.find("A-1")), "PyPI");
  EXPECT_EQ(list.find("A-3"), std::nullopt);
}

TEST(ModifiedList, PrefersADirectoryWithoutOldCopies) {
  const std::string time = "2024-01-01T00:00:00Z,";
  for (const std::string& text : {time + "[EMPTY]/A\n" + time + "npm/A\n" + time + "Go/A\n",
                                  time + "npm/A\n" + time + "Go/A\n" + time + "[EMPTY]/A\n"}) {
    const ModifiedList list = read(text);
    EXPECT_EQ(list.directory(0), "Go");
  }
  EXPECT_EQ(read(time + "[EMPTY]/A\n").directory(0), "[EMPTY]");
}

TEST(ModifiedList, TellsWhatDiffersFromWhatIsHeld) {
  ModifiedList list = read(
      "2024-01-01T00:00:00Z,Go/NEW\n2024-01-01T00:00:00.000001Z,Go/LATER\n2024-01-01T00:00:00.00Z,Go/SAME\n"
      "2024-01-01T00:00:00Z,Go/EARLIER\n0001-01-01T00:00:00Z,Go/SENTINEL\n0001-01-01T00:00:00Z,Go/FIRST\n");
  list.hold("LATER", new_year);
  list.hold("SAME", new_year);
  list.hold("EARLIER", new_year + 1);
  list.hold("SENTINEL", -62'135'596'800'000'000);
  list.hold("GONE", new_year);
  std::vector<std::string_view> changed;
  for (const std::size_t index : list.changed()) changed.push_back(list.id(index));
  EXPECT_THAT(changed, ElementsAre("NEW", "LATER", "FIRST"));
  EXPECT_EQ(list.held_records(), 5U);
  EXPECT_EQ(list.vanished_records(), 1U);
}

TEST(ModifiedList, IsTheSameInPiecesOfAnySize) {
  const std::string text =
      "2024-01-01T00:00:00Z,Go/A\r\n\n2024-01-02T00:00:00Z,Go/B\n2024-01-03T00:00:00Z,Go/C";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    ModifiedListReader reader("x");
    for (std::size_t at = 0; at < text.size(); at += size)
      reader.feed(std::string_view(text).substr(at, size));
    const ModifiedList list = reader.finish();
    ASSERT_EQ(list.size(), 3U) << size;
    EXPECT_EQ(list.id(0), "A");
    EXPECT_EQ(list.id(2), "C");
  }
}

TEST(ModifiedList, HoldsMany) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "2024-01-01T00:00:00Z,Go/GO-" + std::to_string(i) + "\n";
  const ModifiedList list = read(text);
  ASSERT_EQ(list.size(), 5000U);
  for (int i = 0; i < 5000; ++i) EXPECT_EQ(list.find("GO-" + std::to_string(i)), static_cast<std::size_t>(i));
}

TEST(ModifiedList, SkipsAFewBadLines) {
  std::string text = std::string(5000, 'x') + "\n";
  for (int i = 0; i < 20; ++i) text += "2024-01-01T00:00:00Z,Go/GO-" + std::to_string(i) + "\n";
  EXPECT_EQ(read(text).size(), 20U);
}

TEST(ModifiedList, RefusesWhatIsNone) {
  const auto failure = failure_of([] { read("<html>\n<body>Please log in</body>\n"); });
  EXPECT_EQ(failure.first, "not_a_list");
  EXPECT_THAT(failure.second,
              HasSubstr("2 of its 2 lines are no lines of a list of records, the first: line 1"));
  EXPECT_EQ(failure_of([] { read("2024-01-01T00:00:00Z,Go/A\n2024-01-01T00:00\n"); }).first, "not_a_list");
  EXPECT_EQ(failure_of([] { read(""); }).first, "empty");
  EXPECT_EQ(failure_of([] { read("\r\n\n"); }).first, "empty");
}

TEST(ModifiedList, NamesTheFileThatItWasReadFrom) {
  const base::TemporaryDirectory directory;
  const auto path = support::write_file(directory.path() / "modified_id.csv", "2024-01-01T00:00:00Z,Go/A\n");
  EXPECT_EQ(ModifiedList::read(File(path)).size(), 1U);
  support::write_file(path, "");
  EXPECT_THAT(failure_of([&] { ModifiedList::read(File(path)); }).second, HasSubstr(path.native()));
}

}  // namespace
}  // namespace fetch
