// A service that syncs three records from a source on this machine, which can be made slow to stop it in the
// middle.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <string>
#include <thread>

#include "redis/connection.hpp"
#include "support/osv_bucket.hpp"
#include "support/program.hpp"
#include "support/service.hpp"
#include "support/sync_scenario.hpp"
#include "support/zip_builder.hpp"

namespace e2e {

class Serve : public testing::Test {
 protected:
  Serve() {
    for (support::Program* const program : {&program_, &fresh_}) {
      program->set("OSV_GCS_ENDPOINT", server_.url());
      program->set("OSV_HTTP_URL", server_.url("/plain"));
      program->set("ENABLED_SOURCES", "osv");
      for (const char* variable : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
        program->set(variable, "");
      for (const char* variable : {"REDIS_URL", "REDIS_ADDR"}) program->set(variable, "");
    }
    support::ZipBuilder zip;
    for (const char* const id : {"GO-2024-1", "GO-2024-2", "GO-2024-3"})
      zip.add(std::string(id) + ".json",
              support::osv_record(id, "2024-01-01T00:00:00Z", R"("summary":"A flaw")"));
    const auto lock = server_.lock();
    bucket_.content = zip.finish();
  }

  ~Serve() override { is_held_ = false; }

  static std::string ask_for_sync(const support::Service& service) { return service.ask_for_sync("\"osv\""); }
  std::string psql(const std::string& sql) {
    const base::RunResult result = program_.run({"--quiet", "database", "psql", "-XAtqc", sql});
    EXPECT_EQ(result.status.code, 0) << result.error;
    return result.output;
  }
  virtual redis::Settings queue_settings() const {
    redis::Settings settings;
    settings.socket = program_.data_dir() / "run/redis/redis.sock";
    return settings;
  }
  redis::Connection queue() const { return redis::Connection(queue_settings()); }
  // As if a minute had passed since the worker of a job gave its last sign of life.
  void let_a_minute_pass(const std::string& id) {
    psql("UPDATE vulndb.jobs SET heartbeat_at = heartbeat_at - interval '1 minute' WHERE id = '" + id + "'");
    queue().command({"ZADD", "asynq:{critical}:lease", "XX", std::to_string(std::time(nullptr) - 60), id});
  }
  // A task that failed runs again at once, instead of after Asynq's delay.
  void let_retries_be_due() {
    for (const redis::Reply& id : queue().command({"ZRANGE", "asynq:{critical}:retry", "0", "-1"}).items)
      queue().command({"ZADD", "asynq:{critical}:retry", "XX", std::to_string(std::time(nullptr)), id.text});
  }
  std::string digest_of_fresh_sync() {
    EXPECT_EQ(fresh_.run({"sync", "--quiet"}).status.code, 0);
    return fresh_.run({"digest"}).output;
  }

  std::atomic<bool> is_held_ = false;  // the archive then comes when this is over
  support::OsvBucket bucket_;
  support::HttpServer server_{[this](const support::HttpRequest& request) {
    while (is_held_ && request.target.find("alt=media") != std::string::npos)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return bucket_(request);
  }};
  support::Program program_;
  support::Program fresh_;
};

}  // namespace e2e
