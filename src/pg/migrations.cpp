#include "pg/migrations.hpp"

#include <algorithm>

namespace pg {
namespace {

std::string version_text(std::optional<std::int64_t> version) {
  return version ? std::to_string(*version) : "none";
}

std::string file_name(const Migration& migration, bool is_up) {
  std::string digits = std::to_string(migration.version);
  if (digits.size() < 6) digits.insert(0, 6 - digits.size(), '0');
  return digits + "_" + std::string(migration.name) + (is_up ? ".up.sql" : ".down.sql");
}

/// CRC-32 (IEEE 802.3), bit by bit: it is computed once over a few bytes.
std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

/// The key that golang-migrate's command line locks (database/util.go, GenerateAdvisoryLockId): its database
/// name is the path of the URL, with the slash.
std::int64_t lock_key(std::string_view schema, std::string_view database) {
  std::string names(schema);
  names.append(1, '\0').append("schema_migrations").append(1, '\0').append("/").append(database);
  const std::uint32_t key = crc32(names) * 1486364155U;
  return key;
}

constexpr std::string_view newer_hint = "; use the newer program that wrote it";

}  // namespace

void require_supported_server(int server_version) {
  constexpr int oldest = 14;
  if (server_version >= oldest * 10000) return;
  throw MigrationError("the server is PostgreSQL " + std::to_string(server_version / 10000) +
                       "; 14 is the oldest that vuln-datasync works with: upgrade it, or use another server");
}

Migrator::Migrator(Connection& connection, std::span<const Migration> migrations)
    : connection_(connection), migrations_(migrations) {
  require_supported_server(connection.server_version());
}

std::optional<std::int64_t> Migrator::latest() const {
  if (migrations_.empty()) return std::nullopt;
  return migrations_.back().version;
}

SchemaState Migrator::state() {
  const Statement find_table{"looking for schema_migrations",
                             "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                             "WHERE n.nspname = $1 AND c.relname = 'schema_migrations'"};
  if (connection_.query(find_table, connection_.schema()).empty()) return {};
  const Result rows = connection_.query({"reading schema_migrations",
                                         "SELECT version, dirty FROM schema_migrations "
                                         "ORDER BY version DESC LIMIT 1"});
  if (rows.empty()) return {};
  SchemaState state{rows[0].get<std::int64_t>(0), rows[0].get<bool>(1)};
  if (state.version < 0) state.version.reset();  // golang-migrate writes -1 for "none, and dirty"
  return state;
}

std::optional<std::size_t> Migrator::applied(const SchemaState& state) const {
  const std::string where = "schema \"" + connection_.schema() + "\" at " + connection_.address();
  if (state.dirty)
    throw MigrationError(
        where + " is marked dirty at version " + version_text(state.version) +
        ": another tool was interrupted while it migrated. See which of its statements took "
        "effect, mend by hand, then run `vuln-datasync migrate force V` with V the version "
        "that the schema really has, or `vuln-datasync migrate reset --yes` to start afresh");
  if (!state.version) return std::nullopt;
  const auto found = std::find_if(migrations_.begin(), migrations_.end(),
                                  [&](const Migration& m) { return m.version == *state.version; });
  if (found != migrations_.end()) return static_cast<std::size_t>(found - migrations_.begin());
  const bool newer = !latest() || *state.version > *latest();
  throw MigrationError(where + " is at version " + version_text(state.version) +
                       ", which this program does not " + "know (its latest is " + version_text(latest()) +
                       ")" + std::string(newer ? newer_hint : ""));
}

void Migrator::require_current() {
  const SchemaState now = state();
  const auto index = applied(now);
  if (migrations_.empty() || (index && *index + 1 == migrations_.size())) return;
  throw MigrationError("schema \"" + connection_.schema() + "\" at " + connection_.address() +
                       " is at version " + version_text(now.version) + " and this program needs " +
                       version_text(latest()) + ": run `vuln-datasync migrate up`");
}

std::vector<const Migration*> Migrator::up(std::size_t count) {
  std::vector<const Migration*> done;
  while (done.size() < count) {
    const Migration* migration = step_up();
    if (migration == nullptr) break;
    done.push_back(migration);
  }
  return done;
}

const Migration* Migrator::step_up() {
  // Without the lock first: the usual case is that nothing is to do, perhaps as a user who may only read.
  const auto next = [&] {
    const auto index = applied(state());
    return index ? *index + 1 : 0;
  };
  if (next() >= migrations_.size()) return nullptr;
  Transaction transaction(connection_);
  lock();
  ensure_version_table();
  const std::size_t index = next();  // again: another process may have been faster
  if (index >= migrations_.size()) return nullptr;
  run(migrations_[index], true);
  transaction.commit();
  return &migrations_[index];
}

std::vector<const Migration*> Migrator::down(std::size_t count) {
  std::vector<const Migration*> done;
  while (done.size() < count) {
    const Migration* migration = step_down();
    if (migration == nullptr) break;
    done.push_back(migration);
  }
  return done;
}

const Migration* Migrator::step_down() {
  Transaction transaction(connection_);
  lock();
  const auto index = applied(state());
  if (!index) return nullptr;
  run(migrations_[*index], false);
  transaction.commit();
  return &migrations_[*index];
}

void Migrator::force(std::optional<std::int64_t> version) {
  const bool known = !version || std::any_of(migrations_.begin(), migrations_.end(),
                                             [&](const Migration& m) { return m.version == *version; });
  if (!known)
    throw MigrationError("there is no migration " + version_text(version) + "; the latest is " +
                         version_text(latest()));
  Transaction transaction(connection_);
  lock();
  ensure_version_table();
  set_version(version);
  transaction.commit();
}

void Migrator::reset() {
  Transaction transaction(connection_);
  lock();
  drop_everything();
  transaction.commit();
  up();
}

void Migrator::lock() {
  const auto database = connection_.query("SELECT current_database()::text").value<std::string>();
  connection_.query({"waiting for the migration lock", "SELECT pg_advisory_xact_lock($1)::text"},
                    lock_key(connection_.schema(), database));
}

// Names and texts of all the world's languages have no place in another encoding.
void Migrator::require_utf8() {
  const Result found =
      connection_.query("SELECT current_database()::text, current_setting('server_encoding')");
  const auto encoding = found.one().get<std::string>(1);
  if (encoding == "UTF8") return;
  const std::string name = quote_identifier(found.one().get<std::string>(0) + "_utf8");
  throw MigrationError("the database at " + connection_.address() + " has the encoding " + encoding +
                       ", which has no place for every text; make another: CREATE DATABASE " + name +
                       " ENCODING 'UTF8' TEMPLATE template0");
}

void Migrator::ensure_version_table() {
  require_utf8();
  const std::string& schema = connection_.schema();
  const Result found =
      connection_.query({"looking for the schema",
                         "SELECT has_schema_privilege(oid, 'USAGE') AND has_schema_privilege(oid, 'CREATE') "
                         "FROM pg_namespace WHERE nspname = $1"},
                        schema);
  const Result user =
      connection_.query("SELECT current_user::text, has_database_privilege(current_database(), 'CREATE')");
  const std::string role = quote_identifier(user.one().get<std::string>(0));
  if (found.empty()) {
    if (!user.one().get<bool>(1))
      throw MigrationError(
          "schema \"" + schema + "\" does not exist at " + connection_.address() +
              " and the user may not create it; run as the database's owner: CREATE SCHEMA " +
              quote_identifier(schema) + " AUTHORIZATION " + role,
          "42501");
    connection_.exec({"creating the schema", "CREATE SCHEMA " + quote_identifier(schema)});
  } else if (!found[0].get<bool>(0)) {
    throw MigrationError("the user may not create tables in schema \"" + schema + "\" at " +
                             connection_.address() +
                             "; run as the schema's owner: GRANT USAGE, CREATE ON SCHEMA " +
                             quote_identifier(schema) + " TO " + role,
                         "42501");
  }
  connection_.exec({"creating schema_migrations",
                    "CREATE TABLE IF NOT EXISTS schema_migrations "
                    "(version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL)"});
}

void Migrator::run(const Migration& migration, bool is_up) {
  const std::string_view sql = is_up ? migration.up : migration.down;
  const std::string file = file_name(migration, is_up);
  try {
    connection_.exec({file, sql});
  } catch (const Error& error) {
    const int line = line_at(sql, error.position());
    throw MigrationError("migration " + std::string(error.what()) +
                             (line > 0 ? " (line " + std::to_string(line) + ")" : "") +
                             "; it was rolled back",
                         error.sqlstate(), error.connection_lost(), error.position());
  }
  if (!connection_.in_transaction())
    throw MigrationError("migration " + file +
                         " ended the transaction it runs in: it must not contain COMMIT");
  const auto index = static_cast<std::size_t>(&migration - migrations_.data());
  if (is_up)
    set_version(migration.version);
  else
    set_version(index > 0 ? std::optional(migrations_[index - 1].version) : std::nullopt);
}

void Migrator::set_version(std::optional<std::int64_t> version) {
  connection_.exec("DELETE FROM schema_migrations");
  if (version)
    connection_.query(
        {"writing schema_migrations", "INSERT INTO schema_migrations (version, dirty) VALUES ($1, false)"},
        *version);
}

}  // namespace pg
