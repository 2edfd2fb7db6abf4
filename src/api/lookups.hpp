// Lookups that are not in the cache. Those that wait at the same moment are one question to the shared cache,
// where there is one, and one statement: the busier the service, the less each of them costs.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "api/cache.hpp"
#include "api/shared_cache.hpp"
#include "pg/pool.hpp"

namespace api {

class Lookups {
 public:
  /// Called from another thread with what was found (nothing: no hits), or with what went wrong.
  using Done = std::function<void(FoundPtr, std::exception_ptr)>;

  /// `shared` may be nullptr.
  Lookups(pg::Pool& pool, Cache& cache, SharedCache* shared) : pool_(pool), cache_(cache), shared_(shared) {}
  Lookups(const Lookups&) = delete;
  Lookups& operator=(const Lookups&) = delete;
  ~Lookups() { stop(); }

  void start();
  /// Answers what was taken on, and ends the threads.
  void stop();

  /// Returns false when too many are waiting. `done` must not throw.
  bool submit(std::string identifier, Done done);

  /// Asks for one and waits; for callers that are on a worker already. Throws pg::Error.
  FoundPtr find(const std::string& identifier);

 private:
  static constexpr std::size_t batch = 8;  // large ones keep the other threads waiting
  static constexpr std::size_t most_waiting = 8192;

  struct Waiting {
    std::string identifier;
    Done done;
  };
  void run();
  void answer(const std::vector<Waiting>& asked);
  Answers find_all(const std::vector<Waiting>& asked);
  void ask_database(const std::vector<std::string>& identifiers, Answers& answers);

  pg::Pool& pool_;
  Cache& cache_;
  SharedCache* shared_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  bool stopping_ = false;
  std::vector<std::jthread> running_;
};

}  // namespace api
