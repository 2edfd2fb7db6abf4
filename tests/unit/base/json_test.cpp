#include "base/json.hpp"

#include <gtest/gtest.h>

#include "base/json_scan.hpp"

namespace base::json {
namespace {

std::string canonical(std::string_view text) {
  Arena arena;
  const Parsed parsed = parse(text, arena);
  return parsed.error ? std::string("error: ") + parsed.error->what : write(parsed.value);
}

ErrorCode error_of(std::string_view text) {
  Arena arena;
  const Parsed parsed = parse(text, arena);
  EXPECT_TRUE(parsed.error.has_value()) << text;
  return parsed.error ? parsed.error->code : ErrorCode::empty;
}

TEST(Json, SortsMembersAndDropsWhiteSpace) {
  EXPECT_EQ(canonical(" { \"b\" : [ 1 , true , null ] ,\n \"a\" : { } } "), R"({"a":{},"b":[1,true,null]})");
}

TEST(Json, OfDuplicateKeysTheLastWins) {
  EXPECT_EQ(canonical(R"({"a":1,"b":2,"a":3})"), R"({"a":3,"b":2})");
  std::string many = "{";
  for (int i = 199; i >= 0; --i) many += "\"k" + std::to_string(i % 100) + "\":" + std::to_string(i) + ",";
  many.back() = '}';
  Arena arena;
  const Parsed parsed = parse(many, arena);
  ASSERT_EQ(parsed.value.members().size(), 100U);
  EXPECT_EQ(parsed.value.find("k42")->text(), "42");
}

TEST(Json, EscapesAreDecodedAndWrittenInTheShortestForm) {
  EXPECT_EQ(canonical(R"("\u0041\/\u00e9\ud83d\ude00\n\u001f\u007f")"),
            "\"A/\xC3\xA9\xF0\x9F\x98\x80\\n\\u001f\x7F\"");
}

TEST(Json, NulAndLoneSurrogatesBecomeReplacementCharacters) {
  for (const char* text : {R"("\u0000")", R"("\ud800")", R"("\udc00")"}) {
    Arena arena;
    const Parsed parsed = parse(text, arena);
    ASSERT_FALSE(parsed.error.has_value());
    EXPECT_TRUE(parsed.sanitized);
    EXPECT_EQ(parsed.value.text(), "\xEF\xBF\xBD");
  }
  EXPECT_EQ(canonical(R"("\ud800\u0041")"), "\"\xEF\xBF\xBD\x41\"");
}

TEST(Json, NumbersKeepTheFormThatJsonbGivesBack) {
  EXPECT_EQ(canonical("[7.0,-0,-0.0,1e2,1.50e1,12e-3,1234567890123456789012345678901234567890]"),
            "[7.0,0,0.0,100,15.0,0.012,1234567890123456789012345678901234567890]");
  EXPECT_EQ(canonical("1e400"), "1" + std::string(400, '0'));
  EXPECT_EQ(error_of("1e131073"), ErrorCode::invalid_json);
  for (const char* bad : {"01", "1.", ".5", "-", "1e", "+1", "0x10", "NaN"})
    EXPECT_EQ(error_of(bad), ErrorCode::invalid_json) << bad;
}

TEST(Json, ManyShortNumbersCannotExpandWithoutBound) {
  std::string bomb = "[";
  for (int i = 0; i < 2000; ++i) bomb += "1e999,";
  bomb.back() = ']';
  EXPECT_EQ(error_of(bomb), ErrorCode::invalid_json);
}

TEST(Json, RefusesWhatIsNoJson) {
  for (const char* bad :
       {"{", "[1,]", "{\"a\"}", "{\"a\":1,}", "\"abc", "\"\\x\"", "\"\t\"", "[1] 2", "tru", "{a:1}"})
    EXPECT_EQ(error_of(bad), ErrorCode::invalid_json) << bad;
  EXPECT_EQ(error_of(""), ErrorCode::empty);
  EXPECT_EQ(error_of(" \n"), ErrorCode::empty);
  EXPECT_EQ(error_of("\"\xC3\x28\""), ErrorCode::invalid_utf8);
  EXPECT_EQ(error_of(std::string(200, '[') + std::string(200, ']')), ErrorCode::too_deep);
  EXPECT_EQ(error_of(std::string(10000, '[')), ErrorCode::too_deep);
}

TEST(Json, SkipsAByteOrderMark) {
  EXPECT_EQ(canonical("\xEF\xBB\xBF{}"), "{}");
}

TEST(Json, BuilderSortsAndLeavesEmptyOut) {
  Arena arena;
  ObjectBuilder builder(arena);
  builder.add("b", "x")
      .add_unless_empty("c", Value::string(""))
      .add("a", Value::boolean(false))
      .add("b", "y");
  EXPECT_EQ(write(builder.finish()), R"({"a":false,"b":"y"})");
}

TEST(Json, PrettyTextIsIndentedByTwo) {
  Arena arena;
  std::string out;
  write_pretty(parse(R"({"a":[1,{}],"b":"c"})", arena).value, out);
  EXPECT_EQ(out, "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": \"c\"\n}");
}

TEST(Json, SpecialBytesAreFoundAtEveryPlace) {
  for (std::size_t length = 0; length < 40; ++length) {
    std::string text(length, 'a');
    EXPECT_EQ(find_special(text.data(), text.data() + length), text.data() + length) << length;
    for (std::size_t at = 0; at < length; ++at)
      for (const char special : {'"', '\\', '\0', '\n', '\x1f'}) {
        std::string one(length, static_cast<char>(0x80 + at));  // bytes beyond ASCII are not special
        one[at] = special;
        EXPECT_EQ(find_special(one.data(), one.data() + length), one.data() + at) << length << " " << at;
      }
  }
  const std::string neighbours = "\x20\x21\x23\x5b\x5d\x7f\x80\xff";
  EXPECT_EQ(find_special(neighbours.data(), neighbours.data() + neighbours.size()),
            neighbours.data() + neighbours.size());
}

}  // namespace
}  // namespace base::json
