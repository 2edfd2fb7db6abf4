// Canonical text straight from what PostgreSQL prints of a jsonb.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "base/json.hpp"

namespace base::json {
namespace {

std::string sorted(std::string_view text) {
  return canonical_jsonb(text).value_or("nothing");
}

TEST(CanonicalJsonb, SortsMembersByTheirBytes) {
  EXPECT_EQ(sorted(R"({"b": 1, "aa": 2})"), R"({"aa":2,"b":1})");
  EXPECT_EQ(sorted(R"({"Z": 1, "a": 2, "AA": 3})"), R"({"AA":3,"Z":1,"a":2})");
  EXPECT_EQ(sorted(R"({"id": "x", "é": 1, "list": [{"y": [1, 2], "xx": {"z": true, "aa": null}}, 3]})"),
            R"({"id":"x","list":[{"xx":{"aa":null,"z":true},"y":[1,2]},3],"é":1})");
}

TEST(CanonicalJsonb, LeavesEverythingElseAsItIs) {
  for (const char* text : {"null", "true", "-1.50", "[]", "{}", R"("")", R"("a\"b\\c\n\u001f é")",
                           "123456789012345678901234567890.10"})
    EXPECT_EQ(sorted(text), text);
  EXPECT_EQ(sorted("[[], {}]"), "[[],{}]");
  EXPECT_EQ(sorted(R"({"": 0})"), R"({"":0})");
  EXPECT_EQ(sorted(R"(["a, b: c", {"k": "{\"x\": 1}"}])"), R"(["a, b: c",{"k":"{\"x\": 1}"}])");
}

TEST(CanonicalJsonb, IsNothingOfWhatPostgresqlDoesNotPrint) {
  for (const char* text :
       {"", " ", "{", "[", R"(")", R"("\)", R"({"a"})", R"({"a": })", R"({"a":1})", R"({"a": 1,"b": 2})",
        "[1,2]", "[1, ]", R"({"a": 1, })", R"({1: 2})", "1 2", "[1]]",
        R"({"a": 1})"
        "\n",
        "[1"})
    EXPECT_EQ(sorted(text), "nothing") << text;
  EXPECT_EQ(sorted(R"({"b\n": 1})"),
            "nothing");  // which of "b\n" and "b " comes first is not told by the text
}

TEST(CanonicalJsonb, IsNothingOfWhatIsTooDeep) {
  EXPECT_EQ(sorted(std::string(500, '[') + std::string(500, ']')).size(), 1000U);
  EXPECT_EQ(sorted(std::string(100'000, '[')), "nothing");
}

// As jsonb_out: shorter keys first, blanks behind commas and colons.
void print_as_jsonb(const Value& value, std::string& out) {
  if (value.is_array()) {
    out += '[';
    for (const Value& item : value.items()) {
      if (&item != value.items().data()) out += ", ";
      print_as_jsonb(item, out);
    }
    out += ']';
  } else if (value.is_object()) {
    std::vector<Member> members(value.members().begin(), value.members().end());
    std::stable_sort(members.begin(), members.end(),
                     [](const Member& a, const Member& b) { return a.key.size() < b.key.size(); });
    out += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) out += ", ";
      write_string(members[i].key, out);
      out += ": ";
      print_as_jsonb(members[i].value, out);
    }
    out += '}';
  } else {
    write(value, out);
  }
}

Value any_value(Arena& arena, int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 5 : 3)) {
    case 0:
      return Value::boolean(*rc::gen::arbitrary<bool>());
    case 1:
      return Value::number(arena.copy(std::to_string(*rc::gen::arbitrary<int>())));
    case 2:
      return Value::string(arena.copy(*rc::gen::string<std::string>()));
    case 3: {
      std::vector<Value> items;
      for (int i = *rc::gen::inRange(0, 5); i > 0; --i) items.push_back(any_value(arena, depth - 1));
      return make_array(arena, std::span<const Value>(items));
    }
    default: {
      ObjectBuilder object(arena);
      for (int i = *rc::gen::inRange(0, 9); i > 0; --i) {
        const auto key = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("abcABC_é0")));
        object.add(arena.copy(key), any_value(arena, depth - 1));
      }
      return object.finish();
    }
  }
}

RC_GTEST_PROP(CanonicalJsonb, IsWhatParsingAndWritingGive, ()) {
  Arena arena;
  const Value value = any_value(arena, 4);
  std::string printed;
  print_as_jsonb(value, printed);
  RC_ASSERT(sorted(printed) == write(value));
}

}  // namespace
}  // namespace base::json
