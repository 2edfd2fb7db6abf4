#include "fetch/path.hpp"

#include <gtest/gtest.h>

namespace fetch {
namespace {

TEST(Path, HostileOnesAreNamed) {
  EXPECT_EQ(hostile_path("a/../b"), "has a `..` segment");
  EXPECT_EQ(hostile_path("/a"), "starts with a slash");
  EXPECT_EQ(hostile_path("a\\b"), "holds a backslash");
  EXPECT_EQ(hostile_path("z:a"), "starts with a drive letter");
  EXPECT_EQ(hostile_path({"a\0", 2}), "holds a NUL byte");
  EXPECT_EQ(hostile_path(""), "is empty");
}

TEST(Path, HarmlessOnesPass) {
  for (const char* path :
       {"a", "a/b.json", "..a/b..", "[EMPTY]/x y.json", "ALSA-2025:1.json", "1:a", "a//b", "."})
    EXPECT_EQ(hostile_path(path), "") << path;
}

TEST(Printable, KeepsText) {
  for (const char* text : {"", "plain ~", "caf\u00e9", "\u20ac", "\U0001f600", "\u00a0"})
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, IsToldFromWhatIsNot) {
  EXPECT_TRUE(is_printable(""));
  EXPECT_TRUE(is_printable("plain ~"));
  EXPECT_TRUE(is_printable("caf\u00e9"));
  EXPECT_FALSE(is_printable("a\n"));
  EXPECT_FALSE(is_printable("caf\xc3"));
  for (int c = 0; c < 256; ++c)
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text(20, ' ');
      text[at] = static_cast<char>(c);
      ASSERT_EQ(is_printable(text), c >= 0x20 && c < 0x7f) << c << " at " << at;
    }
}

TEST(Printable, EscapesEachByteThatIsNoText) {
  EXPECT_EQ(printable("a\nb\x7f"), "a\\x0ab\\x7f");
  EXPECT_EQ(printable({"\0", 1}), "\\x00");
  EXPECT_EQ(printable("\xc3("), "\\xc3(");                           // sequence without its second byte
  EXPECT_EQ(printable("\xc3"), "\\xc3");                             // cut off
  EXPECT_EQ(printable("\xc2\x85"), "\\xc2\\x85");                    // a control character of C1
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");                    // overlong
  EXPECT_EQ(printable("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");           // overlong
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // surrogate
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // beyond U+10FFFF
  EXPECT_EQ(printable("\xf0\x8f\xbf\xbf"), "\\xf0\\x8f\\xbf\\xbf");  // overlong
}

}  // namespace
}  // namespace fetch
