// One thread that asks where the change feed stands, for everybody who wants to know that it moved: the cache
// forgets what changed, held requests go on. It polls, because LISTEN does not work behind a pooler; one
// small statement a few times a second is nothing to the server.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "api/cache.hpp"
#include "pg/pool.hpp"

namespace api {

class FeedWatcher {
 public:
  static constexpr std::chrono::milliseconds interval{200};

  FeedWatcher(pg::Pool& pool, Cache& cache) : pool_(pool), cache_(cache) {}
  FeedWatcher(const FeedWatcher&) = delete;
  FeedWatcher& operator=(const FeedWatcher&) = delete;

  void start();
  void stop();

  /// Calls `moved`, once and from the watcher's thread, when a change with a cursor above `after` is
  /// committed; at once when there is one. Returns a number for forget_wait, or 0 when it was called.
  std::uint64_t wait(std::int64_t after, std::function<void()> moved);
  void forget_wait(std::uint64_t number);

  /// The last cursor seen; -1 before the first look.
  std::int64_t position() const;

  /// Looks once: for tests, and for the thread. Throws pg::Error.
  void look();

 private:
  void run(const std::stop_token& stop);
  void forget_changes(pg::Connection& connection, std::int64_t after, std::int64_t upto);
  void wake(std::int64_t position);

  struct Waiting {
    std::int64_t after;
    std::function<void()> moved;
  };

  pg::Pool& pool_;
  Cache& cache_;
  std::string feed_id_;
  mutable std::mutex mutex_;
  std::int64_t position_ = -1;
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, Waiting> waiting_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace api
