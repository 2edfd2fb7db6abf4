// Answers to lookups in a Redis that several processes share, on one host or many: what one has read of the
// database, the others need not read. Optional: without it, and whenever Redis is slow, away, full or holds
// something else under our keys, the database is asked.
//
// A value carries the position of the change feed in the state of the database that it was read from. It is
// taken where the own watch over the feed knows that nothing of it has changed since (Cache::admit), so that
// an answer from here is as young as one from this process' own cache. Keys carry the feed: databases that
// share a Redis do not meet.
//
// Lookups only use connections that are open already: opening them, which may wait for a name server, and
// writing is the business of one thread here. One that fails is not used again, and opened anew a second
// later.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "api/cache.hpp"
#include "redis/connection.hpp"

namespace api {

/// Answers to several identifiers.
using Answers = std::unordered_map<std::string, FoundPtr>;

struct SharedCacheUse {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;    // not there
  std::uint64_t outdated = 0;  // there, and not known to be true
  std::uint64_t errors = 0;    // unreadable values, and commands that failed
  bool is_connected = false;
};

class SharedCache {
 public:
  /// `cache` says what is still true, and takes in what was found. The timeouts of `redis` are replaced.
  SharedCache(redis::Settings redis, Cache& cache);
  SharedCache(const SharedCache&) = delete;
  SharedCache& operator=(const SharedCache&) = delete;

  void start();
  void stop();

  /// The answers that are there and true. Takes a tenth of a second at most. Any thread.
  Answers find(const std::vector<std::string>& identifiers);

  /// Lets others know what was read; not at once, and not at all where too much waits to be written. Any
  /// thread.
  void put(const std::string& identifier, FoundPtr found, const store::FeedPosition& read);

  SharedCacheUse use() const;

 private:
  struct Write {
    std::string identifier;
    FoundPtr found;
    store::FeedPosition read;
  };
  using ConnectionPtr = std::unique_ptr<redis::Connection>;

  void run(const std::stop_token& stop);
  void open_connections();
  void write(const std::vector<Write>& writes);
  std::vector<Write> next_writes(const std::stop_token& stop);
  std::optional<redis::Reply> ask(const redis::Command& command);
  ConnectionPtr take();
  void give_back(ConnectionPtr connection);
  void note_failure(const std::string& what);
  bool is_connected() const { return !idle_.empty() || in_use_ != 0; }  // with the lock held
  FoundPtr admit(const std::string& identifier, const std::string& value, const std::string& feed_id);

  redis::Settings redis_;
  Cache& cache_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<ConnectionPtr> idle_;
  std::size_t in_use_ = 0;
  std::deque<Write> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::chrono::steady_clock::time_point quiet_until_;  // one warning a minute
  SharedCacheUse use_;
  redis::Connection writer_;  // of the thread alone
  std::jthread thread_;       // last: it uses the others
};

/// What stands in Redis for an answer: a checksum, the cursor, the vulnerabilities.
std::string encode_answer(const Found& found, std::int64_t cursor);
struct DecodedAnswer {
  FoundPtr found;
  std::int64_t cursor = 0;
};
/// Nothing for bytes that encode_answer has not made.
std::optional<DecodedAnswer> decode_answer(std::string_view bytes);

}  // namespace api
