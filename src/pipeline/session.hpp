// A run's way to its database: one connection that is opened again when it is lost, and the writer's lease.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "pg/cancel_on_stop.hpp"
#include "pg/connection.hpp"
#include "pipeline/options.hpp"
#include "store/lease.hpp"

namespace pipeline {

class Session {
 public:
  /// Without options.database nothing is read or written; in a dry run nothing is written. Otherwise takes
  /// the lease, waiting for its holder where the options say so. Throws pg::Error, store::LeaseError,
  /// Interrupted.
  explicit Session(const Options& options);

  bool reads() const { return options_.database.has_value(); }
  bool writes() const { return lease_ != nullptr; }
  std::int64_t epoch() const { return lease_ ? lease_->epoch() : 0; }
  /// Throws store::LeaseError once it is known that another writer took over.
  void check() const {
    if (lease_) lease_->check();
  }

  /// Does `work`, and does it again from its start after a failure that may pass (a server that restarts, a
  /// deadlock), for about a minute. Throws Interrupted on a stop request, which also cancels what the server
  /// is executing.
  void read(const std::function<void(pg::Connection&)>& work);

  /// The same within one transaction that proves the lease: throws store::LeaseError, with nothing written,
  /// when another writer took over.
  void write(const std::function<void(pg::Connection&)>& work);

 private:
  const Options& options_;
  std::optional<pg::Connection> connection_;
  std::optional<pg::CancelOnStop> cancel_;
  std::unique_ptr<store::Lease> lease_;
};

}  // namespace pipeline
