#include "store/lease.hpp"

#include <optional>
#include <utility>

#include "base/log.hpp"
#include "base/process_identity.hpp"
#include "base/stop.hpp"
#include "store/generated/lease.hpp"
#include "store/generated/runs.hpp"

namespace store {

namespace {

struct Attempt {
  std::optional<std::int64_t> epoch;  // when it was free
  std::string holder;                 // when it was not
};

// A holder that was killed on this machine need not be waited for.
Attempt try_acquire(pg::Connection& connection, const std::string& holder) {
  const auto timeout = static_cast<std::int32_t>(lease_timeout.count());
  const std::string process = base::process_identity();
  if (const auto taken = sql::acquire_lease(connection, holder, process, timeout, std::nullopt))
    return {taken->epoch, {}};
  const auto other = sql::lease_holder(connection);
  if (other && other->process && base::has_ended(*other->process))
    if (const auto taken = sql::acquire_lease(connection, holder, process, timeout, *other->process))
      return {taken->epoch, {}};
  return {std::nullopt, other ? other->holder.value_or("") : std::string()};
}

}  // namespace

void write_fenced(pg::Connection& connection, std::int64_t epoch,
                  const std::function<void(pg::Connection&)>& work) {
  pg::Transaction transaction(connection);
  if (!sql::prove_lease(connection, epoch))
    throw LeaseError("another writer took over this database: this one stops, what it committed stays");
  work(connection);
  transaction.commit();
}

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

Lease::Lease(pg::Settings settings, std::string holder, std::int64_t epoch)
    : settings_(std::move(settings)),
      holder_(std::move(holder)),
      epoch_(epoch),
      heart_([this](const std::stop_token& stop) { beat(stop); }) {}

Lease::~Lease() {
  heart_.request_stop();
  heart_.join();
  try {
    pg::Connection connection(settings_);
    sql::release_lease(connection, epoch_);
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
      if (sql::renew_lease(*connection, epoch_) == 0)
        lost_ = true;
      else
        sql::touch_run(*connection);
    } catch (const pg::Error& error) {
      base::log::warn("the lease was not renewed, trying again", {{"cause", error.what()}});
      connection.reset();
    }
  }
}

}  // namespace store
