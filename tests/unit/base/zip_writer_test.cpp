// Archives that are written, read by our own reader, which knows nothing of the writer.
#include "base/zip_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "fetch/zip.hpp"

namespace base {
namespace {

using testing::ElementsAre;
using testing::Pair;

class ZipWriterTest : public testing::Test {
 protected:
  std::vector<std::pair<std::string, std::string>> read() const {
    const fetch::ZipArchive archive(fetch::File(path_), [](std::string_view) { return true; });
    fetch::ZipReader reader(archive);
    std::vector<std::pair<std::string, std::string>> entries;
    for (std::size_t i = 0; i < archive.size(); ++i)
      entries.emplace_back(archive.entry(i).name, std::string(reader.read(i)));
    return entries;
  }

  TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_.path() / "all.zip";
  Packer packer_;
};

TEST_F(ZipWriterTest, WhatIsWrittenIsRead) {
  ZipWriter writer(path_);
  writer.add("A-1.json", packer_.pack("one"), dos_time(0));
  writer.add("empty.json", packer_.pack(""), dos_time(0));
  const std::string large(300'000, 'x');
  writer.add("ecosystem/\xC3\xA9.json", packer_.pack(large), dos_time(0));
  writer.finish();
  EXPECT_THAT(read(), ElementsAre(Pair("A-1.json", "one"), Pair("empty.json", ""),
                                  Pair("ecosystem/\xC3\xA9.json", large)));
  EXPECT_LT(std::filesystem::file_size(path_), 2000U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_.path()), {}), 1)
      << "its directory's file stays";
}

TEST_F(ZipWriterTest, AnEmptyArchiveIsOne) {
  ZipWriter(path_).finish();
  EXPECT_EQ(read_file(path_), std::string("PK\5\6", 4) + std::string(18, '\0'));
}

TEST_F(ZipWriterTest, MoreEntriesThanTheOldFormatCountsAreRead) {
  ZipWriter writer(path_);
  const Packed content = packer_.pack("{}");
  constexpr std::size_t entries = 70'000;
  for (std::size_t i = 0; i < entries; ++i) writer.add(std::to_string(i), content, {});
  writer.finish();
  const auto found = read();
  ASSERT_EQ(found.size(), entries);
  EXPECT_EQ(found.back(), std::pair(std::string("69999"), std::string("{}")));
}

TEST_F(ZipWriterTest, UsesZip64FieldsInEveryEntryOnRequest) {
  ZipWriter writer(path_, Zip64::always);
  writer.add("1.json", packer_.pack("{\"a\":1}"), {});
  writer.add("2.json", packer_.pack("{\"b\":22}"), {});
  writer.finish();
  EXPECT_EQ(read_file(path_).substr(18, 8), std::string(8, '\xFF'));  // both sizes of the first local header
  EXPECT_THAT(read(), ElementsAre(Pair("1.json", "{\"a\":1}"), Pair("2.json", "{\"b\":22}")));
}

TEST_F(ZipWriterTest, AnArchiveThatIsThereIsNotOverwritten) {
  ZipWriter(path_).finish();
  EXPECT_THROW(ZipWriter{path_}, FileError);
}

TEST(DosTime, IsTheNearestThatZipCanHold) {
  const auto fields = [](std::int64_t seconds) {
    const DosTime time = dos_time(seconds);
    return std::pair(time.date, time.time);
  };
  const auto date = [](unsigned year, unsigned month, unsigned day) {
    return static_cast<std::uint16_t>((year - 1980) << 9U | month << 5U | day);
  };
  EXPECT_EQ(fields(1704164645).first, date(2024, 1, 2));  // 2024-01-02T03:04:05Z
  EXPECT_EQ(fields(1704164645).second, 3U << 11U | 4U << 5U | 2U);
  EXPECT_EQ(fields(0).first, date(1980, 1, 1));
  EXPECT_EQ(fields(0).second, 0);
  EXPECT_EQ(dos_time("2024-01-02T03:04:05Z").date, date(2024, 1, 2));
  EXPECT_EQ(dos_time("no time").date, date(1980, 1, 1));
  EXPECT_EQ(fields(253402300799).first, date(2107, 12, 31));
}

}  // namespace
}  // namespace base
