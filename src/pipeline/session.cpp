#include "pipeline/session.hpp"

#include "base/backoff.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"
#include "pipeline/batch_worker.hpp"
#include "pipeline/interrupted.hpp"

namespace pipeline {

Session::Session(const Options& options) : options_(options) {
  if (!options.database || options.dry_run) return;
  read([this](pg::Connection&) {
    lease_ = store::Lease::acquire(*options_.database, options_.worker, options_.wait, options_.stop,
                                   [this](const std::string& holder) {
                                     options_.progress->note("waiting for " + holder + ", which is writing");
                                   });
  });
}

void Session::read(const std::function<void(pg::Connection&)>& work) {
  base::Backoff backoff(first_retry_delay, longest_retry_delay);
  for (int attempts = 1;; ++attempts) {
    try {
      if (options_.stop.stop_requested()) throw Interrupted();
      if (!connection_) {
        connection_.emplace(*options_.database);
        cancel_.emplace(*connection_, options_.stop);
      }
      return work(*connection_);
    } catch (const pg::Error& error) {
      if (options_.stop.stop_requested()) throw Interrupted();
      if (!error.retryable() || attempts == most_attempts) throw;
      base::log::warn("the database failed and is tried again",
                      {{"attempt", attempts}, {"cause", error.what()}});
      cancel_.reset();
      connection_.reset();
    }
    base::sleep_for(backoff.next(), options_.stop);
  }
}

void Session::write(const std::function<void(pg::Connection&)>& work) {
  read([&](pg::Connection& connection) { store::write_fenced(connection, lease_->epoch(), work); });
}

}  // namespace pipeline
