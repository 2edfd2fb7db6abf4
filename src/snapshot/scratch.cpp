#include "snapshot/scratch.hpp"

#include "base/format.hpp"
#include "base/hash.hpp"
#include "base/log.hpp"
#include "base/signature.hpp"
#include "pg/conninfo.hpp"

namespace snapshot {

namespace {

constexpr std::string_view insufficient_privilege = "42501";
constexpr std::string_view read_only = "25006";  // a standby

// Locks are counted per database, so names are too.
std::string prefix_of(pg::Connection& server) {
  const auto database =
      server.query("SELECT oid::bigint FROM pg_database WHERE datname = current_database()");
  return base::format("vuln_datasync_check_{}_", database.value<std::int64_t>());
}

bool try_lock(pg::Connection& server, const std::string& name) {
  return server.query("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", name).value<bool>();
}

void unlock(pg::Connection& server, const std::string& name) {
  server.query("SELECT pg_advisory_unlock(hashtextextended($1, 0))", name);
}

void drop(pg::Connection& server, const std::string& name) {
  server.exec("DROP DATABASE IF EXISTS " + pg::quote_identifier(name) + " WITH (FORCE)");
}

void drop_leftovers(pg::Connection& server, const std::string& prefix) {
  const auto names =
      server.query("SELECT datname::text FROM pg_database WHERE starts_with(datname, $1)", prefix);
  for (const pg::Row row : names) {
    const auto name = row.get<std::string>(0);
    if (!try_lock(server, name)) continue;
    drop(server, name);
    unlock(server, name);
  }
}

}  // namespace

ScratchDatabase::ScratchDatabase(const ScratchSettings& settings) : settings_(settings.server) {
  settings_.through_pooler = false;
  server_.emplace(settings_);
  try {
    create();
    return;
  } catch (const pg::Error& error) {
    if (error.sqlstate() != insufficient_privilege && error.sqlstate() != read_only) throw;
    if (!settings.start_private)
      throw pg::Error(base::format("{}; a restore is tried in a database of its own: grant the role CREATEDB",
                                   error.what()),
                      error.sqlstate());
  }
  private_server_ = settings.start_private();
  settings_.conninfo = private_server_.conninfo;
  server_.emplace(settings_);
  create();
}

void ScratchDatabase::create() {
  const std::string prefix = prefix_of(*server_);
  drop_leftovers(*server_, prefix);
  const std::string name = prefix + base::to_hex(base::random_bytes(4));
  try_lock(*server_, name);
  server_->exec("CREATE DATABASE " + pg::quote_identifier(name) +
                " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
  name_ = name;
}

ScratchDatabase::~ScratchDatabase() {
  if (name_.empty()) return;
  try {
    if (!server_->is_alive()) server_.emplace(settings_);
    drop(*server_, name_);
  } catch (const base::Error& error) {
    base::log::warn("cannot drop the database of a trial restore; the next one will",
                    {{"database", name_}, {"reason", error.what()}});
  }
}

pg::Connection ScratchDatabase::connect(const std::string& schema) const {
  pg::Settings settings = settings_;
  settings.conninfo = pg::with_database(settings_.conninfo, name_);
  settings.schema = schema;
  return pg::Connection(settings);
}

}  // namespace snapshot
