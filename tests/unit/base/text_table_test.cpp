#include "base/text_table.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace base {
namespace {

// Texts and the table that finds them.
class Texts {
 public:
  // The number of the text, which is added when it is new.
  std::uint32_t add(const std::string& text) {
    std::uint32_t& place = table_.place(text, text_of_);
    if (place == TextTable::none) {
      place = static_cast<std::uint32_t>(texts_.size());
      texts_.push_back(text);
    }
    return place;
  }
  std::uint32_t find(const std::string& text) const { return table_.find(text, text_of_); }

 private:
  std::vector<std::string> texts_;
  std::function<std::string_view(std::uint32_t)> text_of_ = [this](std::uint32_t entry) {
    return std::string_view(texts_[entry]);
  };
  TextTable table_;
};

TEST(TextTable, FindsNothingWhileItIsEmpty) {
  const Texts texts;
  EXPECT_EQ(texts.find(""), TextTable::none);
}

TEST(TextTable, KeepsTheEntryThatStandsThere) {
  Texts texts;
  EXPECT_EQ(texts.add("a"), 0U);
  EXPECT_EQ(texts.add(""), 1U);
  EXPECT_EQ(texts.add("a"), 0U);
  EXPECT_EQ(texts.find(""), 1U);
  EXPECT_EQ(texts.find("b"), TextTable::none);
}

// Among so many texts some ten pairs have equal hashes of 32 bits.
TEST(TextTable, TellsTextsApartWhoseHashesAreEqual) {
  constexpr std::uint32_t count = 300'000;
  Texts texts;
  for (std::uint32_t i = 0; i < count; ++i) ASSERT_EQ(texts.add("CVE-" + std::to_string(i)), i);
  for (std::uint32_t i = 0; i < count; ++i) ASSERT_EQ(texts.find("CVE-" + std::to_string(i)), i);
  for (std::uint32_t i = 0; i < count; ++i)
    ASSERT_EQ(texts.find("GHSA-" + std::to_string(i)), TextTable::none);
}

}  // namespace
}  // namespace base
