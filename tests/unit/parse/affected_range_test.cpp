#include "parse/affected_range.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>

namespace parse {
namespace {

constexpr auto comparators = RangeGrammar::comparators;
constexpr auto brackets = RangeGrammar::brackets;

// An interval in the grammar it is read with.
std::string written(RangeGrammar grammar, const Interval& interval) {
  const std::string lower(interval.lower);
  const std::string upper(interval.upper);
  if (grammar == brackets) {
    if (interval.kind == Interval::Kind::nothing) return "(0)";
    if (interval.kind == Interval::Kind::exact) return "[" + lower + "]";
    return (interval.lower_inclusive ? "[" : "(") + lower + "," + upper +
           (interval.upper_inclusive ? "]" : ")");
  }
  if (interval.kind == Interval::Kind::nothing) return "<0";
  if (interval.kind == Interval::Kind::exact) return "=" + lower;
  std::string out;
  if (!lower.empty()) out += (interval.lower_inclusive ? ">=" : ">") + lower;
  if (!lower.empty() && !upper.empty()) out += " ";
  if (!upper.empty()) out += (interval.upper_inclusive ? "<=" : "<") + upper;
  return out;
}

std::string written(RangeGrammar grammar, const std::vector<Interval>& intervals) {
  std::string out;
  for (const Interval& each : intervals) {
    if (!out.empty()) out += grammar == brackets ? "," : "||";
    out += written(grammar, each);
  }
  return out;
}

// The range in its shortest form, or "unread".
std::string read(RangeGrammar grammar, std::string_view text) {
  const auto intervals = read_affected_range(grammar, text);
  return intervals ? written(grammar, *intervals) : "unread";
}

TEST(AffectedRange, Comparators) {
  EXPECT_EQ(read(comparators, ">=1.0.0 <1.2.3"), ">=1.0.0 <1.2.3");
  EXPECT_EQ(read(comparators, ">=1.0,<2.0||==3.0"), ">=1.0 <2.0||=3.0");
  EXPECT_EQ(read(comparators, " > 1.0 , <= 2.0 ||\n\t=  3.0 "), ">1.0 <=2.0||=3.0");
  EXPECT_EQ(read(comparators, "< 2.1.7 >=2.0.0-beta0"), ">=2.0.0-beta0 <2.1.7");
  EXPECT_EQ(read(comparators, "<1.0||>=0"), "<1.0||>=0");
  EXPECT_EQ(read(comparators, "<v1.2.3+incompatible"), "<v1.2.3+incompatible");
  EXPECT_EQ(read(comparators, ">=1!2.0,<1!2.0.post1"), ">=1!2.0 <1!2.0.post1");
  EXPECT_EQ(read(comparators, ">=7.x-1.0,<7.x-1.5"), ">=7.x-1.0 <7.x-1.5");
}

TEST(AffectedRange, Brackets) {
  EXPECT_EQ(read(brackets, "[1.0,2.0)"), "[1.0,2.0)");
  EXPECT_EQ(read(brackets, "(,1.0.Final],( 1.1 , 1.2 ] , [1.3]"), "[,1.0.Final],(1.1,1.2],[1.3]");
  EXPECT_EQ(read(brackets, "[,1.0)"), read(brackets, "(,1.0)"));
  EXPECT_EQ(read(brackets, "[,]"), read(brackets, "(,)"));
  EXPECT_EQ(read(brackets, "[1.0,1.0]"), "[1.0]");
  EXPECT_EQ(read(brackets, "[1.0,1.0)"), "[1.0,1.0)");
}

TEST(AffectedRange, NothingIsNeitherARangeNorAVersion) {
  for (const char* text : {"<0", " < 0 ", "<v0", ">=0 <0", "<0||<0"}) {
    const auto intervals = read_affected_range(comparators, text);
    ASSERT_TRUE(intervals) << text;
    for (const Interval& each : *intervals) EXPECT_EQ(each.kind, Interval::Kind::nothing) << text;
  }
  for (const char* text : {"(0)", "( 0 )", "(,0)", "[0,0)", "<0"})
    EXPECT_EQ(read(brackets, text), "(0)") << text;
  EXPECT_EQ(read(comparators, "<0||=1.0"), "<0||=1.0");
  EXPECT_EQ(read(comparators, "<=0"), "<=0");
  EXPECT_EQ(read(comparators, "<0.0.1"), "<0.0.1");
  EXPECT_EQ(read(brackets, "[0]"), "[0]");
}

TEST(AffectedRange, NothingIsGuessed) {
  for (const char* text :
       {"",          " ",          "1.0",       "*",           "^1.0",        "~1.0",
        "~>1.0",     "~=1.0",      "!=1.0",     "1.0 - 2.0",   ">=1.0 - 2.0", ">=1.x",
        "<2.X",      "<x",         "=1.*",      ">=1.0 >=2.0", "<1 <2",       "=1.0 <2.0",
        "<2.0 =1.0", "=1.0 =2.0",  ">=1.0||",   "||<1.0",      "<1.0||||<2",  "<1.0|<2",
        ">=1.0<2.0", ">=1.0,,<2",  ",<2.0",     "<2.0,",       ">= ",         "=>1.0",
        "===1.0",    "<>1.0",      "[1.0,2.0)", "<1.0 || abc", "<1.0;<2",     "<1.0\xC2\xA0",
        "<-1",       "<1.0 and >2"})
    EXPECT_EQ(read(comparators, text), "unread") << text;
  for (const char* text : {"",           "1.0",    "[]",          "()",       "[1.0)",   "(1.0]",
                           "(1.0)",      "[1.0",   "1.0]",        "[1.0,2.0", "[1,2,3]", "[1.0,2.0)[3.0]",
                           "[1.0,2.0),", ",[1.0]", "[1.0;2.0)",   "<1.0",     "=1.0",    ">=0",
                           "[1.*,2)",    "<0||<0", "[1.0,2.0) x", "[[1.0]]",  "[1 0,2)"})
    EXPECT_EQ(read(brackets, text), "unread") << text;
}

TEST(AffectedRange, EveryIntervalKeepsItsText) {
  const auto intervals = read_affected_range(comparators, " < 1.0  || >=2.0,  <3.0 ");
  ASSERT_TRUE(intervals && intervals->size() == 2);
  EXPECT_EQ((*intervals)[0].text, "< 1.0");
  EXPECT_EQ((*intervals)[1].text, ">=2.0,  <3.0");
  const auto maven = read_affected_range(brackets, " [ 1.0 , 2.0 ) , [3.0]");
  ASSERT_TRUE(maven && maven->size() == 2);
  EXPECT_EQ((*maven)[0].text, "[ 1.0 , 2.0 )");
  EXPECT_EQ((*maven)[1].text, "[3.0]");
}

rc::Gen<std::string> any_version() {
  return rc::gen::element<std::string>("0", "0.1", "1.0.0", "1.10", "v2.3.4", "2.0.0-rc.1", "3.0.Final",
                                       "1!4.0", "2023.1.2+build.5", "dev-master", "7.x-1.0");
}

std::string any_blanks() {
  return *rc::gen::element<std::string>("", "", " ", "  ", "\t");
}

// One alternative of the grammar with arbitrary blanks, equalities, bounds and orders.
std::string any_alternative() {
  const auto comparator = [](const char* operation) { return operation + any_blanks() + *any_version(); };
  std::string lower = comparator(*rc::gen::element(">", ">="));
  std::string upper = comparator(*rc::gen::element("<", "<="));
  const std::string separator = *rc::gen::element<std::string>(" ", ",", " ,", ", ", "  ");
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      return comparator(*rc::gen::element("=", "=="));
    case 1:
      return lower;
    case 2:
      return upper;
    case 3:
      return lower + separator + upper;
    default:
      return upper + separator + lower;
  }
}

std::string any_bracket_interval() {
  if (*rc::gen::inRange(0, 4) == 0) return "[" + any_blanks() + *any_version() + any_blanks() + "]";
  const auto side = [] {
    return any_blanks() + *rc::gen::oneOf(any_version(), rc::gen::just(std::string()));
  };
  return *rc::gen::element<std::string>("[", "(") + side() + any_blanks() + "," + side() + any_blanks() +
         *rc::gen::element<std::string>("]", ")");
}

void expect_same(const std::vector<Interval>& a, const std::vector<Interval>& b) {
  RC_ASSERT(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    RC_ASSERT(a[i].kind == b[i].kind);
    RC_ASSERT(a[i].lower == b[i].lower);
    RC_ASSERT(a[i].upper == b[i].upper);
    RC_ASSERT(a[i].lower_inclusive == b[i].lower_inclusive);
    RC_ASSERT(a[i].upper_inclusive == b[i].upper_inclusive);
  }
}

// Text to intervals to text to intervals: the second pair is the first.
void expect_round_trip(RangeGrammar grammar, const std::string& text, std::size_t intervals) {
  const auto first = read_affected_range(grammar, text);
  RC_ASSERT(first.has_value());
  RC_ASSERT(first->size() == intervals);
  const std::string again = written(grammar, *first);
  const auto second = read_affected_range(grammar, again);
  RC_ASSERT(second.has_value());
  expect_same(*first, *second);
}

TEST(AffectedRange, ComparatorsSurviveARoundTrip) {
  EXPECT_TRUE(rc::check([] {
    const int count = *rc::gen::inRange(1, 8);
    std::string text = any_blanks();
    for (int i = 0; i < count; ++i)
      text += (i > 0 ? "||" : "") + any_blanks() + any_alternative() + any_blanks();
    expect_round_trip(comparators, text, static_cast<std::size_t>(count));
  }));
}

TEST(AffectedRange, BracketsSurviveARoundTrip) {
  EXPECT_TRUE(rc::check([] {
    const int count = *rc::gen::inRange(1, 8);
    std::string text;
    for (int i = 0; i < count; ++i)
      text += (i > 0 ? "," : "") + any_blanks() + any_bracket_interval() + any_blanks();
    expect_round_trip(brackets, text, static_cast<std::size_t>(count));
  }));
}

TEST(AffectedRange, ArbitraryTextNeverBreaksTheReader) {
  EXPECT_TRUE(rc::check([](const std::string& text) {
    for (const RangeGrammar grammar : {comparators, brackets})
      if (const auto intervals = read_affected_range(grammar, text))
        for (const Interval& each : *intervals) RC_ASSERT(text.find(each.text) != std::string::npos);
  }));
}

}  // namespace
}  // namespace parse
