#include "base/zstd.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.hpp"

namespace base {
namespace {

std::vector<std::string> sample_records() {
  std::vector<std::string> records;
  for (int i = 0; i < 400; ++i) {
    std::string text = R"({"id":"TEST-)" + std::to_string(i * 7919) + R"(","summary":"A flaw in package )";
    for (int j = 0; j < 20; ++j)
      text += std::to_string(i * j * 31) + R"(","affected":[{"ranges":[{"type":"SEMVER","events":)";
    records.push_back(text);
  }
  return records;
}

TEST(Zstd, GivesBackTheSameBytesWithAndWithoutADictionary) {
  const auto records = sample_records();
  const std::vector<std::string_view> views(records.begin(), records.end());
  const std::string trained = ZstdDictionary::train(views, 16384, 4711);
  ASSERT_FALSE(trained.empty());
  const ZstdDictionary dictionary(trained);
  EXPECT_EQ(dictionary.id(), 4711U);

  ZstdCompressor compressor;
  ZstdDecompressor decompressor;
  std::string with;
  std::string without;
  std::string back;
  compressor.compress(records[5], &dictionary, with);
  compressor.compress(records[5], nullptr, without);
  EXPECT_LT(with.size(), without.size());
  EXPECT_EQ(ZstdDecompressor::dictionary_id(with), 4711U);
  EXPECT_EQ(ZstdDecompressor::dictionary_id(without), 0U);
  decompressor.decompress(with, &dictionary, 1 << 20, back);
  EXPECT_EQ(back, records[5]);
  decompressor.decompress(without, nullptr, 1 << 20, back);
  EXPECT_EQ(back, records[5]);
}

TEST(Zstd, EmptyBytesAreARecordToo) {
  std::string frame;
  std::string back = "something";
  ZstdCompressor().compress("", nullptr, frame);
  ZstdDecompressor().decompress(frame, nullptr, 10, back);
  EXPECT_EQ(back, "");
}

TEST(Zstd, DamagedOrOversizedFramesAreErrors) {
  std::string frame;
  ZstdCompressor().compress(std::string(1000, 'x'), nullptr, frame);
  std::string back;
  EXPECT_THROW(ZstdDecompressor().decompress(frame, nullptr, 999, back), Error);
  EXPECT_THROW(ZstdDecompressor().decompress("not a frame", nullptr, 1000, back), Error);
  EXPECT_THROW(
      ZstdDecompressor().decompress(std::string_view(frame).substr(0, frame.size() - 3), nullptr, 1000, back),
      Error);
  EXPECT_THROW(ZstdDictionary("no dictionary"), Error);
}

TEST(Zstd, TooFewSamplesGiveNoDictionary) {
  const std::vector<std::string_view> few = {"a", "b"};
  EXPECT_EQ(ZstdDictionary::train(few, 4096, 1), "");
}

}  // namespace
}  // namespace base
