#include "store/lease.hpp"

#include <optional>

#include "base/log.hpp"
#include "base/stop.hpp"

namespace store {

namespace {

struct Attempt {
  std::optional<std::int64_t> epoch;  // when it was free
  std::string holder;                 // when it was not
};

Attempt try_acquire(pg::Connection& connection, const std::string& holder) {
  const auto taken = connection.query(
      {"acquire the lease",
       "UPDATE feed SET epoch = epoch + 1, holder = $1, heartbeat_at = clock_timestamp()"
       " WHERE holder IS NULL OR heartbeat_at < clock_timestamp() - $2::int4 * interval '1 second'"
       " RETURNING epoch"},
      holder, static_cast<std::int32_t>(lease_timeout.count()));
  if (taken.size() == 1) return {taken[0].get<std::int64_t>(0), {}};
  const auto other = connection.query({"who holds the lease", "SELECT coalesce(holder, '') FROM feed"});
  return {std::nullopt, other.size() == 1 ? other[0].get<std::string>(0) : std::string()};
}

}  // namespace

std::unique_ptr<Lease> Lease::acquire(const pg::Settings& settings, const std::string& holder, bool wait,
                                      std::stop_token stop,
                                      const std::function<void(const std::string&)>& waiting_for) {
  pg::Connection connection(settings);
  std::string told;
  for (;;) {
    const Attempt attempt = try_acquire(connection, holder);
    if (attempt.epoch) return std::unique_ptr<Lease>(new Lease(settings, holder, *attempt.epoch));
    if (!wait)
      throw LeaseError("another sync is writing to this database: " + attempt.holder +
                       " holds the lease; wait for it, or leave --no-wait away");
    if (stop.stop_requested()) throw LeaseError("interrupted while waiting for " + attempt.holder);
    if (attempt.holder != told) waiting_for(told = attempt.holder);
    base::sleep_for(std::chrono::milliseconds(500), stop);
  }
}

Lease::Lease(const pg::Settings& settings, std::string holder, std::int64_t epoch)
    : settings_(settings),
      holder_(std::move(holder)),
      epoch_(epoch),
      heart_([this](const std::stop_token& stop) { beat(stop); }) {}

Lease::~Lease() {
  heart_.request_stop();
  heart_.join();
  try {
    pg::Connection connection(settings_);
    connection.query(
        {"release the lease", "UPDATE feed SET holder = NULL, heartbeat_at = NULL WHERE epoch = $1"}, epoch_);
  } catch (const pg::Error& error) {
    base::log::warn("the lease was not given back and runs out by itself", {{"cause", error.what()}});
  }
}

void Lease::check() const {
  if (lost_)
    throw LeaseError("another writer took over from " + holder_ + ": nothing more is written by this one");
}

void Lease::beat(const std::stop_token& stop) {
  std::optional<pg::Connection> connection;
  while (!stop.stop_requested() && !lost_) {
    if (!base::sleep_for(lease_heartbeat, stop)) return;
    try {
      if (!connection) connection.emplace(settings_);
      const auto rows = connection->query(
          {"renew the lease",
           "UPDATE feed SET heartbeat_at = clock_timestamp() WHERE epoch = $1 RETURNING epoch"},
          epoch_);
      if (rows.empty()) lost_ = true;
    } catch (const pg::Error& error) {
      base::log::warn("the lease was not renewed, trying again", {{"cause", error.what()}});
      connection.reset();
    }
  }
}

}  // namespace store
