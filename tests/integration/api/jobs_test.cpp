// The routes about jobs, against a real PostgreSQL and a real Redis. Nothing runs the jobs here: their rows
// are changed by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <thread>

#include "api/server.hpp"
#include "pg/migrations.hpp"
#include "support/eventually.hpp"
#include "support/http_client.hpp"
#include "support/postgres.hpp"
#include "support/redis.hpp"

namespace api {
namespace {

using support::body_of;
using support::json_member;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class JobRoutes : public testing::Test {
 protected:
  JobRoutes() {
    pg::Migrator(connection_).up();
    Settings settings;
    settings.port = 0;
    settings.database = [this] { return database_.settings(); };
    settings.redis = redis_.settings();
    settings.pool.max_connections = 4;
    settings.pool.min_connections = 1;
    server_.emplace(settings);
    server_->start();
  }

  std::string send(const std::string& method, const std::string& target, const std::string& body = {},
                   const std::string& fields = {}) {
    return support::http_exchange(server_->port(), method, target, body, fields);
  }
  std::string ask_for_sync() {
    std::string id = json_member(send("POST", "/api/jobs/sync"), "id");
    return id.substr(1, id.size() - 2);
  }

  support::TestDatabase database_;
  support::TestRedis redis_;
  pg::Connection connection_{database_.settings()};
  std::optional<Server> server_;
};

TEST_F(JobRoutes, ASyncIsTakenOnOnce) {
  const std::string first = send("POST", "/api/jobs/sync", R"({"sources":["osv"],"full":true})",
                                 "Content-Type: application/json\r\n");
  EXPECT_THAT(first, StartsWith("HTTP/1.1 202 "));
  EXPECT_EQ(json_member(first, "state"), R"("pending")");
  EXPECT_THAT(first, HasSubstr("Location: /api/v1/jobs/"));
  const std::string second = send("POST", "/api/v1/sync", R"({"sources":["osv"]})");
  EXPECT_THAT(second, StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(json_member(second, "id"), json_member(first, "id"));
  EXPECT_EQ(json_member(second, "payload"), R"({"full":true,"sources":["osv"]})");
  EXPECT_THAT(send("POST", "/api/jobs/sync"), StartsWith("HTTP/1.1 202 "));  // of all sources
}

TEST_F(JobRoutes, WhatCannotBeDoneIsRefused) {
  EXPECT_THAT(send("POST", "/api/jobs/sync", R"({"sources":["nvd"]})"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(send("POST", "/api/jobs/sync", R"({"source":["osv"]})"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(send("POST", "/api/jobs/sync", "{"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(send("POST", "/api/v1/exports", R"({"formats":["xml"]})"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(send("POST", "/api/jobs/sync", "", "Origin: https://evil.example\r\n"),
              StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(send("GET", "/api/v1/jobs/nobody"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(send("POST", "/api/v1/jobs/nobody/cancel"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(send("GET", "/api/v1/jobs?cursor=x"), StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(json_member(send("GET", "/api/v1/jobs"), "items"), "[]");
}

TEST_F(JobRoutes, AreListedByPagesAndFilters) {
  const std::string sync = ask_for_sync();
  const std::string snapshot = json_member(send("POST", "/api/v1/export"), "id");
  const std::string page = send("GET", "/api/v1/jobs?limit=1");
  EXPECT_THAT(json_member(page, "items"), HasSubstr(snapshot));
  std::string cursor = json_member(page, "next_cursor");
  cursor = cursor.substr(1, cursor.size() - 2);
  const std::string last = send("GET", "/api/v1/jobs?limit=1&cursor=" + cursor);
  EXPECT_THAT(json_member(last, "items"), HasSubstr(sync));
  EXPECT_EQ(json_member(last, "next_cursor"), "null");
  EXPECT_THAT(json_member(send("GET", "/api/v1/jobs?type=export:database"), "items"), Not(HasSubstr(sync)));
  EXPECT_EQ(json_member(send("GET", "/api/v1/jobs?state=failed"), "items"), "[]");
  EXPECT_THAT(send("GET", "/api/v1/jobs?state=done"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(JobRoutes, StatusCountsByStateAndQueue) {
  const std::string id = ask_for_sync();
  connection_.exec("UPDATE jobs SET state = 'running', progress = '{\"stage\": \"parse\", \"done\": 3}'");
  send("POST", "/api/v1/exports");
  for (const char* target : {"/api/jobs/status", "/api/v1/jobs/status", "/api/v1/sync/status"}) {
    const std::string status = send("GET", target);
    EXPECT_EQ(json_member(status, "states"),
              R"({"cancelled":0,"failed":0,"pending":1,"running":1,"succeeded":0})");
    EXPECT_THAT(json_member(status, "running"), HasSubstr(id));
    EXPECT_THAT(json_member(status, "running"), HasSubstr(R"("progress":{"done":3,"stage":"parse"})"));
    EXPECT_THAT(json_member(status, "queues"),
                HasSubstr(R"("pending":1,"processed_today":0,"queue":"critical")"));
  }
  EXPECT_THAT(body_of(send("GET", "/metrics")),
              HasSubstr("vulndatasync_queue_tasks{queue=\"critical\",state=\"pending\"} 1\n"));
}

TEST_F(JobRoutes, AreCancelledAndRetried) {
  const std::string id = ask_for_sync();
  EXPECT_THAT(send("POST", "/api/v1/jobs/" + id + "/retry"), StartsWith("HTTP/1.1 409 "));
  EXPECT_EQ(json_member(send("POST", "/api/v1/jobs/" + id + "/cancel"), "state"), R"("cancelled")");
  EXPECT_THAT(send("POST", "/api/v1/jobs/" + id + "/cancel"), StartsWith("HTTP/1.1 409 "));
  const std::string again = send("POST", "/api/v1/jobs/" + id + "/retry");
  EXPECT_THAT(again, StartsWith("HTTP/1.1 202 "));
  EXPECT_EQ(json_member(again, "state"), R"("pending")");
}

TEST_F(JobRoutes, EventsTellWhatChangesUntilTheEnd) {
  const std::string id = ask_for_sync();
  const auto next_state = [&](const std::string& so_far) {
    if (so_far.find("event: running") != std::string::npos)
      connection_.exec("UPDATE jobs SET state = 'succeeded', progress = NULL, result = '{\"run_id\": 7}'");
    else if (so_far.find("event: pending") != std::string::npos)
      connection_.exec("UPDATE jobs SET state = 'running', progress = '{\"stage\": \"parse\"}'");
  };
  const std::string request =
      "GET /api/v1/jobs/" + id + "/events HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  const std::string stream = support::send_bytes(server_->port(), request, next_state);
  EXPECT_THAT(stream, HasSubstr("Content-Type: text/event-stream"));
  EXPECT_THAT(stream, HasSubstr("event: pending\ndata: {"));
  EXPECT_THAT(stream, HasSubstr("event: running\ndata: {"));
  EXPECT_THAT(stream, HasSubstr(R"("progress":{"stage":"parse"})"));
  EXPECT_THAT(stream, HasSubstr("event: succeeded\ndata: {"));
  EXPECT_THAT(stream, HasSubstr(R"("result":{"run_id":7})"));
  EXPECT_THAT(stream, testing::EndsWith("0\r\n\r\n"));
}

TEST_F(JobRoutes, EventsAreNotSentToWhoAsksForTheHeadAlone) {
  const std::string answer = send("HEAD", "/api/v1/jobs/" + ask_for_sync() + "/events");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/event-stream"));
  EXPECT_EQ(body_of(answer), "");
}

TEST_F(JobRoutes, EventsGoOnWhenTheDatabaseIsBack) {
  const std::string id = ask_for_sync();
  bool is_broken = false;
  const auto next_state = [&](const std::string& so_far) {
    if (is_broken || so_far.find("event: pending") == std::string::npos) return;
    is_broken = true;
    // To the stream, a table that cannot be read is a database that is away.
    connection_.exec("ALTER TABLE jobs RENAME TO gone");
    EXPECT_TRUE(
        support::eventually([&] { return send("GET", "/api/v1/jobs/" + id).starts_with("HTTP/1.1 503 "); }));
    std::this_thread::sleep_for(std::chrono::seconds(2));  // it looks every second
    connection_.exec("ALTER TABLE gone RENAME TO jobs");
    connection_.exec("UPDATE jobs SET state = 'succeeded'");
  };
  const std::string request =
      "GET /api/v1/jobs/" + id + "/events HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  const std::string stream = support::send_bytes(server_->port(), request, next_state);
  EXPECT_THAT(stream, HasSubstr("event: succeeded\ndata: {"));
  EXPECT_THAT(stream, testing::EndsWith("0\r\n\r\n"));
}

TEST_F(JobRoutes, AJobIsTakenOnWhileRedisIsAway) {
  redis_.kill();
  const std::string id = ask_for_sync();
  EXPECT_EQ(json_member(send("GET", "/api/v1/jobs/" + id), "state"), R"("pending")");
  const std::string status = send("GET", "/api/jobs/status");
  EXPECT_EQ(json_member(status, "queues"), "null");
  EXPECT_THAT(json_member(status, "redis_error"), HasSubstr("cannot connect to Redis"));
  EXPECT_THAT(body_of(send("GET", "/metrics")), HasSubstr("vulndatasync_queue_up 0\n"));
}

}  // namespace
}  // namespace api
