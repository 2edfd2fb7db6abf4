#include "api/feed_watcher.hpp"

#include <exception>
#include <vector>

#include "base/log.hpp"
#include "base/stop.hpp"
#include "store/generated/service.hpp"

namespace api {

namespace {

// Above so many changes at once, as a first load makes them, it is cheaper to forget everything.
constexpr std::int64_t worth_telling_apart = 5000;

}  // namespace

void FeedWatcher::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void FeedWatcher::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void FeedWatcher::run(const std::stop_token& stop) {
  bool was_well = true;
  do {
    try {
      look();
      was_well = true;
    } catch (const std::exception& error) {
      // Nothing is served from the cache meanwhile: nobody says that it is still true.
      if (was_well) base::log::warn("cannot follow the change feed", {{"error", error.what()}});
      was_well = false;
    }
  } while (base::sleep_for(interval, stop));
}

void FeedWatcher::look() {
  const Cache::Clock::time_point before = Cache::Clock::now();
  const std::int64_t last = position();
  const std::int64_t now = pool_.read([&](pg::Connection& connection) {
    const auto feed = store::sql::feed_position(connection);
    if (!feed) return std::int64_t{-1};
    if (feed->feed_id != feed_id_ || feed->value < last || last < 0) {
      feed_id_ = feed->feed_id;
      cache_.forget_all({feed->feed_id, feed->value});
    } else if (feed->value > last) {
      forget_changes(connection, last, feed->value);
    }
    return feed->value;
  });
  cache_.verified(before);
  if (now != last) wake(now);
}

void FeedWatcher::forget_changes(pg::Connection& connection, std::int64_t after, std::int64_t upto) {
  if (upto - after > worth_telling_apart) {
    cache_.forget_all({feed_id_, upto});
    return;
  }
  std::vector<std::int64_t> uids;
  std::vector<std::string> identifiers;
  for (auto& row : store::sql::identifiers_changed(connection, after, upto)) {
    uids.push_back(row.uid);
    if (row.alias) identifiers.push_back(std::move(*row.alias));
  }
  cache_.forget(uids, identifiers, upto);
}

std::int64_t FeedWatcher::position() const {
  const std::scoped_lock lock(mutex_);
  return position_;
}

void FeedWatcher::wake(std::int64_t position) {
  std::vector<std::function<void()>> ready;
  {
    const std::scoped_lock lock(mutex_);
    position_ = position;
    for (auto entry = waiting_.begin(); entry != waiting_.end();) {
      if (entry->second.after >= position) {
        ++entry;
        continue;
      }
      ready.push_back(std::move(entry->second.moved));
      entry = waiting_.erase(entry);
    }
  }
  for (const auto& moved : ready) moved();
}

std::uint64_t FeedWatcher::wait(std::int64_t after, std::function<void()> moved) {
  {
    const std::scoped_lock lock(mutex_);
    if (position_ <= after) {
      waiting_.emplace(++last_number_, Waiting{after, std::move(moved)});
      return last_number_;
    }
  }
  moved();
  return 0;
}

void FeedWatcher::forget_wait(std::uint64_t number) {
  const std::scoped_lock lock(mutex_);
  waiting_.erase(number);
}

}  // namespace api
