// Archives that are damaged, or made to do damage: each is refused with the word that says why.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/zip_builder.hpp"
#include "unit/fetch/zip_fixture.hpp"

namespace fetch {
namespace {

using support::ZipBuilder;
using support::ZipEntryOptions;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string word_of_entry(const ZipEntryOptions& options, std::string_view content = "content") {
  ZipBuilder builder;
  builder.add("good.json", "good");
  builder.add("bad.json", content, options);
  builder.add("last.json", "last");
  return word_of(builder.finish());
}

TEST(ZipRefusal, WhatIsNoArchive) {
  EXPECT_EQ(word_of(""), "not_a_zip");
  EXPECT_EQ(word_of("PK"), "not_a_zip");
  EXPECT_EQ(word_of("<!DOCTYPE html><html><body>Sign in</body></html>"), "not_a_zip");
  EXPECT_EQ(word_of(std::string(100000, '\0')), "not_a_zip");
}

TEST(ZipRefusal, AnArchiveCutOffAnywhere) {
  const std::string whole = support::zip_of({{"a.json", std::string(300, 'a')}, {"b.json", "b"}});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::string word = word_of(whole.substr(0, length));
    EXPECT_EQ(word, length < 4 ? "not_a_zip" : "truncated") << "cut to " << length;
  }
}

TEST(ZipRefusal, AnArchiveWithoutItsBeginningOrMiddle) {
  const std::string whole = support::zip_of({{"a.json", std::string(300, 'a')}, {"b.json", "b"}});
  EXPECT_EQ(word_of(whole.substr(10)), "truncated");
  EXPECT_EQ(word_of(whole.substr(0, 20) + whole.substr(30)), "truncated");
}

TEST(ZipRefusal, ADirectoryThatIsNotWhereItShouldBe) {
  ZipBuilder builder;
  builder.add("a.json", "1");
  EXPECT_EQ(word_of(builder.finish({.directory_offset = 0})), "corrupt");
  EXPECT_EQ(word_of(builder.finish({.directory_offset = UINT64_MAX - 1})), "truncated");
  EXPECT_EQ(word_of(builder.finish({.zip64 = true, .directory_offset = UINT64_MAX - 1})), "truncated");
  EXPECT_EQ(word_of(builder.finish({.count = 2})), "corrupt");
  EXPECT_EQ(word_of(builder.finish({.zip64 = true, .count = 65537})), "corrupt");
}

TEST(ZipRefusal, AWrongChecksum) {
  EXPECT_EQ(word_of_entry({.crc32 = 1}), "corrupt");
  EXPECT_EQ(word_of_entry({.stored = true, .crc32 = 1}), "corrupt");
  EXPECT_EQ(word_of_entry({.crc32 = 1}, ""), "corrupt");
}

TEST(ZipRefusal, AFlippedBitInTheData) {
  std::string bytes = support::zip_of({{"a.json", "0123456789012345"}});
  bytes[30 + 6 + 5] = static_cast<char>(bytes[30 + 6 + 5] ^ 1);
  EXPECT_EQ(word_of(bytes), "corrupt");
}

TEST(ZipRefusal, SizesThatLie) {
  EXPECT_EQ(word_of_entry({.size = 6}), "corrupt");
  EXPECT_EQ(word_of_entry({.size = 8}), "corrupt");
  EXPECT_EQ(word_of_entry({.size = 0}), "corrupt");
  EXPECT_EQ(word_of_entry({.compressed_size = 3}), "corrupt");
  EXPECT_EQ(word_of_entry({.stored = true, .size = 100, .compressed_size = 7}), "corrupt");
  EXPECT_EQ(word_of_entry({.compressed_size = 5000}), "truncated");
  EXPECT_EQ(word_of_entry({.zip64 = true, .compressed_size = UINT64_MAX - 10}), "truncated");
}

TEST(ZipRefusal, AnEntryThatIsNotWhereItShouldBe) {
  EXPECT_EQ(word_of_entry({.offset = 1000000}), "truncated");
  EXPECT_EQ(word_of_entry({.zip64 = true, .offset = UINT64_MAX}), "truncated");
  // One byte after the first entry's header, where there is no header.
  ZipBuilder builder;
  builder.add("bad.json", std::string(200, 'x'),
              {.stored = true, .size = 1, .compressed_size = 1, .offset = 50});
  EXPECT_EQ(word_of(builder.finish()), "corrupt");
}

TEST(ZipRefusal, EncryptionAndForeignMethods) {
  EXPECT_EQ(word_of_entry({.flags = 1}), "unsupported");
  EXPECT_EQ(word_of_entry({.flags = 0x40}), "unsupported");
  EXPECT_EQ(word_of_entry({.flags = 0x2000}), "unsupported");
  EXPECT_EQ(word_of_entry({.method = 93}), "unsupported");
}

TEST(ZipRefusal, LeavesUnwantedEntriesUnjudged) {
  ZipBuilder builder;
  builder.add("picture.png", "not for us", {.flags = 1, .method = 93, .crc32 = 7});
  builder.add("a.json", "1");
  EXPECT_EQ(read_all(builder.finish()), (Entries{{"a.json", "1"}}));
}

TEST(ZipRefusal, HostilePathsEvenOfUnwantedEntries) {
  for (const char* name :
       {"../a.json", "a/../../b.json", "a/..", "/etc/passwd", "a\\b.json", "C:/a.json", "c:a.txt"}) {
    const auto [word, message] = failure_of([&] {
      read_all(support::zip_of({{"good.json", "1"}, {name, "2"}}));
    });
    EXPECT_EQ(word, "hostile_path") << name;
    EXPECT_THAT(message, AllOf(HasSubstr("all.zip"), HasSubstr(name), Not(HasSubstr("\n"))));
  }
  EXPECT_EQ(word_of(support::zip_of({{std::string("a\0b.json", 8), "1"}})), "hostile_path");
  EXPECT_EQ(word_of(support::zip_of({{"", "1"}})), "hostile_path");
  EXPECT_EQ(word_of(support::zip_of({{std::string(5000, 'a'), "1"}})), "hostile_path");
}

TEST(ZipRefusal, TakesDotsThatAreNoSegment) {
  EXPECT_EQ(read_all(support::zip_of({{"a..b/...json", "1"}})), (Entries{{"a..b/...json", "1"}}));
}

TEST(ZipRefusal, EntriesThatShareData) {
  ZipBuilder twice;
  const std::uint64_t at = twice.add("a.json", std::string(1000, 'a'));
  twice.add("b.json", std::string(1000, 'a'), {.offset = at});
  EXPECT_EQ(word_of(twice.finish()), "bomb");

  // The first entry's data quote the header of the second.
  ZipBuilder quoted;
  quoted.add("a.json", "1234", {.stored = true, .size = 60, .compressed_size = 60});
  quoted.add("b.json", std::string(100, 'b'), {.stored = true});
  EXPECT_EQ(word_of(quoted.finish()), "bomb");
}

TEST(ZipRefusal, AnEntryThatRunsIntoTheNextByItsLocalHeader) {
  ZipBuilder builder;
  builder.add("a.json", "1234", {.stored = true});
  builder.add("b.json", "5678", {.stored = true});
  std::string bytes = builder.finish();
  bytes[28] = 1;  // length of the local extra field of the first
  EXPECT_EQ(word_of(bytes), "corrupt");
}

TEST(ZipRefusal, AnotherMethodInTheLocalHeader) {
  std::string bytes = support::zip_of({{"a.json", "1234"}});
  bytes[8] = 0;
  EXPECT_EQ(word_of(bytes), "corrupt");
}

TEST(ZipRefusal, AnEntryOfGigabytes) {
  const auto [word, message] = failure_of([&] {
    ZipBuilder builder;
    builder.add("bomb.json", "small", {.zip64 = true, .size = std::uint64_t{10} << 30});
    read_all(builder.finish());
  });
  EXPECT_EQ(word, "bomb");
  EXPECT_THAT(message, AllOf(HasSubstr("bomb.json"), HasSubstr("10737418240")));
}

TEST(ZipRefusal, ManyEntriesThatAddUpToGigabytes) {
  ZipBuilder builder;
  for (int i = 0; i < 20; ++i)
    builder.add(std::to_string(i) + ".json", "small", {.size = std::uint64_t{200} << 20});
  const ZipOnDisk file(builder.finish());
  EXPECT_EQ(failure_of([&] { file.open(); }).first, "bomb");
}

TEST(ZipRefusal, LimitsAreInclusive) {
  ZipBuilder builder;
  builder.add("a.json", std::string(1000, 'a'));
  builder.add("b.json", std::string(1000, 'b'));
  const ZipOnDisk file(builder.finish());
  EXPECT_EQ(file.open({.entry = 1000, .harmless = 2000, .ratio = 1}).size(), 2U);
  EXPECT_EQ(failure_of([&] { file.open({.entry = 999, .harmless = 2000, .ratio = 1}); }).first, "bomb");
  EXPECT_EQ(failure_of([&] { file.open({.entry = 1000, .harmless = 1999, .ratio = 1}); }).first, "bomb");
  EXPECT_EQ(file.open({.entry = 1000, .harmless = 1999, .ratio = 50}).size(), 2U);
}

TEST(ZipRefusal, AFileThatShrinksWhileItIsRead) {
  const ZipOnDisk file(support::zip_of({{"a.json", std::string(1000, 'a')}}));
  const ZipArchive archive = file.open();
  std::filesystem::resize_file(file.path(), 20);
  ZipReader reader(archive);
  EXPECT_EQ(failure_of([&] { reader.read(0); }).first, "truncated");
}

TEST(ZipRefusal, WhatIsNoFile) {
  const base::TemporaryDirectory directory;
  EXPECT_EQ(failure_of([&] { const File file(directory.path()); }).first, "unreadable");
  EXPECT_THROW(File(directory.path() / "missing"), base::FileError);
}

TEST(ZipRefusal, ReaderGoesOnAfterABadEntry) {
  ZipBuilder builder;
  builder.add("bad.json", "content", {.crc32 = 1});
  builder.add("good.json", "good");
  const ZipOnDisk file(builder.finish());
  const ZipArchive archive = file.open();
  ZipReader reader(archive);
  EXPECT_EQ(failure_of([&] { reader.read(0); }).first, "corrupt");
  EXPECT_EQ(reader.read(1), "good");
}

}  // namespace
}  // namespace fetch
