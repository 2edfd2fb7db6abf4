#include "base/ascii.hpp"

#include <gtest/gtest.h>

namespace base {
namespace {

std::string all_that(bool (*holds)(char)) {
  std::string found;
  for (int byte = 0; byte < 256; ++byte)
    if (holds(static_cast<char>(byte))) found += static_cast<char>(byte);
  return found;
}

constexpr const char* digits = "0123456789";
constexpr const char* small = "abcdefghijklmnopqrstuvwxyz";
constexpr const char* capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

TEST(Ascii, ClassesHoldTheirCharactersAndNoOthers) {
  EXPECT_EQ(all_that(is_digit), digits);
  EXPECT_EQ(all_that(is_lower), small);
  EXPECT_EQ(all_that(is_upper), capitals);
  EXPECT_EQ(all_that(is_letter), std::string(capitals) + small);
  EXPECT_EQ(all_that(is_alphanumeric), std::string(digits) + capitals + small);
}

TEST(Ascii, CaseIsOfLettersAlone) {
  EXPECT_EQ(lowered(capitals), small);
  EXPECT_EQ(uppered(small), capitals);
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    if (is_letter(c)) continue;
    EXPECT_EQ(lower(c), c);
    EXPECT_EQ(upper(c), c);
  }
  EXPECT_EQ(lowered("PyPI \xC3\x84"), "pypi \xC3\x84");
}

TEST(Ascii, HexadecimalDigitsHaveValues) {
  EXPECT_EQ(hex_value('0'), 0);
  EXPECT_EQ(hex_value('9'), 9);
  EXPECT_EQ(hex_value('a'), 10);
  EXPECT_EQ(hex_value('F'), 15);
  EXPECT_EQ(all_that([](char c) { return hex_value(c) >= 0; }), "0123456789ABCDEFabcdef");
}

TEST(Ascii, ComparesIgnoringCase) {
  EXPECT_TRUE(equal_ignoring_case("", ""));
  EXPECT_TRUE(equal_ignoring_case("gZip", "GzIP"));
  EXPECT_FALSE(equal_ignoring_case("gzip", "gzi"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
}

TEST(Ascii, TrimsBothEnds) {
  EXPECT_EQ(trimmed(" \t a b\r\n"), "a b");
  EXPECT_EQ(trimmed("\ta ", " "), "\ta");
  EXPECT_EQ(trimmed(""), "");
  const std::string_view blanks = " \n ";
  EXPECT_EQ(trimmed(blanks), "");
  EXPECT_EQ(trimmed(blanks).data(), blanks.data() + blanks.size());
}

}  // namespace
}  // namespace base
