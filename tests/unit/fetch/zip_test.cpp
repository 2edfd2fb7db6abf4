#include "fetch/zip.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "support/zip_builder.hpp"
#include "unit/fetch/zip_fixture.hpp"

namespace fetch {
namespace {

using support::ZipBuilder;
using support::ZipEndOptions;
using support::ZipEntryOptions;

TEST(Zip, ReadsDeflatedAndStoredEntries) {
  ZipBuilder builder;
  builder.add("A-1.json", std::string(5000, 'a'));
  builder.add("A-2.json", "plain", {.stored = true});
  const ZipOnDisk file(builder.finish());
  const ZipArchive archive = file.open();
  EXPECT_EQ(read_all(archive), (Entries{{"A-1.json", std::string(5000, 'a')}, {"A-2.json", "plain"}}));
  const ZipEntry entry = archive.entry(1);
  EXPECT_EQ(entry.size, 5U);
  EXPECT_EQ(entry.compressed_size, 5U);
  EXPECT_EQ(entry.crc32, 0x192062cfU);
}

TEST(Zip, KeepsOnlyWantedEntriesAndNoDirectories) {
  ZipBuilder builder;
  builder.add("top/", "", {.stored = true});
  builder.add("top/x.json/", "", {.stored = true});
  builder.add("top/README.md", "read me");
  builder.add("top/a.json", "1");
  builder.add("top/sub/b.json", "2");
  builder.add("c.json", "3");
  EXPECT_EQ(read_all(builder.finish()),
            (Entries{{"top/a.json", "1"}, {"top/sub/b.json", "2"}, {"c.json", "3"}}));
}

TEST(Zip, KeepsBothOfADuplicateName) {
  EXPECT_EQ(read_all(support::zip_of({{"a.json", "1"}, {"b.json", "2"}, {"a.json", "3"}})),
            (Entries{{"a.json", "1"}, {"b.json", "2"}, {"a.json", "3"}}));
}

TEST(Zip, OrdersEntriesByTheirPlaceInTheFile) {
  ZipBuilder builder;
  builder.add("d/a.json", "1");
  builder.add("d/b.json", "2");
  builder.add("c.json", "3");
  builder.reverse_directory();
  EXPECT_EQ(read_all(builder.finish()), (Entries{{"d/a.json", "1"}, {"d/b.json", "2"}, {"c.json", "3"}}));
}

TEST(Zip, TakesSizesFromTheDirectoryWhereADescriptorFollows) {
  ZipBuilder builder;
  builder.add("a.json", "first", {.descriptor = true});
  builder.add("b.json", "second", {.stored = true, .descriptor = true});
  EXPECT_EQ(read_all(builder.finish()), (Entries{{"a.json", "first"}, {"b.json", "second"}}));
}

TEST(Zip, ReadsEmptyEntries) {
  ZipBuilder builder;
  builder.add("stored.json", "", {.stored = true});
  builder.add("deflated.json", "");
  builder.add("nothing.json", "", {.stored = true, .method = 8});
  EXPECT_EQ(read_all(builder.finish()),
            (Entries{{"stored.json", ""}, {"deflated.json", ""}, {"nothing.json", ""}}));
}

TEST(Zip, ReadsZip64FieldsOfEntriesAndEnd) {
  ZipBuilder builder;
  builder.add("a.json", "first", {.zip64 = true});
  builder.add("b.json", "second", {.descriptor = true, .zip64 = true});
  EXPECT_EQ(read_all(builder.finish({.zip64 = true})), (Entries{{"a.json", "first"}, {"b.json", "second"}}));
}

base::Fast128 packed_hash(std::string_view bytes, std::size_t index) {
  const ZipOnDisk file(bytes);
  const ZipArchive archive = file.open();
  return ZipReader(archive).packed_hash(index);
}

TEST(Zip, TellsWhetherAnEntryLiesAsItLayInAnotherArchive) {
  const base::Fast128 hash = packed_hash(support::zip_of({{"a.json", "first"}}), 0);
  EXPECT_EQ(packed_hash(support::zip_of({{"b.json", "other"}, {"x/c.json", "first"}}), 1), hash);
  EXPECT_NE(packed_hash(support::zip_of({{"a.json", "frist"}}), 0), hash);

  const auto one = [](const ZipEntryOptions& options) {
    ZipBuilder builder;
    builder.add("a.json", "first", options);
    return builder.finish();
  };
  EXPECT_NE(packed_hash(one({.stored = true}), 0), hash);
  EXPECT_NE(packed_hash(one({.crc32 = 1}), 0), hash) << "the checksum that the directory gives";
  EXPECT_NE(packed_hash(one({.size = 6}), 0), hash) << "the size that the directory gives";
}

std::string many(std::size_t count, const ZipEndOptions& end) {
  ZipBuilder builder;
  for (std::size_t i = 0; i < count; ++i)
    builder.add("n/" + std::to_string(i) + ".json", std::to_string(i), {.stored = true});
  return builder.finish(end);
}

TEST(Zip, HoldsMoreThan65535EntriesWithZip64) {
  const ZipOnDisk file(many(70000, {.zip64 = true}));
  const ZipArchive archive = file.open();
  ASSERT_EQ(archive.size(), 70000U);
  ZipReader reader(archive);
  EXPECT_EQ(archive.entry(69999).name, "n/69999.json");
  EXPECT_EQ(reader.read(69999), "69999");
  EXPECT_EQ(reader.read(65536), "65536");
}

TEST(Zip, TakesAnEntryCountThatWrappedWithoutZip64) {
  const ZipOnDisk file(many(65540, {.count = 4}));
  EXPECT_EQ(file.open().size(), 65540U);
}

TEST(Zip, HoldsExactly65535EntriesWithoutZip64) {
  const ZipOnDisk file(many(65535, {}));
  EXPECT_EQ(file.open().size(), 65535U);
}

TEST(Zip, ReadsPastACommentAndGapsBetweenEntries) {
  ZipBuilder builder;
  builder.add("a.json", "1");
  builder.add_gap("something between");
  builder.add("b.json", "2", {.local_extra = std::string(300, 'x')});
  EXPECT_EQ(read_all(builder.finish({.comment = std::string(65535, 'c')})),
            (Entries{{"a.json", "1"}, {"b.json", "2"}}));
}

TEST(Zip, OpensAnArchiveWithoutEntries) {
  EXPECT_EQ(read_all(ZipBuilder().finish()), Entries{});
}

TEST(Zip, ShowsNamesAsPrintableUtf8) {
  EXPECT_EQ(read_all(support::zip_of({{"caf\x82\n.json", "1"}, {"caf\xc3\xa9.json", "2"}})),
            (Entries{{"caf\\x82\\x0a.json", "1"}, {"caf\xc3\xa9.json", "2"}}));
}

TEST(Zip, TakesColonsInNames) {
  EXPECT_EQ(read_all(support::zip_of({{"ALSA-2025:10873.json", "1"}})),
            (Entries{{"ALSA-2025:10873.json", "1"}}));
}

TEST(Zip, ReadsInAnyOrderAndEntriesLargerThanTheWindow) {
  ZipBuilder builder;
  std::string large(3 << 20, 'x');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 2654435761U >> 24);
  builder.add("first.json", "first");
  builder.add("large.json", large, {.stored = true});
  builder.add("deflated.json", large);
  for (int i = 0; i < 100; ++i)
    builder.add(std::to_string(i) + ".json", std::string(1000, static_cast<char>('a' + i % 26)));
  const ZipOnDisk file(builder.finish());
  const ZipArchive archive = file.open();
  ZipReader reader(archive);
  for (std::size_t i = archive.size(); i-- > 3;)
    EXPECT_EQ(reader.read(i), std::string(1000, static_cast<char>('a' + (i - 3) % 26)));
  EXPECT_EQ(reader.read(2), large);
  EXPECT_EQ(reader.read(0), "first");
  EXPECT_EQ(reader.read(1), large);
  EXPECT_EQ(reader.read(0), "first");
}

TEST(Zip, ServesSeveralThreads) {
  ZipBuilder builder;
  for (int i = 0; i < 2000; ++i)
    builder.add(std::to_string(i) + ".json", std::string(500, 'x') + std::to_string(i));
  const ZipOnDisk file(builder.finish());
  const ZipArchive archive = file.open();
  std::vector<std::size_t> wrong(4, 0);
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < wrong.size(); ++t)
      threads.emplace_back([&, t] {
        ZipReader reader(archive);
        for (std::size_t i = t; i < archive.size(); i += 2)
          if (reader.read(i) != std::string(500, 'x') + std::to_string(i)) ++wrong[t];
      });
  }
  EXPECT_EQ(wrong, std::vector<std::size_t>(4, 0));
}

