// serve [--listen HOST:PORT] [--role api] [--insecure]
#include <CLI/App.hpp>
#include <atomic>
#include <chrono>
#include <memory>
#include <tuple>

#include "api/server.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/error.hpp"
#include "cli/listen_address.hpp"
#include "cli/program.hpp"
#include "pg/migrations.hpp"
#include "pipeline/component.hpp"

namespace cli {

namespace {

struct ServeFlags {
  std::string listen;
  std::string roles = "api";
  bool insecure = false;
};

std::string explain(pg::Connection& connection, const std::string& id) {
  base::Arena arena;
  const pipeline::Component component(connection, id, arena);
  return base::json::write(component.explain(id, arena));
}

api::Settings api_settings(const Context& context, const Database& database, const ServeFlags& flags) {
  const ServiceSettings& service = context.settings().service;
  const DatabaseSettings& configured = context.settings().database;
  api::Settings settings;
  settings.host = service.host;
  settings.port = service.port;
  if (!flags.listen.empty()) std::tie(settings.host, settings.port) = parse_listen_address(flags.listen);
  settings.database = [&database] {
    pg::Settings connection = database.settings();
    connection.application_name = "vuln-datasync api";
    connection.statement_timeout = std::chrono::seconds(20);
    return connection;
  };
  settings.pool.max_connections = configured.max_connections;
  settings.pool.min_connections = configured.min_connections;
  settings.tokens = service.tokens;
  settings.tokens_file = service.tokens_file;
  settings.insecure = flags.insecure;
  settings.limits.rate = service.rate_limit;
  settings.cors_origins = service.cors_origins;
  settings.exports = context.settings().data_dir / "exports";
  settings.sources = context.settings().sources.enabled;
  settings.explain = explain;
  return settings;
}

// A database that cannot be reached yet is no reason not to start: readyz tells.
void migrate(Database& database) {
  try {
    pg::Connection connection = database.connect(Database::Route::direct);
    pg::Migrator(connection).up();
  } catch (const pg::Error& error) {
    base::log::warn("the schema could not be brought up to date", {{"error", error.what()}});
  }
}

int serve(Context& context, const ServeFlags& flags) {
  if (flags.roles != "api") throw UsageError("unknown role '" + flags.roles + "': there is api");
  std::atomic<api::Server*> running = nullptr;
  context.on_hangup([&running] {
    if (api::Server* const server = running) server->reload_tokens();
  });
  Database database(context, Database::Missing::create);
  if (database.embedded() != nullptr) migrate(database);
  api::Server server(api_settings(context, database, flags));
  server.start();
  running = &server;
  while (base::sleep_for(std::chrono::hours(1), context.stop())) {
  }
  base::log::info("stopping");
  running = nullptr;
  server.stop();
  context.release_signals();  // being told to stop is how a service ends well
  return done;
}

}  // namespace

void add_serve(Commands& commands) {
  const auto flags = std::make_shared<ServeFlags>();
  CLI::App& command = commands.add("serve", "The service: an HTTP API over the database");
  command.add_option("--listen", flags->listen, "Where, instead of SERVER_HOST and SERVER_PORT")
      ->type_name("HOST:PORT");
  command.add_option("--role", flags->roles, "What this process does: api")->type_name("ROLES");
  command.add_flag("--insecure", flags->insecure, "Listen beyond loopback without tokens too");
  commands.on(command, [flags](Context& context) { return serve(context, *flags); });
}

}  // namespace cli
