// The part of doctor that asks PostgreSQL.
#include <optional>

#include "base/format.hpp"
#include "cli/doctor.hpp"
#include "embedded/account.hpp"
#include "embedded/postgres.hpp"
#include "embedded/programs.hpp"
#include "pg/migrations.hpp"
#include "snapshot/postgres_tools.hpp"
#include "store/generated/doctor.hpp"

namespace cli {

namespace {

using State = Finding::State;
using Facts = store::sql::ServerFactsRow;

constexpr const char* subject = "PostgreSQL";
constexpr std::chrono::seconds patience{5};

Finding examine_tools(int server_version) {
  try {
    const auto tools = snapshot::find_postgres_tools(server_version);
    return {State::ok, "pg_dump", base::format("version {}, for snapshots", tools.major)};
  } catch (const snapshot::ToolError& error) {
    return {State::warning, "pg_dump", error.what()};  // it names the package
  }
}

Finding examine_schema(pg::Connection& connection, const Facts& facts) {
  const std::string user = pg::quote_identifier(facts.user_name);
  const std::string schema = pg::quote_identifier(connection.schema());
  if (!facts.schema_exists && !facts.may_create_schema)
    return {State::wrong, "schema",
            base::format("there is no schema {} and {} may not make one", schema, user),
            base::format("CREATE SCHEMA {} AUTHORIZATION {};  as the owner of database {}", schema, user,
                         facts.database_name)};
  if (!facts.schema_exists)
    return {State::ok, "schema", "not there yet; the first sync makes it, or: vuln-datasync migrate up"};
  if (!facts.may_use_schema || !facts.may_create_in_schema)
    return {
        State::wrong, "schema",
        base::format("{} may not {} in schema {}", user, facts.may_use_schema ? "create" : "look", schema),
        base::format("GRANT USAGE, CREATE ON SCHEMA {} TO {};", schema, user)};
  pg::Migrator migrator(connection);
  try {
    migrator.require_current();
  } catch (const pg::MigrationError& error) {
    const bool is_new = !migrator.state().version;
    return {is_new ? State::warning : State::wrong, "schema", error.what(), "vuln-datasync migrate up"};
  }
  return {State::ok, "schema", base::format("{} at version {}", schema, *migrator.latest())};
}

Findings examine_tables(pg::Connection& connection, const Facts& facts) {
  const auto foreign = store::sql::foreign_tables(connection, connection.schema());
  if (foreign.empty()) return {};
  return {
      {State::wrong, "tables",
       base::format("{} tables are not ours, {} first, which belongs to {}; only owners can build indexes",
                    foreign.size(), foreign.front().name, foreign.front().owner),
       base::format("GRANT {} TO {};", pg::quote_identifier(foreign.front().owner),
                    pg::quote_identifier(facts.user_name))}};
}

void examine_server(pg::Connection& connection, Findings& findings) {
  pg::require_supported_server(connection.server_version());
  const Facts facts = store::sql::server_facts(connection, connection.schema()).value();
  findings.push_back({State::ok, subject,
                      base::format("version {}.{} at {}", connection.server_version() / 10000,
                                   connection.server_version() % 10000, connection.address())});
  if (facts.encoding != "UTF8")
    findings.push_back(
        {State::wrong, subject,
         base::format("database {} has the encoding {}: not every text fits in", facts.database_name,
                      facts.encoding),
         base::format("createdb --template=template0 --encoding=UTF8 {}_utf8", facts.database_name)});
  if (facts.in_recovery || facts.read_only)
    findings.push_back({State::wrong, subject,
                        facts.in_recovery ? "the server is a standby: nothing can be written"
                                          : "default_transaction_read_only is on: nothing can be written",
                        facts.in_recovery
                            ? "name all hosts in DATABASE_URL (host=a,b): the one that takes writes is found"
                            : base::format("ALTER ROLE {} SET default_transaction_read_only = off;",
                                           pg::quote_identifier(facts.user_name))});
  findings.push_back(examine_schema(connection, facts));
  for (Finding& finding : examine_tables(connection, facts)) findings.push_back(std::move(finding));
  findings.push_back(examine_tools(connection.server_version()));
}

// What an embedded server needs before its first start.
Finding examine_programs(const Settings& settings) {
  const auto data = settings.data_dir / "postgres";
  const auto programs = embedded::choose_postgres_programs(std::nullopt, data);
  if (const auto account = embedded::server_account("postgres", settings.data_dir, data))
    if (std::filesystem::exists(settings.data_dir)) embedded::require_reachable(settings.data_dir, *account);
  return {
      State::ok, subject,
      base::format("embedded, not made yet; the first sync makes it with {}", programs.directory.native())};
}

Findings examine_route(const std::string& conninfo, const Settings& settings, bool through_pooler) {
  pg::Settings connection_settings;
  connection_settings.conninfo = conninfo;
  connection_settings.schema = settings.database.schema;
  connection_settings.application_name = "vuln-datasync doctor";
  connection_settings.statement_timeout = patience;
  connection_settings.through_pooler = through_pooler;
  Findings findings;
  try {
    pg::Connection connection(connection_settings);
    if (through_pooler)
      findings.push_back({State::ok, subject, "DATABASE_URL answers: " + connection.address()});
    else
      examine_server(connection, findings);
  } catch (const pg::Error& error) {
    findings.push_back({State::wrong, subject, error.what(),
                        error.connection_lost()
                            ? "check DATABASE_URL (or DB_HOST, DB_PORT, …) with: psql \"$DATABASE_URL\""
                            : ""});
  }
  return findings;
}

Findings examine_embedded(const Settings& settings, const std::stop_token& stop) {
  try {
    if (!embedded::postgres_exists(settings.data_dir)) return {examine_programs(settings)};
    const embedded::Postgres server({settings.data_dir, stop, patience});
    return examine_route(server.url(), settings, false);
  } catch (const base::Error& error) {
    return {{State::wrong, subject, error.what()}};  // it says what to do
  }
}

}  // namespace

Findings examine_database(const Settings& settings, const std::stop_token& stop) {
  const DatabaseSettings& database = settings.database;
  if (database.embedded) return examine_embedded(settings, stop);
  Findings findings;
  if (database.url != database.direct_url) findings = examine_route(database.url, settings, true);
  for (Finding& finding : examine_route(database.direct_url, settings, false))
    findings.push_back(std::move(finding));
  return findings;
}

}  // namespace cli