TEST(Zip, HandsOverAnArchiveInsideAnArchiveAsBytes) {
  const std::string inner = support::zip_of({{"a.json", "1"}});
  const ZipOnDisk outer(support::zip_of({{"inner.json", inner}}));
  const ZipArchive archive = outer.open();
  ZipReader reader(archive);
  EXPECT_EQ(read_all(reader.read(0)), (Entries{{"a.json", "1"}}));
}

TEST(Zip, HoldsADirectoryEntryBesideAFileOfItsName) {
  ZipBuilder builder;
  builder.add("a.json/", "", {.stored = true});
  builder.add("a.json", "1");
  EXPECT_EQ(read_all(builder.finish()), (Entries{{"a.json", "1"}}));
}

TEST(Zip, FindsTheDirectoryOfAnArchiveBeyondFourGigabytes) {
  // A sparse file: four gigabytes of nothing, then an entry and the directory.
  const std::uint64_t gap = (std::uint64_t{4} << 30) + 5;
  ZipBuilder builder(gap);
  builder.add("a.json", "far away", {.zip64 = true});
  const base::TemporaryDirectory directory;
  const auto path = directory.path() / "all.zip";
  support::write_file(path, "");
  std::filesystem::resize_file(path, gap);
  std::ofstream(path, std::ios::app | std::ios::binary) << builder.finish({.zip64 = true});
  const ZipArchive archive(File(path), is_json, {});
  ASSERT_EQ(archive.size(), 1U);
  ZipReader reader(archive);
  EXPECT_EQ(reader.read(0), "far away");
}

TEST(Zip, FingerprintFollowsTheContent) {
  const ZipOnDisk one(support::zip_of({{"a.json", "1"}}));
  const ZipOnDisk same(support::zip_of({{"a.json", "1"}}));
  const ZipOnDisk other(support::zip_of({{"a.json", "2"}}));
  EXPECT_EQ(content_fingerprint(File(one.path())), content_fingerprint(File(same.path())));
  EXPECT_NE(content_fingerprint(File(one.path())), content_fingerprint(File(other.path())));
  EXPECT_EQ(content_fingerprint(File(one.path())).size(), 32U);
}

}  // namespace
}  // namespace fetch
