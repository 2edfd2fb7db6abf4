// One writer per database. The lease is a row with an epoch, not a session lock: those fail behind a pooler,
// and a writer that was cut off must not be able to do harm when it wakes up. Every batch proves the epoch in
// the statement that takes its change-feed cursors (see Batch::write); all else is written by write_fenced.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "base/error.hpp"
#include "pg/connection.hpp"

namespace store {

/// Another writer holds the lease, or took it over.
class LeaseError : public base::Error {
 public:
  using Error::Error;
};

/// A holder that gave no sign for this long has lost its lease to whoever asks. One that was killed on the
/// same machine has lost it at once.
inline constexpr std::chrono::seconds lease_timeout{45};
inline constexpr std::chrono::seconds lease_heartbeat{10};

/// Does `work` in one transaction of `connection` that proves `epoch` to be the lease's, and keeps others
/// from taking it over until the commit. Throws LeaseError when another writer took over; nothing is written
/// then.
void write_fenced(pg::Connection& connection, std::int64_t epoch,
                  const std::function<void(pg::Connection&)>& work);

class Lease {
 public:
  /// Takes the lease, named `holder` for messages ("host:pid"). While somebody else holds it: waits when
  /// `wait` (calling `waiting_for` with the holder's name once per holder), else throws LeaseError that names
  /// the holder. A stop request ends the wait with LeaseError.
  static std::unique_ptr<Lease> acquire(const pg::Settings& settings, const std::string& holder, bool wait,
                                        std::stop_token stop,
                                        const std::function<void(const std::string&)>& waiting_for);

  Lease(Lease&&) = delete;
  Lease& operator=(Lease&&) = delete;
  /// Gives the lease back.
  ~Lease();

  std::int64_t epoch() const { return epoch_; }

  /// Throws LeaseError when the heartbeat has found that another writer took over.
  void check() const;

 private:
  Lease(pg::Settings settings, std::string holder, std::int64_t epoch);
  void beat(const std::stop_token& stop);

  pg::Settings settings_;
  std::string holder_;
  std::int64_t epoch_;
  std::atomic<bool> lost_ = false;
  std::jthread heart_;  // last: it uses the others
};

}  // namespace store
