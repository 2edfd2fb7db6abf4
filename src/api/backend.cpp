#include "api/backend.hpp"

#include <algorithm>

#include "api/route.hpp"

namespace api {

namespace {

// More threads than this wait for the same disk and the same locks.
constexpr int most_workers = 32;
constexpr std::size_t most_waiting = 1024;

std::vector<std::string_view> patterns() {
  std::vector<std::string_view> all;
  for (const Route& route : routes()) all.push_back(route.pattern);
  return all;
}

}  // namespace

Backend::Backend(const Settings& settings)
    : settings_(settings),
      pool_(settings.database, settings.pool),
      cache_(settings.cache_bytes),
      feed_(pool_, cache_),
      shared_cache_(settings.shared_cache ? std::make_unique<SharedCache>(*settings.shared_cache, cache_)
                                          : nullptr),
      lookups_(pool_, cache_, shared_cache()),
      workers_(static_cast<std::size_t>(std::clamp(settings.pool.max_connections, 2, most_workers)),
               most_waiting),
      queue_(settings.redis),
      http_metrics_(patterns()) {}

void Backend::start() {
  workers_.start();
  if (shared_cache_) shared_cache_->start();
  lookups_.start();
  feed_.start();
}

void Backend::stop() {
  feed_.stop();
  lookups_.stop();
  workers_.stop();
  if (shared_cache_) shared_cache_->stop();
}

std::string Backend::remembered(const std::string& name, std::chrono::seconds longest,
                                const std::function<std::string(pg::Connection&)>& make) {
  const std::scoped_lock lock(remembered_mutex_);
  Remembered& entry = remembered_[name];
  const std::int64_t position = feed_.position();
  const auto now = std::chrono::steady_clock::now();
  const bool is_fresh = entry.position >= 0 && entry.position == position && now - entry.at < longest;
  if (!is_fresh) entry = {pool_.read(make), position, now};
  return entry.text;
}

}  // namespace api
