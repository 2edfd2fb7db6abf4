// What handlers ask: the database, the caches, the queue.
#pragma once

#include <memory>
#include <string>

#include "api/cache.hpp"
#include "api/feed_watcher.hpp"
#include "api/lookups.hpp"
#include "api/metrics.hpp"
#include "api/run_metrics.hpp"
#include "api/settings.hpp"
#include "api/shared_cache.hpp"
#include "api/workers.hpp"
#include "jobs/queue.hpp"
#include "pg/pool.hpp"

namespace api {

class Backend {
 public:
  explicit Backend(const Settings& settings);
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;

  void start();
  /// Finishes what was taken on.
  void stop();

  const Settings& settings() const { return settings_; }
  pg::Pool& pool() { return pool_; }
  Cache& cache() { return cache_; }
  FeedWatcher& feed() { return feed_; }
  /// nullptr where there is none.
  SharedCache* shared_cache() { return shared_cache_.get(); }
  Lookups& lookups() { return lookups_; }
  Workers& workers() { return workers_; }
  jobs::Queue& queue() { return queue_; }
  HttpMetrics& http_metrics() { return http_metrics_; }
  RunMetrics& run_metrics() { return run_metrics_; }

  /// The text that is remembered under `name` when it was made for the same position of the change feed and
  /// less than `longest` ago, else what `make` gives: for answers that count whole tables.
  std::string remembered(const std::string& name, std::chrono::seconds longest,
                         const std::function<std::string(pg::Connection&)>& make);

 private:
  struct Remembered {
    std::string text;
    std::int64_t position = -1;
    std::chrono::steady_clock::time_point at;
  };

  Settings settings_;
  pg::Pool pool_;
  Cache cache_;
  FeedWatcher feed_;
  std::unique_ptr<SharedCache> shared_cache_;
  Lookups lookups_;
  Workers workers_;
  jobs::Queue queue_;
  HttpMetrics http_metrics_;
  RunMetrics run_metrics_;
  std::mutex remembered_mutex_;  // held while one is made: others wait for it instead of making it too
  std::map<std::string, Remembered> remembered_;
};

}  // namespace api
