#include "support/json_schema.hpp"

#include <gtest/gtest.h>

namespace support {
namespace {

std::vector<std::string> ask(const std::string& schema, const std::string& value) {
  base::Arena arena;
  const auto parsed_schema = base::json::parse(schema, arena);
  const auto parsed_value = base::json::parse(value, arena);
  EXPECT_FALSE(parsed_schema.error || parsed_value.error);
  return schema_complaints(parsed_schema.value, parsed_value.value);
}

using Complaints = std::vector<std::string>;

TEST(JsonSchema, TypesAndValues) {
  EXPECT_EQ(ask(R"({"type":"string"})", R"("x")"), Complaints{});
  EXPECT_EQ(ask(R"({"type":"string"})", "1"), Complaints{": has another type"});
  EXPECT_EQ(ask(R"({"type":["array","null"]})", "null"), Complaints{});
  EXPECT_EQ(ask(R"({"type":["array","null"]})", "{}"), Complaints{": has another type"});
  EXPECT_EQ(ask(R"({"enum":["a","b"]})", R"("b")"), Complaints{});
  EXPECT_EQ(ask(R"({"enum":["a","b"]})", R"("c")"), Complaints{": is not among the values"});
  EXPECT_EQ(ask(R"({"const":"a"})", R"("c")"), Complaints{": is not the constant"});
  EXPECT_EQ(ask(R"({"pattern":"^a+$"})", R"("aa")"), Complaints{});
  EXPECT_EQ(ask(R"({"pattern":"^a+$"})", R"("ab")"), Complaints{": does not match"});
}

TEST(JsonSchema, ObjectsAndLists) {
  const std::string schema =
      R"({"properties":{"a":{"type":"string"},"l":{"minItems":1,"items":{"type":"string"},
      "contains":{"const":"x"}}},"required":["a"],"additionalProperties":false})";
  EXPECT_EQ(ask(schema, R"({"a":"1","l":["x","y"]})"), Complaints{});
  EXPECT_EQ(ask(schema, R"({"b":1})"), (Complaints{": has the unknown member b", ": has no a"}));
  EXPECT_EQ(ask(schema, R"({"a":"1","l":[]})"),
            (Complaints{"/l: does not contain what it must", "/l: has too few items"}));
  EXPECT_EQ(ask(schema, R"({"a":"1","l":["x",1]})"), Complaints{"/l/1: has another type"});
}

TEST(JsonSchema, Combinations) {
  EXPECT_EQ(ask(R"({"allOf":[{"type":"string"},{"const":"a"}]})", R"("b")"),
            Complaints{": is not the constant"});
  const std::string one_of = R"({"oneOf":[{"required":["a"]},{"required":["b"]}]})";
  EXPECT_EQ(ask(one_of, R"({"a":1})"), Complaints{});
  EXPECT_EQ(ask(one_of, R"({"a":1,"b":1})"), Complaints{": is not exactly one of the forms"});
  EXPECT_EQ(ask(R"({"not":{"const":"a"}})", R"("a")"), Complaints{": is what it must not be"});
  const std::string conditional = R"({"if":{"required":["a"]},"then":{"required":["b"]}})";
  EXPECT_EQ(ask(conditional, R"({})"), Complaints{});
  EXPECT_EQ(ask(conditional, R"({"a":1})"), Complaints{": has no b"});
  EXPECT_EQ(ask(R"({"$ref":"#/$defs/s","$defs":{"s":{"type":"string"}}})", "1"),
            Complaints{": has another type"});
}

TEST(JsonSchema, AKeywordThatIsNotKnownIsAComplaint) {
  EXPECT_EQ(ask(R"({"maxLength":3})", R"("x")"),
            Complaints{": the schema's keyword maxLength is not known here"});
}

}  // namespace
}  // namespace support
