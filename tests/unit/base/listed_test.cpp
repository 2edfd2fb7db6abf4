#include "base/listed.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace base {
namespace {

enum class Letter { a, b, c };

std::string_view to_string(Letter letter) {
  return letter == Letter::a ? "a" : letter == Letter::b ? "b" : "c";
}

TEST(Listed, ReadsLikeASentence) {
  EXPECT_EQ(listed(std::vector<Letter>{}, "or"), "");
  EXPECT_EQ(listed(std::vector{Letter::a}, "or"), "a");
  EXPECT_EQ(listed(std::vector{Letter::a, Letter::b}, "or"), "a or b");
  EXPECT_EQ(listed(std::vector{Letter::a, Letter::b, Letter::c}, "and"), "a, b and c");
}

}  // namespace
}  // namespace base
