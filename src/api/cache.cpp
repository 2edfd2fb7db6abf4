#include "api/cache.hpp"

#include <iterator>

namespace api {

std::size_t Found::bytes() const {
  constexpr std::size_t around = 300;  // list, two hash tables, this object
  std::size_t sum = around;
  for (const store::Hit& hit : hits)
    sum += sizeof(hit) + hit.id.size() + hit.document.size() + hit.document_hash.size();
  return sum;
}

bool Cache::is_verified(Clock::time_point now) const {
  return now - Clock::time_point(Clock::duration(verified_)) <= longest_unverified;
}

FoundPtr Cache::get(const std::string& identifier, Clock::time_point now) {
  if (most_bytes_ != 0 && is_verified(now)) {
    const std::scoped_lock lock(mutex_);
    if (const auto entry = by_identifier_.find(identifier); entry != by_identifier_.end()) {
      entries_.splice(entries_.begin(), entries_, entry->second);
      ++hits_;
      return entry->second->found;
    }
  }
  ++misses_;
  return nullptr;
}

void Cache::put(const std::string& identifier, const FoundPtr& found, const store::FeedPosition& read) {
  const std::scoped_lock lock(mutex_);
  if (changes_.holds(identifier, found->hits, read)) insert(identifier, found);
}

bool Cache::admit(const std::string& identifier, const FoundPtr& found, const store::FeedPosition& read,
                  Clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  if (!is_verified(now) || !changes_.is_unambiguous(read) || !changes_.holds(identifier, found->hits, read))
    return false;
  insert(identifier, found);
  return true;
}

std::string Cache::feed_id(Clock::time_point now) const {
  const std::scoped_lock lock(mutex_);
  return is_verified(now) ? changes_.feed_id() : std::string();
}

void Cache::insert(const std::string& identifier, const FoundPtr& found) {
  const std::size_t bytes = identifier.size() + found->bytes();
  if (bytes > most_bytes_ / 8) return;  // one huge record does not push everything else out
  if (by_identifier_.contains(identifier)) return;
  entries_.push_front({identifier, found, bytes});
  by_identifier_.emplace(entries_.front().identifier, entries_.begin());
  for (const store::Hit& hit : entries_.front().found->hits) by_uid_.emplace(hit.uid, entries_.begin());
  bytes_ += bytes;
  while (bytes_ > most_bytes_) {
    ++evicted_;
    remove(std::prev(entries_.end()));
  }
}

void Cache::remove(Entries::iterator entry) {
  for (const store::Hit& hit : entry->found->hits) {
    auto [first, last] = by_uid_.equal_range(hit.uid);
    while (first != last && first->second != entry) ++first;
    if (first != last) by_uid_.erase(first);
  }
  by_identifier_.erase(entry->identifier);
  bytes_ -= entry->bytes;
  entries_.erase(entry);
}

void Cache::forget(std::span<const std::int64_t> uids, std::span<const std::string> identifiers,
                   std::int64_t cursor) {
  const std::scoped_lock lock(mutex_);
  changes_.add(uids, identifiers, cursor);
  for (const std::int64_t uid : uids) {
    for (auto entry = by_uid_.find(uid); entry != by_uid_.end(); entry = by_uid_.find(uid)) {
      ++invalidated_;
      remove(entry->second);
    }
  }
  for (const std::string& identifier : identifiers) {
    if (const auto entry = by_identifier_.find(identifier); entry != by_identifier_.end()) {
      ++invalidated_;
      remove(entry->second);
    }
  }
}

void Cache::forget_all(const store::FeedPosition& now) {
  const std::scoped_lock lock(mutex_);
  changes_.begin(now);
  invalidated_ += entries_.size();
  by_identifier_.clear();
  by_uid_.clear();
  entries_.clear();
  bytes_ = 0;
}

CacheUse Cache::use() const {
  const std::scoped_lock lock(mutex_);
  return {hits_, misses_, evicted_, invalidated_, entries_.size(), bytes_};
}

}  // namespace api
