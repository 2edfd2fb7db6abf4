#include "api/recent_changes.hpp"

#include <algorithm>

#include "base/hash.hpp"

namespace api {

namespace {

// Two that share a hash are taken for one, which costs a question to the database.
std::uint64_t key(std::int64_t uid) {
  return base::fast64({reinterpret_cast<const char*>(&uid), sizeof uid});
}

std::uint64_t key(const std::string& identifier) {
  return base::fast64(identifier);
}

}  // namespace

void RecentChanges::begin(const store::FeedPosition& now) {
  const bool is_same_feed = now.feed_id == feed_id_;
  given_out_ = !is_same_feed ? 0 : now.cursor < position_ ? position_ : given_out_;
  feed_id_ = now.feed_id;
  floor_ = now.cursor;
  position_ = now.cursor;
  changed_.clear();
}

void RecentChanges::add(std::span<const std::int64_t> uids, std::span<const std::string> identifiers,
                        std::int64_t cursor) {
  position_ = cursor;
  if (changed_.size() + uids.size() + identifiers.size() > most) {
    changed_.clear();
    floor_ = cursor;
    return;
  }
  for (const std::int64_t uid : uids) changed_[key(uid)] = cursor;
  for (const std::string& identifier : identifiers) changed_[key(identifier)] = cursor;
}

bool RecentChanges::holds(const std::string& identifier, const std::vector<store::Hit>& hits,
                          const store::FeedPosition& read) const {
  if (read.feed_id != feed_id_ || read.cursor < floor_) return false;
  const auto is_later = [&](std::uint64_t what) {
    const auto change = changed_.find(what);
    return change != changed_.end() && change->second > read.cursor;
  };
  return !is_later(key(identifier)) && std::none_of(hits.begin(), hits.end(), [&](const store::Hit& hit) {
    return is_later(key(hit.uid));
  });
}

}  // namespace api
