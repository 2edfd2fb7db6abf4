// Connections shared by the threads of a service: opened when they are needed, given back, and given up when
// the server is out of them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "pg/connection.hpp"

namespace pg {

struct PoolSettings {
  int max_connections = 100;  // ceiling; lowered to what the server allows
  int min_connections = 20;   // of idle ones, so many are kept however long they idle
  std::chrono::milliseconds acquire_timeout = std::chrono::seconds(5);
  std::chrono::seconds idle_limit = std::chrono::minutes(5);  // above the minimum
  /// For how long it makes do with what is open once the server has no more to give; others give theirs back.
  std::chrono::milliseconds crowded_for = std::chrono::seconds(30);
};

struct PoolUse {
  int open = 0;
  int in_use = 0;
  int ceiling = 0;
  std::uint64_t waits = 0;     // acquisitions that had to wait
  std::uint64_t timeouts = 0;  // and those that waited in vain
};

class Pool {
 public:
  /// A connection that belongs to the holder until this object goes. One that was lost, or that was left in a
  /// transaction, is closed instead of given back.
  class Lease {
   public:
    Lease(Pool& pool, Connection connection) : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept
        : pool_(other.pool_), connection_(std::exchange(other.connection_, std::nullopt)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (connection_) pool_->give_back(std::move(*connection_));
    }
    Connection& operator*() { return *connection_; }
    Connection* operator->() { return &*connection_; }

   private:
    Pool* pool_;
    std::optional<Connection> connection_;
  };

  /// Connects to nothing yet. `settings` is asked before each new connection: the address of an embedded
  /// server may change when it is started again.
  Pool(std::function<Settings()> settings, const PoolSettings& limits);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// Any thread. Throws Error when no connection can be had: the server refuses, or all are in use for longer
  /// than the acquire timeout. After a refusal others are refused with the same words for a moment, so that
  /// requests do not queue up behind a server that is down.
  Lease acquire();

  /// Calls `use(connection)`, and once more on a new connection when the first was lost: for reading, which
  /// may be repeated.
  template <typename Use>
  auto read(const Use& use) {
    try {
      return use(*acquire());
    } catch (const Error& error) {
      if (!error.connection_lost()) throw;
      drop_idle();  // what is lost for one is lost for all
    }
    return use(*acquire());
  }

  PoolUse use() const;

 private:
  struct Idle {
    Connection connection;
    std::chrono::steady_clock::time_point since;
  };

  void give_back(Connection connection) noexcept;
  void drop_idle();
  Connection open();
  void note_refusal(const std::string& why);
  void learn_ceiling(Connection& connection);
  int ceiling() const;
  std::optional<Connection> take_idle(std::deque<Idle>& expired);

  std::function<Settings()> settings_;
  PoolSettings limits_;
  mutable std::mutex mutex_;
  std::condition_variable returned_;
  std::deque<Idle> idle_;  // the one used last at the back
  int open_ = 0;           // idle, in use, or being opened
  int ceiling_;
  int crowded_ceiling_ = 0;  // counts until crowded_until_
  std::chrono::steady_clock::time_point crowded_until_;
  bool knows_ceiling_ = false;
  std::uint64_t waits_ = 0;
  std::uint64_t timeouts_ = 0;
  std::string refusal_;
  std::chrono::steady_clock::time_point refused_at_;
};

}  // namespace pg
