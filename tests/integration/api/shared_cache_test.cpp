// Two API servers, as on two hosts, that share a Redis and a database.
//
// On a busy machine a server may do without the cache for a moment, as it may: when Redis takes longer than
// its patience, or when it has not looked at the feed for a while. So what comes from Redis is asked for
// again until it does; what must never be served is asked for once.
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
  // One reads of the database, and what it read is in Redis.
  void fill() {
    EXPECT_TRUE(eventually([&] {
      EXPECT_THAT(get(one_, address), StartsWith("HTTP/1.1 200 "));
      return keys().size() == 1;
    }));
  }
  // The first answer of the server that comes from Redis.
  std::string first_hit(const std::optional<Server>& server) {
    std::string answer;
    const int before = count(server, "hit");
    EXPECT_TRUE(eventually([&] {
      answer = get(server, address);
      return count(server, "hit") == before + 1;
    }));
    return answer;
  }

  support::TestRedis redis_;
  support::SyncScenario world_;
  std::optional<Server> one_;
  std::optional<Server> other_;
};

TEST_F(SharedCacheOfTwo, OneReadsForBoth) {
  fill();
  EXPECT_EQ(count(other_, "hit"), 0);
  const std::string body = support::body_of(first_hit(other_));
  EXPECT_THAT(body, HasSubstr("First"));
  EXPECT_EQ(body, support::body_of(get(one_, "/api/v1/vulnerabilities/GO-2024-0007")));
  EXPECT_EQ(body, support::body_of(first_hit(one_)));
  EXPECT_THAT(get(other_, "/health"),
              testing::ContainsRegex(R"("shared_cache":\{"errors":[0-9]+,"hits":1,)"));
}

TEST_F(SharedCacheOfTwo, AChangeIsSeenByBothWithinASecond) {
  for (const char* const summary : {"Second", "Third"}) {
    fill();
    EXPECT_THAT(get(other_, address), testing::Not(HasSubstr(summary)));
    set_summary(summary);
    world_.sync();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    EXPECT_THAT(get(other_, address), HasSubstr(summary));
    EXPECT_THAT(get(one_, address), HasSubstr(summary));
  }
}

TEST_F(SharedCacheOfTwo, AnOutdatedValueIsCountedAndReplaced) {
  int version = 1;
  EXPECT_TRUE(eventually([&] {
    fill();
    set_summary("Version " + std::to_string(++version));
    world_.sync();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    get(other_, address);
    return count(other_, "outdated") > 0;
  }));
  EXPECT_THAT(first_hit(one_), HasSubstr("Version " + std::to_string(version)));
}

TEST_F(SharedCacheOfTwo, WhatIsNoAnswerIsReadAgainAndReplaced) {
  fill();
  redis::Connection connection(redis_.settings());
  const std::string key = keys().front().text;
  const std::string value = connection.command({"GET", key}).text;
  for (const std::string& damaged :
       {std::string("garbage"), value.substr(0, value.size() / 2), value + "x"}) {
    const int before = count(other_, "error");
    EXPECT_TRUE(eventually([&] {
      connection.command({"SET", key, damaged});
      EXPECT_THAT(get(other_, address), HasSubstr("First"));
      return count(other_, "error") > before;
    }));
    EXPECT_TRUE(eventually([&] {
      get(other_, address);
      return connection.command({"GET", key}).text == value;
    }));
  }
}

TEST_F(SharedCacheOfTwo, AValueOfAnotherTypeIsAsNone) {
  fill();
  redis::Connection connection(redis_.settings());
  const std::string key = keys().front().text;
  connection.command({"DEL", key});
  connection.command({"RPUSH", key, "a list"});
  EXPECT_TRUE(eventually([&] {
    EXPECT_THAT(get(other_, address), HasSubstr("First"));
    return connection.command({"TYPE", key}).text == "string";
  }));
  first_hit(other_);
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
  EXPECT_THAT(first_hit(other_), HasSubstr("First"));
}

TEST_F(SharedCacheOfTwo, ARedisThatDoesNotAnswerIsGivenUp) {
  fill();
  redis_.signal(SIGSTOP);
  EXPECT_TRUE(eventually([&] {
    EXPECT_THAT(get(other_, address), HasSubstr("First"));
    return count(other_, "error") > 0;
  }));
  EXPECT_THAT(get(other_, address), HasSubstr("First"));
  EXPECT_EQ(count(other_, "hit"), 0);
  redis_.signal(SIGCONT);
  first_hit(other_);
}

TEST_F(SharedCacheOfTwo, AFullRedisOnlyCostsItsHits) {
  redis::Connection(redis_.settings()).command({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_TRUE(eventually([&] {
    EXPECT_THAT(get(one_, address), HasSubstr("First"));
    return count(one_, "error") > 0;
  }));
  EXPECT_THAT(get(one_, address), HasSubstr("First"));
  EXPECT_EQ(keys().size(), 0U);
  redis::Connection(redis_.settings()).command({"CONFIG", "SET", "maxmemory", "0"});
  first_hit(one_);
}

}  // namespace
}  // namespace api
