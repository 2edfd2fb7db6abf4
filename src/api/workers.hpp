// Threads for what waits: for the database, a disk, a client of another service. Bounded twice: so many
// threads, and so much waiting for one.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace api {

class Workers {
 public:
  Workers(std::size_t threads, std::size_t most_waiting) : threads_(threads), most_waiting_(most_waiting) {}
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers() { stop(); }

  void start();
  /// Finishes what was taken on, and ends the threads.
  void stop();

  /// Returns false when too much is waiting already. `task` must not throw.
  bool submit(std::function<void()> task);

  std::size_t waiting() const;

 private:
  void run();

  std::size_t threads_;
  std::size_t most_waiting_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::vector<std::jthread> running_;
};

}  // namespace api
