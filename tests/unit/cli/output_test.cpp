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

}  // namespace
}  // namespace cli
