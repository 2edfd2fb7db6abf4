// The database of a command: the one that is configured, or the embedded one, which runs as long as this
// object.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "cli/context.hpp"
#include "embedded/postgres.hpp"
#include "pg/connection.hpp"

namespace cli {

class Database {
 public:
  enum class Missing {
    create,  // makes the embedded database where there is none
    refuse,  // there is nothing to read: an error that says what to run
  };
  enum class Route {
    pooled,  // DATABASE_URL, which may lead through PgBouncer
    direct,  // DATABASE_DIRECT_URL: for sync and migrations
  };

  /// Starts the embedded server when it is the one and does not run; connects to nothing yet. Throws
  /// base::Error.
  Database(const Context& context, Missing missing);

  /// How to connect, for those who open connections themselves.
  pg::Settings settings(Route route = Route::pooled) const;

  /// Connects; any thread. An embedded server that died meanwhile is started again. Throws pg::Error.
  pg::Connection connect(Route route = Route::pooled);
  /// Connects, and checks that the schema is the one this program works with. Throws pg::MigrationError that
  /// says what to run.
  pg::Connection connect_migrated(Route route = Route::pooled);

  /// Brings the schema up to date by the direct route. A connection that is lost on the way, because the
  /// server was killed or restarts, is made again for up to a minute. Throws pg::Error, at once when the
  /// first connection or a migration itself fails.
  void migrate();

  /// From now on an embedded server that died is started again within a second, by a thread of its own.
  void keep_alive();

  /// The embedded server; nullptr with a configured one.
  embedded::Postgres* embedded() { return embedded_ ? &*embedded_ : nullptr; }

 private:
  void revive_embedded();

  const Context& context_;
  mutable std::mutex mutex_;  // around embedded_, whose address may change when it is started again
  std::optional<embedded::Postgres> embedded_;
  std::jthread watcher_;  // last: it uses the others
};

/// Whether there is a database to read: a configured one, or an embedded one that was made.
bool database_exists(const Context& context);

}  // namespace cli
