#include "redis/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace redis {
namespace {

std::string read(std::string_view text) {
  const Settings s = parse_address(text);
  return (s.tls ? "tls " : "") + s.name() + " " + s.user + ":" + s.password + " " +
         std::to_string(s.database);
}

TEST(RedisAddress, EveryForm) {
  EXPECT_EQ(read("redis://cache"), "Redis at cache:6379 : 0");
  EXPECT_EQ(read("redis://:s3cret@cache:7000/2"), "Redis at cache:7000 :s3cret 2");
  EXPECT_EQ(read("rediss://me:p%40ss%2Fword@cache"), "tls Redis at cache:6379 me:p@ss/word 0");
  EXPECT_EQ(read("redis://[::1]:7000"), "Redis at [::1]:7000 : 0");
  EXPECT_EQ(read("cache:7000"), "Redis at cache:7000 : 0");
  EXPECT_EQ(read("cache"), "Redis at cache:6379 : 0");
  EXPECT_EQ(read("::1"), "Redis at [::1]:6379 : 0");
  EXPECT_EQ(read("unix:/run/redis.sock"), "Redis at /run/redis.sock : 0");
  EXPECT_EQ(read("unix:///run/redis.sock?db=3"), "Redis at /run/redis.sock : 3");
  EXPECT_EQ(read("/run/redis.sock"), "Redis at /run/redis.sock : 0");
  EXPECT_EQ(parse_address("rediss://cache?cacert=/etc/ca.pem").ca_file, "/etc/ca.pem");
}

TEST(RedisAddress, MistakesAreNamedWithoutSecrets) {
  for (const char* const text :
       {"", "http://cache", "cache:0", "cache:70000", "redis://:s3cret@cache/x", "redis://:s3cret@cache?x=1",
        "redis://:s3%zz@cache", "redis://[::1", "unix:"}) {
    try {
      parse_address(text);
      ADD_FAILURE() << text;
    } catch (const base::Error& error) {
      EXPECT_THAT(error.what(), testing::StartsWith("the address of Redis cannot be read: ")) << text;
      EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("s3"))) << text;
    }
  }
}

}  // namespace
}  // namespace redis
