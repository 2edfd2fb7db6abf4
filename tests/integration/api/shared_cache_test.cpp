// Two API servers, as on two hosts, that share a Redis and a database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <optional>

#include "api/server.hpp"
#include "redis/connection.hpp"
#include "support/eventually.hpp"
#include "support/http_client.hpp"
#include "support/redis.hpp"
#include "support/sync_scenario.hpp"

namespace api {
namespace {

using support::eventually;
using support::osv_record;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* address = "/v1/vulns/GO-2024-0007";

class SharedCacheOfTwo : public testing::Test {
 protected:
  SharedCacheOfTwo() {
    set_summary("First");
    world_.sync();
    start(one_);
    start(other_);
  }

  void start(std::optional<Server>& server) {
    Settings settings;
    settings.port = 0;
    settings.database = [this] { return world_.database(); };
    settings.pool.max_connections = 4;
    settings.pool.min_connections = 1;
    settings.cache_bytes = 0;  // what a process remembers itself it does not ask others for
    settings.shared_cache = redis_.settings();
    server.emplace(settings);
    server->start();
    // The watch over the feed has begun, too, when a lookup is missed rather than not asked for.
    EXPECT_TRUE(eventually([&] {
      get(server, "/v1/vulns/CVE-1999-9999");
      return count(server, "miss") > 0;
    }));
  }

  static std::string get(const std::optional<Server>& server, const std::string& target) {
    return support::http_exchange(server->port(), "GET", target);
  }
  /// How many lookups of the server ended so in the shared cache.
  static int count(const std::optional<Server>& server, const std::string& result) {
    const std::string metrics = get(server, "/metrics");
    const std::string name = "vulndatasync_shared_cache_requests_total{result=\"" + result + "\"} ";
    return std::stoi(metrics.substr(metrics.find(name) + name.size()));
  }
  static bool is_up(const std::optional<Server>& server) {
    return get(server, "/metrics").find("vulndatasync_shared_cache_up 1\n") != std::string::npos;
  }
  void set_summary(const std::string& text) {
    world_.osv["GO-2024-0007"] =
        osv_record("GO-2024-0007", "2024-03-01T00:00:00Z", R"("summary":")" + text + "\"");
  }
  std::vector<redis::Reply> keys() {
    return redis::Connection(redis_.settings()).command({"KEYS", "vuln-datasync:lookup:*GO-2024-0007"}).items;
  }
  std::string stored() {
    return redis::Connection(redis_.settings()).command({"GET", keys().front().text}).text;
  }
  // One reads of the database, and what it read is in Redis.
  void fill() {
    EXPECT_THAT(get(one_, address), StartsWith("HTTP/1.1 200 "));
    EXPECT_TRUE(eventually([&] { return keys().size() == 1; }));
  }

  support::TestRedis redis_;
  support::SyncScenario world_;
  std::optional<Server> one_;
  std::optional<Server> other_;
};

TEST_F(SharedCacheOfTwo, OneReadsForBoth) {
  fill();
  EXPECT_EQ(count(other_, "hit"), 0);
  const std::string answer = get(other_, address);
  EXPECT_EQ(count(other_, "hit"), 1);
  EXPECT_EQ(support::body_of(answer), support::body_of(get(one_, "/api/v1/vulnerabilities/GO-2024-0007")));
  EXPECT_EQ(count(one_, "hit"), 1);
  EXPECT_THAT(get(other_, "/health"), HasSubstr(R"("shared_cache":{"errors":0,"hits":1,)"));
}

TEST_F(SharedCacheOfTwo, AChangeIsSeenByBothWithinASecond) {
  for (const char* const summary : {"Second", "Third"}) {
    fill();
    EXPECT_THAT(get(other_, address), testing::Not(HasSubstr(summary)));
    const std::string outdated = stored();
    set_summary(summary);
    world_.sync();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    EXPECT_THAT(get(other_, address), HasSubstr(summary));
    EXPECT_TRUE(eventually([&] { return stored() != outdated; }));  // an answer does not wait for it
    EXPECT_THAT(get(one_, address), HasSubstr(summary));
  }
  EXPECT_EQ(count(one_, "outdated") + count(other_, "outdated"), 2) << "the second to ask finds a new value";
  EXPECT_EQ(count(one_, "error") + count(other_, "error"), 0);
}

TEST_F(SharedCacheOfTwo, WhatIsNoAnswerIsReadAgainAndReplaced) {
  fill();
  redis::Connection connection(redis_.settings());
  const std::string key = keys().front().text;
  const std::string value = connection.command({"GET", key}).text;
  for (const std::string& damaged :
       {std::string("garbage"), value.substr(0, value.size() / 2), value + "x"}) {
    connection.command({"SET", key, damaged});
    EXPECT_THAT(get(other_, address), HasSubstr("First"));
    EXPECT_TRUE(eventually([&] { return connection.command({"GET", key}).text == value; }));
  }
  EXPECT_EQ(count(other_, "error"), 3);
  connection.command({"DEL", key});
  connection.command({"RPUSH", key, "a list"});
  EXPECT_THAT(get(other_, address), HasSubstr("First"));
  EXPECT_EQ(count(other_, "error"), 3) << "a value of another type is as none";
}

TEST_F(SharedCacheOfTwo, AnotherDatabaseOnTheSameRedisIsNotMixedUp) {
  fill();
  pg::Connection(world_.database()).exec("UPDATE feed SET feed_id = gen_random_uuid()");
  std::this_thread::sleep_for(std::chrono::seconds(1));
  EXPECT_THAT(get(other_, address), HasSubstr("First"));
  EXPECT_EQ(count(other_, "hit"), 0);
  EXPECT_TRUE(eventually([&] { return keys().size() == 2; }));
}

TEST_F(SharedCacheOfTwo, ADeadRedisIsNotMissedAndComesBack) {
  fill();
  redis_.kill();
  EXPECT_THAT(get(other_, address), HasSubstr("First"));
  EXPECT_TRUE(eventually([&] { return !is_up(one_) && !is_up(other_); }));
  EXPECT_THAT(get(other_, address), HasSubstr("First"));
  redis_.start();
  EXPECT_TRUE(eventually([&] { return is_up(other_) && is_up(one_); }));
  fill();
  EXPECT_THAT(get(other_, address), HasSubstr("First"));
  EXPECT_EQ(count(other_, "hit"), 1);
}

TEST_F(SharedCacheOfTwo, ARedisThatDoesNotAnswerIsGivenUp) {
  fill();
  redis_.signal(SIGSTOP);
  EXPECT_THAT(get(other_, address), HasSubstr("First"));
  EXPECT_GE(count(other_, "error"), 1);
  EXPECT_THAT(get(other_, address), HasSubstr("First"));
  EXPECT_EQ(count(other_, "hit"), 0);
  redis_.signal(SIGCONT);
  EXPECT_TRUE(eventually([&] {
    get(other_, address);
    return count(other_, "hit") > 0;
  }));
}

TEST_F(SharedCacheOfTwo, AFullRedisOnlyCostsItsHits) {
  redis::Connection(redis_.settings()).command({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_THAT(get(one_, address), HasSubstr("First"));
  EXPECT_TRUE(eventually([&] { return count(one_, "error") > 0; }));
  EXPECT_THAT(get(one_, address), HasSubstr("First"));
  EXPECT_EQ(keys().size(), 0U);
  redis::Connection(redis_.settings()).command({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_TRUE(eventually([&] {
    get(one_, address);
    return count(one_, "hit") > 0;
  }));
}

}  // namespace
}  // namespace api
