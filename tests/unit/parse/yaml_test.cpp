#include "parse/yaml.hpp"

#include <gtest/gtest.h>

namespace parse {
namespace {

// The canonical JSON of `yaml`, with "sanitized: " in front where that is so; or the reason of its refusal.
std::string read(std::string_view yaml, const YamlLimits& limits = {}) {
  base::Arena arena;
  const Yaml result = read_yaml(yaml, arena, limits);
  if (result.refusal) return std::string(to_string(result.refusal->reason));
  return (result.sanitized ? "sanitized: " : "") + base::json::write(result.value);
}

std::string detail_of(std::string_view yaml) {
  base::Arena arena;
  const Yaml result = read_yaml(yaml, arena);
  return result.refusal ? result.refusal->detail : "";
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Yaml, EveryScalarIsTheTextThatIsWritten) {
  for (const std::string text : {"1.10", "1e3", "0x10", "012", "1_000", "-0", ".inf", "yes", "No", "true",
                                 "2020-01-02", "12:30:45", "2001-12-14t21:59:43.10-05:00", "=", "nan"}) {
    const std::string json = "{\"a\":\"" + text + "\"}";
    EXPECT_EQ(read("a: " + text), json);
    EXPECT_EQ(read("a: '" + text + "'"), json);
    EXPECT_EQ(read("a: \"" + text + "\""), json);
    EXPECT_EQ(read("a: [" + text + "]"), "{\"a\":[\"" + text + "\"]}");
    EXPECT_EQ(read("a: |-\n  " + text), json);
    EXPECT_EQ(read(text + ": a"), "{\"" + text + "\":\"a\"}");
  }
}

TEST(Yaml, PlainNullsAreNullAndQuotedOnesText) {
  for (const std::string text : {"null", "Null", "NULL", "~"}) {
    EXPECT_EQ(read("a: " + text + "\n"), R"({"a":null})");
    EXPECT_EQ(read("- " + text + "\n"), R"([null])");
    EXPECT_EQ(read("a: '" + text + "'"), R"({"a":")" + text + R"("})");
    EXPECT_EQ(read("a: |-\n " + text), R"({"a":")" + text + R"("})");
    EXPECT_EQ(read(text + ": a"), R"({")" + text + R"(":"a"})");
  }
  EXPECT_EQ(read("a:\nb: ''\nc: |-\n"), R"({"a":null,"b":"","c":""})");
  EXPECT_EQ(read("a: nULL"), R"({"a":"nULL"})");
}

TEST(Yaml, FoldsLinesAsItsStyleSays) {
  EXPECT_EQ(read("a: one\n  two\n\n  three"), R"({"a":"one two\nthree"})");
  EXPECT_EQ(read("a: 'it''s\n  two'"), R"({"a":"it's two"})");
  EXPECT_EQ(read("a: \"one \\\n  \\ two\n\n  three\""), R"({"a":"one  two\nthree"})");
}

TEST(Yaml, ChompsBlockScalars) {
  const std::string lines = "\n  one\n   two\n\n  three\n\n";
  EXPECT_EQ(read("a: |" + lines + "b: c"), R"({"a":"one\n two\n\nthree\n","b":"c"})");
  EXPECT_EQ(read("a: |-" + lines + "b: c"), R"({"a":"one\n two\n\nthree","b":"c"})");
  EXPECT_EQ(read("a: |+" + lines + "b: c"), R"({"a":"one\n two\n\nthree\n\n","b":"c"})");
  EXPECT_EQ(read("a: >" + lines + "b: c"), R"({"a":"one\n two\n\nthree\n","b":"c"})");
  EXPECT_EQ(read("a: >-\n  one\n  two\n\n  three\n"), R"({"a":"one two\nthree"})");
  EXPECT_EQ(read("a: >+\n  one\n  two\n\n"), R"({"a":"one two\n\n"})");
  EXPECT_EQ(read("a: |1-\n  one\n"), R"({"a":" one"})");
}

TEST(Yaml, ReadsEveryFormOfContainer) {
  const std::string json = R"({"a":["1",{"b":"2","c":[]}],"d":{"e":{}}})";
  EXPECT_EQ(read("a:\n- 1\n- b: 2\n  c: []\nd:\n  e: {}\n"), json);
  EXPECT_EQ(read("---\na:\n    - 1\n    -\n        b: 2\n        c: []\nd: {e: {}}\n...\n"), json);
  EXPECT_EQ(read(R"({"a": ["1", {"b": "2", "c": []}], "d": {"e": {}}})"), json);
  EXPECT_EQ(read("? a\n: [1, {b: 2, c: []}] # a comment\n? d\n: e: {}\n"), json);
}

TEST(Yaml, OfDuplicateKeysTheLastWins) {
  EXPECT_EQ(read("a: 1\nb: 2\n\"a\": 3"), R"({"a":"3","b":"2"})");
}

TEST(Yaml, TakesAnyLineEndAndAByteOrderMark) {
  EXPECT_EQ(read("---\r\na: |\r\n  one\r\n  two\r\nb: c\r\n"), R"({"a":"one\ntwo\n","b":"c"})");
  EXPECT_EQ(read("a: b\rc: d"), R"({"a":"b","c":"d"})");
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a: b"),
            R"({"a":"b"})");
  EXPECT_EQ(read("\xEF\xBB\xBF---\na: b"), R"({"a":"b"})");
}

TEST(Yaml, TabsSeparateAndStandInScalarsButNeverIndent) {
  EXPECT_EQ(read("a:\tb\tc\t# d"), R"({"a":"b\tc"})");
  EXPECT_EQ(read("a: \"b\tc\""), R"({"a":"b\tc"})");
  EXPECT_EQ(read("a:\n\tb: c"), "invalid-yaml");
  EXPECT_EQ(read("\ta: b"), "invalid-yaml");
}

TEST(Yaml, DecodesEscapes) {
  EXPECT_EQ(read(R"(a: "\x41\u00e9\U0001F600\/\"\\\n\t\e")"),
            "{\"a\":\"A\xC3\xA9\xF0\x9F\x98\x80/\\\"\\\\\\n\\t\\u001b\"}");
  EXPECT_EQ(read(R"(a: "\q")"), "invalid-yaml");
  EXPECT_EQ(read(R"(a: "\U00110000")"), "invalid-yaml");
  EXPECT_EQ(read(R"(a: '\0\ud800')"), R"({"a":"\\0\\ud800"})");
}

TEST(Yaml, EscapedNulsBecomeReplacementCharacters) {
  EXPECT_EQ(read(R"(a: "b\0c\x00\u0000")"),
            "sanitized: {\"a\":\"b\xEF\xBF\xBD"
            "c\xEF\xBF\xBD\xEF\xBF\xBD\"}");
  EXPECT_EQ(read(R"("\0": a)"), "sanitized: {\"\xEF\xBF\xBD\":\"a\"}");
  EXPECT_EQ(read(R"(a: "\\0 and \\x00")"), R"({"a":"\\0 and \\x00"})");
}

TEST(Yaml, EscapedSurrogatesBecomeCharactersInPairsAndReplacementCharactersAlone) {
  for (const char* lone : {R"(a: "\ud800")", R"(a: "\uDFFF")", R"(a: "\U0000d834")"})
    EXPECT_EQ(read(lone), "sanitized: {\"a\":\"\xEF\xBF\xBD\"}") << lone;
  EXPECT_EQ(read(R"(a: "\ud83d\ude00")"), "{\"a\":\"\xF0\x9F\x98\x80\"}");
  EXPECT_EQ(read(R"(a: "\ude00\ud83d")"), "sanitized: {\"a\":\"\xEF\xBF\xBD\xEF\xBF\xBD\"}");
  EXPECT_EQ(read(R"(a: "\ud83d\ud83d\ude00")"), "sanitized: {\"a\":\"\xEF\xBF\xBD\xF0\x9F\x98\x80\"}");
  EXPECT_EQ(read(R"("\udbff\udfff": "x\udc00y")"), "sanitized: {\"\xF4\x8F\xBF\xBF\":\"x\xEF\xBF\xBDy\"}");
}

TEST(Yaml, OnlyWhatStandsBetweenDoubleQuotesIsAnEscape) {
  // Beside a real one, so that the text is rewritten at all; with characters of several bytes in front.
  const std::string real = "\xC3\xA9: \"\\ud800\"\n";
  const std::string read_real = ",\"\xC3\xA9\":\"\xEF\xBF\xBD\"}";
  EXPECT_EQ(read(real + R"(a: "\\ud800")"), R"(sanitized: {"a":"\\ud800")" + read_real);
  EXPECT_EQ(read(real + R"(a: C:\ud83d\ude00)"), R"(sanitized: {"a":"C:\\ud83d\\ude00")" + read_real);
  EXPECT_EQ(read(real + R"(a: '\ud800' # \ud800)"), R"(sanitized: {"a":"\\ud800")" + read_real);
  EXPECT_EQ(read(real + "a: |-\n  \\ud800\n  \\udc00"), R"(sanitized: {"a":"\\ud800\n\\udc00")" + read_real);
  EXPECT_EQ(read("a: \\ud800\nb: \"\\ud83d\\ude00\""), "{\"a\":\"\\\\ud800\",\"b\":\"\xF0\x9F\x98\x80\"}");
}

TEST(Yaml, RefusesWhatTheFormatDoesNotUse) {
  for (const char* text : {"a: &x b\nc: *x", "a: *x", "&x a: b", "a: &x [b]", "a: &x {b: c}", "a: !!str b",
                           "a: !!binary aGk=", "a: !<tag:x> b", "a: ! b", "a: !x [b]", "!x {a: b}",
                           "<<: {a: b}", "a: {<<: [b]}", "%TAG ! tag:x,2000:\n---\na: b"})
    EXPECT_EQ(read(text), "yaml-alias") << text;
  EXPECT_EQ(read("\"<<\": a"), R"({"<<":"a"})");
  EXPECT_EQ(read("a: b\n---\nc: d"), "invalid-yaml");
  EXPECT_EQ(read("a: b\n---\n"), "invalid-yaml");
  EXPECT_EQ(read("[a]: b"), "invalid-yaml");
  EXPECT_EQ(read("? {a: b}\n: c"), "invalid-yaml");
  EXPECT_EQ(read("%YAML 1.2\n---\na: b"), R"({"a":"b"})");
}

TEST(Yaml, RefusesWhatIsNoYaml) {
  for (const char* text : {"a: b: c", "a: [b", "a: \"b", "a: 'b", "- a\nb: c", "a: b\n  c: d", "a: @b",
                           "a: `b", "{a: b", "a: b\x01", "a: \x7F", "a: \xEF\xBF\xBE", "\"a\n---\nb\""})
    EXPECT_EQ(read(text), "invalid-yaml") << text;
  EXPECT_EQ(read(std::string_view("a: b\0c", 6)), "invalid-yaml");
}

TEST(Yaml, RefusesWhatIsNotUtf8) {
  for (const char* text : {"a: \xFF", "a: \xC3", "a: \xED\xA0\x80", "a: \xC0\x80", "a: \xF4\x90\x80\x80"})
    EXPECT_EQ(read(text), "invalid-utf8") << text;
  EXPECT_EQ(read(std::string_view("\xFF\xFE\x61\x00", 4)), "invalid-utf8");  // UTF-16
}

TEST(Yaml, ATextWithoutADocumentIsEmpty) {
  for (const char* text : {"", " \n\t\n", "# a comment\n", "\xEF\xBB\xBF"}) EXPECT_EQ(read(text), "empty");
  EXPECT_EQ(read("---\n"), "null");
}

TEST(Yaml, NamesTheLineOfAProblem) {
  EXPECT_EQ(detail_of("a: b\nc: [d\ne: f"), "line 3: did not find expected ',' or ']'");
  EXPECT_EQ(detail_of("a: b\nc: d\x01"), "line 2: control characters are not allowed");
  EXPECT_EQ(detail_of("a: b\nc: *d"), "line 2: an anchor, alias or tag, which advisories do not use");
  EXPECT_EQ(detail_of("a: b\n---\n"), "line 2: a second document");
}

TEST(Yaml, IsBounded) {
  EXPECT_EQ(read("a: bc", {4, 128, 100}), "too-large");
  EXPECT_EQ(read("a: bc", {5, 128, 100}), R"({"a":"bc"})");
  EXPECT_EQ(read("[[[]]]", {100, 2, 100}), "too-deep");
  EXPECT_EQ(read("[[a]]", {100, 2, 100}), R"([["a"]])");
  EXPECT_EQ(read("[a, {b: c}]", {100, 128, 4}), "too-large");
  EXPECT_EQ(read("[a, {b: c}]", {100, 128, 5}), R"(["a",{"b":"c"}])");
}

TEST(Yaml, HostileTextsEndSoon) {
  EXPECT_EQ(read(repeated("[", 1'000'000)), "too-deep");
  EXPECT_EQ(read(repeated("{a: ", 1'000'000)), "too-deep");
  EXPECT_EQ(read(repeated("- ", 1'000'000)), "too-deep");
  EXPECT_EQ(read(repeated("- a\n", 1'000'001)), "too-large");
  EXPECT_EQ(read("a: &a [x]\nb: &b [" + repeated("*a,", 1'000'000) + "]"), "yaml-alias");
  EXPECT_EQ(read("a: \"" + repeated("\\ud800", 1'000'000) + "\""),
            "sanitized: {\"a\":\"" + repeated("\xEF\xBF\xBD", 1'000'000) + "\"}");
  std::string directives;
  for (int i = 0; i < 500'000; ++i) directives += "%TAG !" + std::to_string(i) + "! x\n";
  EXPECT_EQ(read(directives), "yaml-alias");
}

}  // namespace
}  // namespace parse
