// What the change feed told lately: whether something that was read a while ago is still true. Bounded: what
// is too long ago to be remembered counts as changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/lookup.hpp"

namespace api {

/// For one thread at a time.
class RecentChanges {
 public:
  /// Begins anew: nothing is known of what happened before `now`.
  void begin(const store::FeedPosition& now);
  /// All that changed since the position known so far, up to `cursor`.
  void add(std::span<const std::int64_t> uids, std::span<const std::string> identifiers, std::int64_t cursor);

  const std::string& feed_id() const { return feed_id_; }

  /// Whether `identifier` still leads to `hits`, when it did at `read`.
  bool holds(const std::string& identifier, const std::vector<store::Hit>& hits,
             const store::FeedPosition& read) const;
  /// Whether a cursor means the same for whoever read at it: the feed of a database that was restored from a
  /// backup gives cursors out a second time.
  bool is_unambiguous(const store::FeedPosition& read) const { return read.cursor >= given_out_; }

 private:
  static constexpr std::size_t most = 200'000;

  std::string feed_id_;
  std::int64_t floor_ = 0;      // of what happened before nothing is known
  std::int64_t position_ = 0;   // of what happened up to here everything since the floor is known
  std::int64_t given_out_ = 0;  // cursors below were given out before the database was restored
  std::unordered_map<std::uint64_t, std::int64_t> changed_;  // hash of a uid or identifier to its last change
};

}  // namespace api
