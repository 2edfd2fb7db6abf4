#include "base/percent.hpp"

#include <gtest/gtest.h>

namespace base {
namespace {

std::string every_byte() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  return bytes;
}

TEST(Percent, EncodesAllButUnreservedCharacters) {
  EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encoded("a b/[E]:\xc3\xa9%"), "a%20b%2F%5BE%5D%3A%C3%A9%25");
  EXPECT_EQ(percent_encoded(std::string_view("\0\x7f", 2)), "%00%7F");
  EXPECT_EQ(percent_encoded(""), "");
}

TEST(Percent, EncodesNotWhatIsKept) {
  EXPECT_EQ(percent_encoded("a:b/c", ":"), "a:b%2Fc");
  EXPECT_EQ(percent_encoded("a:b/c", ":/"), "a:b/c");
}

TEST(Percent, DecodesWhatItEncodes) {
  EXPECT_EQ(percent_decoded(percent_encoded(every_byte())), every_byte());
  EXPECT_EQ(strictly_percent_decoded(percent_encoded(every_byte())), every_byte());
}

TEST(Percent, DecodesCodesInEitherCaseAndOnce) {
  for (const char* text : {"%3a%2F%2525", "%3A%2f%2525"}) {
    EXPECT_EQ(percent_decoded(text), ":/%25");
    EXPECT_EQ(strictly_percent_decoded(text), ":/%25");
  }
  EXPECT_EQ(percent_decoded("a+b"), "a+b");
}

TEST(Percent, ACodeThatIsNoneStaysOrFails) {
  for (const std::string text : {"%", "a%", "%4", "%4g", "%g4", "%-1", "%+1", "%0x", "% 1", "%%"}) {
    EXPECT_EQ(percent_decoded(text), text);
    EXPECT_EQ(strictly_percent_decoded(text), std::nullopt) << text;
  }
  EXPECT_EQ(percent_decoded("%%41"), "%A");
}

}  // namespace
}  // namespace base
