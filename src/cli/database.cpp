#include "cli/database.hpp"

#include <chrono>

#include "base/backoff.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"
#include "pg/migrations.hpp"

namespace cli {

namespace {

// With a server that was killed and comes back.
constexpr std::chrono::seconds patience{60};

embedded::PostgresSettings embedded_settings(const Context& context) {
  return {context.settings().data_dir, context.stop()};
}

}  // namespace

bool database_exists(const Context& context) {
  return !context.settings().database.embedded || embedded::postgres_exists(context.settings().data_dir);
}

Database::Database(const Context& context, Missing missing) : context_(context) {
  if (missing == Missing::refuse && !database_exists(context))
    throw base::Error("there is no database in " + context.settings().data_dir.string() +
                      " yet: run 'vuln-datasync sync', or set DATABASE_URL or --data-dir");
  if (context.settings().database.embedded) embedded_.emplace(embedded_settings(context));
}

pg::Settings Database::settings(Route route) const {
  const DatabaseSettings& configured = context_.settings().database;
  pg::Settings settings;
  settings.schema = configured.schema;
  if (embedded_) {
    const std::scoped_lock lock(mutex_);
    settings.conninfo = embedded_->url();
    return settings;
  }
  settings.conninfo = route == Route::direct ? configured.direct_url : configured.url;
  settings.through_pooler = route == Route::pooled && configured.direct_url != configured.url;
  return settings;
}

pg::Connection Database::connect(Route route) {
  using std::chrono::steady_clock;
  const auto deadline = steady_clock::now() + patience;
  for (;;) {
    try {
      return pg::Connection(settings(route));
    } catch (const pg::Error&) {
      // A configured server is its administrator's business. Ours was killed, or recovers from a crash.
      if (!embedded_ || steady_clock::now() >= deadline) throw;
    }
    if (!base::sleep_for(std::chrono::milliseconds(100), context_.stop()))
      throw base::Error("interrupted while the embedded PostgreSQL comes back");
    revive_embedded();
  }
}

void Database::migrate() {
  using std::chrono::steady_clock;
  const auto deadline = steady_clock::now() + patience;
  std::optional<pg::Connection> connection(connect(Route::direct));
  base::Backoff backoff(std::chrono::milliseconds(100), std::chrono::seconds(5));
  for (;;) {
    try {
      if (!connection) connection.emplace(connect(Route::direct));
      pg::Migrator(*connection).up();
      return;
    } catch (const pg::Error& error) {
      if (!error.connection_lost() || steady_clock::now() >= deadline) throw;
      base::log::warn("the connection was lost while migrating, which is tried again",
                      {{"cause", error.what()}});
      connection.reset();
    }
    if (!base::sleep_for(backoff.next(), context_.stop()))
      throw base::Error("interrupted while migrating the schema");
  }
}

void Database::keep_alive() {
  if (!embedded_) return;
  // The token outlives the signals, which the end of a service releases while this thread is still there.
  watcher_ = std::jthread([this, stopping = context_.stop()](const std::stop_token& stop) {
    while (base::sleep_for(std::chrono::seconds(1), stop)) {
      try {
        if (!stopping.stop_requested()) revive_embedded();
      } catch (const base::Error& error) {
        base::log::error("the embedded PostgreSQL cannot be started", {{"cause", error.what()}});
      }
    }
  });
}

void Database::revive_embedded() {
  const std::scoped_lock lock(mutex_);
  embedded_->ensure_running();
}

pg::Connection Database::connect_migrated(Route route) {
  pg::Connection connection = connect(route);
  pg::Migrator(connection).require_current();
  return connection;
}

}  // namespace cli
