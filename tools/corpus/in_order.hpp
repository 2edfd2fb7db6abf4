// Work for several threads whose results are taken one by one, in the order of their numbers.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace corpus {

/// Calls `work(0)` to `work(count - 1)` on `threads` threads, each with a worker of its own from
/// `make_worker`, and `take` with each result on the calling thread, in order. At most four results per
/// thread wait. The first exception stops everything and is thrown.
template <typename Result>
void in_order(std::size_t count, std::size_t threads,
              const std::function<std::function<Result(std::size_t)>()>& make_worker,
              const std::function<void(Result&&)>& take) {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::size_t, Result> ready;
  std::exception_ptr failure;
  std::size_t next = 0;
  std::size_t taken = 0;
  const auto fail = [&] {
    const std::scoped_lock lock(mutex);
    if (!failure) failure = std::current_exception();
    changed.notify_all();
  };
  const auto run = [&] {
    try {
      const auto work = make_worker();
      for (;;) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return failure || next >= count || next < taken + 4 * threads; });
        if (failure || next >= count) return;
        const std::size_t mine = next++;
        lock.unlock();
        Result result = work(mine);
        lock.lock();
        ready.emplace(mine, std::move(result));
        changed.notify_all();
      }
    } catch (...) {
      fail();
    }
  };
  {
    std::vector<std::jthread> pool;
    for (std::size_t i = 0; i < threads; ++i) pool.emplace_back(run);
    try {
      while (taken < count) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return failure || ready.contains(taken); });
        if (failure) break;
        auto node = ready.extract(taken);
        lock.unlock();
        take(std::move(node.mapped()));
        lock.lock();
        ++taken;
        changed.notify_all();
      }
    } catch (...) {
      fail();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace corpus
