#include "redis/reply.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "redis/error.hpp"

namespace redis {
namespace {

std::string failure_of(std::string_view bytes) {
  ReplyReader reader;
  try {
    reader.feed(bytes);
    reader.next();
    return "no failure";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(ReplyReader, PutsRepliesTogetherFromPieces) {
  ReplyReader reader;
  reader.feed("*3\r\n:4");
  EXPECT_FALSE(reader.next());
  reader.feed("2\r\n$-1\r\n*1\r\n+OK\r\n-ERR no\r\n");
  const auto array = reader.next();
  ASSERT_TRUE(array);
  ASSERT_EQ(array->items.size(), 3U);
  EXPECT_EQ(array->items[0].integer, 42);
  EXPECT_EQ(array->items[1].kind, Reply::Kind::nil);
  EXPECT_EQ(array->items[2].items.at(0).text, "OK");
  const auto error = reader.next();
  ASSERT_TRUE(error && error->is_error());
  EXPECT_EQ(error->text, "ERR no");
}

TEST(ReplyReader, MakesNoRoomForWhatIsOnlyAnnounced) {
  const std::string too_long = "Redis announced an array of more than a million elements";
  EXPECT_EQ(failure_of("*1048577\r\n"), too_long);
  EXPECT_EQ(failure_of("*2\r\n*342999999\r\n"), too_long);
  EXPECT_EQ(failure_of("*1048576\r\n"), "no failure");
}

TEST(ReplyReader, SaysWhatIsNoReply) {
  EXPECT_THAT(failure_of("HTTP/1.1 400 Bad Request\r\n"),
              testing::StartsWith("what arrived is not what Redis speaks: Protocol error"));
}

}  // namespace
}  // namespace redis
