// The schema's versions: numbered pairs of SQL files, and the one table that says which of them are applied.
//
// Files and table are golang-migrate's (https://github.com/golang-migrate/migrate):
// schema_migrations(version, dirty) holds one row with the last version applied, or none. Each migration and
// its version row are one transaction here, so that a migration of ours is applied whole or not at all. A
// dirty row can only come from another tool that was interrupted halfway.
//
// Whoever migrates takes the same advisory lock as golang-migrate's command line, as
// pg_advisory_xact_lock: it works through a transaction pooler too, and ends with the transaction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pg/connection.hpp"
#include "pg/error.hpp"

namespace pg {

struct Migration {
  std::int64_t version;
  std::string_view name;
  std::string_view up;
  std::string_view down;
};

/// The migrations of this program, by version (generated from migrations/*.sql).
std::span<const Migration> built_in_migrations();

/// The database's schema cannot be used or migrated as it is; the message says what to do.
class MigrationError : public Error {
 public:
  using Error::Error;
};

struct SchemaState {
  std::optional<std::int64_t> version;  // of the last migration applied; none before the first
  bool dirty = false;                   // another tool was interrupted while it migrated to (or from) version
};

class Migrator {
 public:
  static constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

  /// `migrations` are sorted by version and outlive the migrator. Throws MigrationError for a server older
  /// than PostgreSQL 14.
  explicit Migrator(Connection& connection, std::span<const Migration> migrations = built_in_migrations());

  /// The version of the connection's schema; no version where schema or table do not exist. Writes nothing.
  SchemaState state();

  /// The version that up() leads to.
  std::optional<std::int64_t> latest() const;

  /// Throws MigrationError unless the schema is at latest(): what to run when it is older, dirty, newer.
  void require_current();

  /// Applies the next migrations, at most `count`, and returns them. Creates schema and version table when
  /// they are missing. Throws MigrationError when one fails (with its file and, where the server points at
  /// one, the line; it is rolled back and those before it stay), when the schema is dirty, or newer than this
  /// program.
  std::vector<const Migration*> up(std::size_t count = all);

  /// Takes the last `count` migrations back and returns them. Throws as up().
  std::vector<const Migration*> down(std::size_t count);

  /// Declares the schema to be at `version` (none: before the first) and clean, and runs nothing: the way out
  /// of a dirty state after a look at what is really there.
  void force(std::optional<std::int64_t> version);

  /// Drops every table, view, sequence, function and type in the schema but those of extensions, whatever its
  /// state, then migrates up. Throws Error, with nothing changed, when an object outside the schema depends
  /// on one of them.
  void reset();

 private:
  /// One transaction under the lock that applies the next step; null when there is none.
  const Migration* step_up();
  const Migration* step_down();
  void lock();
  void require_utf8();
  void ensure_version_table();
  /// The index in migrations_ of the version applied; none before the first. Throws MigrationError for a
  /// dirty or unknown version.
  std::optional<std::size_t> applied(const SchemaState& state) const;
  void run(const Migration& migration, bool is_up);
  void set_version(std::optional<std::int64_t> version);
  void drop_everything();

  Connection& connection_;
  std::span<const Migration> migrations_;
};

/// Throws MigrationError for a server older than PostgreSQL 14; `server_version` as libpq counts.
void require_supported_server(int server_version);

}  // namespace pg
