#include "base/log.hpp"

#include <gtest/gtest.h>

#include "base/redact.hpp"

namespace base {
namespace {

using log::Format;

TEST(Log, TextIsOneLineWithFields) {
  EXPECT_EQ(log::format_event(Format::text, "source fetched",
                              {{"source", "osv"}, {"bytes", 1234}, {"ratio", 0.5}, {"full", true}}),
            "source fetched source=osv bytes=1234 ratio=0.500 full=true");
  EXPECT_EQ(log::format_event(Format::text, "two\nlines\x1b[31m", {{"why", "a \"b\""}, {"none", ""}}),
            R"(two | lines[31m why="a \"b\"" none="")");
}

TEST(Log, JsonIsAnObjectBody) {
  EXPECT_EQ(log::format_event(Format::json, "a \"b\"\n", {{"source", "osv"}, {"n", 5U}, {"ok", false}}),
            R"("message":"a \"b\"\n","source":"osv","n":5,"ok":false)");
  EXPECT_EQ(log::format_event(Format::json, "caf\xe9", {}), R"("message":"caf?")");
  EXPECT_EQ(log::format_event(Format::json, "caf\xc3\xa9", {}), "\"message\":\"caf\xc3\xa9\"");
}

TEST(Log, MasksPasswords) {
  EXPECT_EQ(log::format_event(Format::text, "cannot reach postgres://me:pw@db/x", {{"url", "redis://:pw@h"}}),
            "cannot reach postgres://me:***@db/x url=redis://:***@h");
}

TEST(Log, KnowsItsNames) {
  EXPECT_EQ(log::parse_level("warn"), log::Level::warn);
  EXPECT_EQ(log::parse_level("warning"), log::Level::warn);
  EXPECT_EQ(log::parse_level("loud"), std::nullopt);
  EXPECT_EQ(log::parse_format("json"), Format::json);
  EXPECT_EQ(log::parse_format("xml"), std::nullopt);
}

TEST(Redact, Urls) {
  EXPECT_EQ(redact("postgresql://u:p%40ss@h1,h2:5432/db?x=1"), "postgresql://u:***@h1,h2:5432/db?x=1");
  EXPECT_EQ(redact("postgresql://u:p@ss/word@h/db"), "postgresql://u:***@h/db");
  EXPECT_EQ(redact("https://token@gitlab.com/x.git"), "https://***@gitlab.com/x.git");
  EXPECT_EQ(redact("https://host/a/@b:c@d"), "https://host/a/@b:c@d");
  EXPECT_EQ(redact("postgresql://postgres@/vulndb?host=%2Ftmp"), "postgresql://postgres@/vulndb?host=%2Ftmp");
  EXPECT_EQ(redact("'https://a:b@c' and \"redis://:d@e\""), "'https://a:***@c' and \"redis://:***@e\"");
  EXPECT_EQ(redact("://"), "://");
}

TEST(Redact, ParametersAndTokens) {
  EXPECT_EQ(redact("host=a password=secret user=b"), "host=a password=*** user=b");
  EXPECT_EQ(redact("password = 'it\\'s secret' user=b"), "password = *** user=b");
  EXPECT_EQ(redact("postgresql:///x?user=a&password=b&y=c"), "postgresql:///x?user=a&password=***&y=c");
  EXPECT_EQ(redact("DB_PASSWORD=x"), "DB_PASSWORD=***");
  EXPECT_EQ(redact("Authorization: Bearer abc.def-1"), "Authorization: Bearer ***");
  EXPECT_EQ(redact("password authentication failed"), "password authentication failed");
  EXPECT_EQ(redact("password="), "password=");
}

}  // namespace
}  // namespace base
