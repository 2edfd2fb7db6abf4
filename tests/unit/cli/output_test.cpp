#include "cli/output.hpp"

#include <gtest/gtest.h>

namespace cli {
namespace {

TEST(Table, AlignsColumnsByCharacters) {
  Table table({"SOURCE", "N", "ERROR"});
  EXPECT_TRUE(table.empty());
  table.add({"osv", "1", ""});
  table.add({"gitläb", "12345", "a long text"});
  EXPECT_FALSE(table.empty());
  EXPECT_EQ(table.to_string(), "SOURCE  N      ERROR\nosv     1\ngitläb  12345  a long text\n");
}

TEST(Visible, ShowsWhatWouldSteerATerminal) {
  EXPECT_EQ(visible("two\tcolumns\nünï \xE2\x82\xAC"), "two\tcolumns\nünï \xE2\x82\xAC");
  EXPECT_EQ(visible("\x1b]0;title\a\x1b[2J\r"), "\\x1b]0;title\\x07\\x1b[2J\\x0d");
  EXPECT_EQ(visible("a\x7f\xC2\x9Bm\xC2\xA0"), "a\\x7f\\u009bm\xC2\xA0");  // U+009B is CSI, U+00A0 a blank
  EXPECT_EQ(visible("\xE2\x80\xAE"
                    "evil\xE2\x81\xA6"),
            "\\u202eevil\\u2066");
  EXPECT_EQ(visible("\xE2\x80"), "\xE2\x80");
}

}  // namespace
}  // namespace cli
