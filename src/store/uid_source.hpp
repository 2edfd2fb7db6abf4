// New uids, taken from the database's sequence in blocks, so that a first load does not ask for each.
#pragma once

#include <cstdint>
#include <mutex>

#include "pg/connection.hpp"
#include "store/generated/batch.hpp"

namespace store {

/// Shared by the writers of one run. Uids that a run does not use are lost, never reused.
class UidSource {
 public:
  /// A uid that was never given out before. `connection` is used when a new block is needed.
  std::int64_t next(pg::Connection& connection) {
    const std::scoped_lock lock(mutex_);
    if (left_ == 0) {
      next_ = sql::next_uids(connection).value().first;
      left_ = block;
    }
    --left_;
    return next_++;
  }

 private:
  static constexpr int block = 1024;  // the sequence's INCREMENT BY, migrations/000001
  std::mutex mutex_;
  std::int64_t next_ = 0;
  int left_ = 0;
};

}  // namespace store
