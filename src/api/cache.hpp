// Answers to lookups in memory: identifier to what it leads to, the least recently asked for forgotten first.
//
// The feed watcher keeps it right: it forgets what changed and says up to when everything that is here was
// known to be true. An answer is only given within a second of that.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/lookup.hpp"

namespace api {

/// What one identifier leads to; immutable, so that answers can be sent while it is forgotten.
struct Found {
  std::vector<store::Hit> hits;
  /// What it takes of the cache's bytes.
  std::size_t bytes() const;
};
using FoundPtr = std::shared_ptr<const Found>;

struct CacheUse {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t evicted = 0;
  std::uint64_t invalidated = 0;
  std::size_t entries = 0;
  std::size_t bytes = 0;
};

class Cache {
 public:
  using Clock = std::chrono::steady_clock;
  /// A cached answer may be that old; a commit is therefore seen within a second.
  static constexpr std::chrono::milliseconds longest_unverified{900};

  explicit Cache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  /// The answer, or nullptr.
  FoundPtr get(const std::string& identifier, Clock::time_point now = Clock::now());

  /// To be read before asking the database, and given back with the answer: what was forgotten meanwhile may
  /// be what was read.
  std::uint64_t generation() const { return generation_; }
  void put(const std::string& identifier, FoundPtr found, std::uint64_t generation);

  /// Everything here was true at `then`.
  void verified(Clock::time_point then) { verified_ = then.time_since_epoch().count(); }

  /// Forgets what leads to one of `uids`, and what is asked by one of `identifiers`.
  void forget(std::span<const std::int64_t> uids, std::span<const std::string> identifiers);
  void forget_all();

  CacheUse use() const;

 private:
  struct Entry {
    std::string identifier;
    FoundPtr found;
    std::size_t bytes;
  };
  using Entries = std::list<Entry>;
  void remove(Entries::iterator entry);

  std::size_t most_bytes_;
  std::atomic<std::uint64_t> generation_ = 0;
  std::atomic<Clock::rep> verified_ = 0;
  std::atomic<std::uint64_t> hits_ = 0;
  std::atomic<std::uint64_t> misses_ = 0;
  mutable std::mutex mutex_;
  Entries entries_;  // the one asked for last in front
  std::unordered_map<std::string_view, Entries::iterator> by_identifier_;
  std::unordered_multimap<std::int64_t, Entries::iterator> by_uid_;
  std::size_t bytes_ = 0;
  std::uint64_t evicted_ = 0;
  std::uint64_t invalidated_ = 0;
};

}  // namespace api
