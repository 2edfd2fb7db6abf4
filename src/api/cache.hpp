// Answers to lookups in memory: identifier to what it leads to, the least recently asked for forgotten first.
//
// The feed watcher keeps it right: it says what changed, which is forgotten, and up to when everything that
// is here was known to be true. An answer is only given within a second of that.
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

#include "api/recent_changes.hpp"
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

  /// Takes what was read of the database in the state `read`, unless some of it has changed since.
  void put(const std::string& identifier, const FoundPtr& found, const store::FeedPosition& read);
  /// Takes what somebody else has read; false where it is not known to be as true as an answer from here.
  bool admit(const std::string& identifier, const FoundPtr& found, const store::FeedPosition& read,
             Clock::time_point now = Clock::now());
  /// The feed that is watched; empty while the last look at it is too long ago to admit anything.
  std::string feed_id(Clock::time_point now = Clock::now()) const;

  /// Everything here was true at `then`.
  void verified(Clock::time_point then) { verified_ = then.time_since_epoch().count(); }

  /// Forgets what leads to one of `uids`, and what is asked by one of `identifiers`: all that changed up to
  /// `cursor`.
  void forget(std::span<const std::int64_t> uids, std::span<const std::string> identifiers,
              std::int64_t cursor);
  /// Forgets everything that was so before `now`.
  void forget_all(const store::FeedPosition& now);

  CacheUse use() const;

 private:
  struct Entry {
    std::string identifier;
    FoundPtr found;
    std::size_t bytes;
  };
  using Entries = std::list<Entry>;
  bool is_verified(Clock::time_point now) const;
  void insert(const std::string& identifier, const FoundPtr& found);
  void remove(Entries::iterator entry);

  std::size_t most_bytes_;
  std::atomic<Clock::rep> verified_ = 0;
  std::atomic<std::uint64_t> hits_ = 0;
  std::atomic<std::uint64_t> misses_ = 0;
  mutable std::mutex mutex_;
  RecentChanges changes_;
  Entries entries_;  // the one asked for last in front
  std::unordered_map<std::string_view, Entries::iterator> by_identifier_;
  std::unordered_multimap<std::int64_t, Entries::iterator> by_uid_;
  std::size_t bytes_ = 0;
  std::uint64_t evicted_ = 0;
  std::uint64_t invalidated_ = 0;
};

}  // namespace api
