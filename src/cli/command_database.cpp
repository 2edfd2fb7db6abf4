// database start | stop | url | psql [ARGUMENT]...
#include <csignal>
#include <cstdlib>

#include <CLI/App.hpp>

#include "base/format.hpp"
#include "base/process.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "embedded/programs.hpp"
#include "pg/connection.hpp"
#include "pg/conninfo.hpp"

namespace cli {

namespace {

void require_embedded(const Context& context) {
  if (!context.settings().database.embedded)
    throw base::Error(
        "there is no embedded PostgreSQL: a database is configured (DATABASE_URL, DB_* or PG*); set "
        "DATABASE_URL=embedded to use the embedded one");
}

void print(Context& context, std::string_view key, std::string_view text) {
  if (!context.output().wants_json()) {
    context.output().line(text);
    return;
  }
  base::Arena arena;
  context.output().json(base::json::ObjectBuilder(arena).add(key, text).finish());
}

// An address that nobody answers is of no use, so asking for it starts the server as `start` does.
int start(Context& context) {
  require_embedded(context);
  Database database(context, Database::Missing::create);
  database.embedded()->keep();
  print(context, "url", database.embedded()->url());
  return 0;
}

int stop(Context& context) {
  require_embedded(context);
  switch (embedded::stop_postgres({context.settings().data_dir, context.stop()})) {
    case embedded::StopResult::stopped:
      print(context, "state", "stopped");
      break;
    case embedded::StopResult::was_not_running:
      print(context, "state", "not running");
      break;
    case embedded::StopResult::in_use:
      print(context, "state", "in use: it stops with the last command that uses it");
      break;
  }
  return 0;
}

std::string find_psql() {
  if (const auto found = base::find_program("psql"); !found.empty()) return found;
  for (const embedded::PostgresPrograms& programs : embedded::find_postgres_programs())
    if (const auto psql = programs.directory / "psql"; std::filesystem::exists(psql)) return psql;
  throw base::Error("psql is not installed: install the package postgresql-client");
}

std::string escaped(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

// The options of a session (libpq's keyword "options") with our schema as the place where names are looked
// up.
std::string with_search_path(const std::string& options, const std::string& schema) {
  return options + " -c search_path=" + escaped(pg::quote_identifier(schema) + ",public", " \\");
}

// The connection as arguments and environment: what is secret is not for the list of processes.
base::Command psql_command(const pg::Settings& settings, const std::vector<std::string>& arguments) {
  std::string conninfo;
  base::Command command;
  const char* const given = std::getenv("PGOPTIONS");
  std::string options = given != nullptr ? given : "";
  const auto add = [&](std::string_view keyword, std::string_view value) {
    conninfo += base::format("{}='{}' ", keyword, escaped(value, "'\\"));
  };
  for (const auto& [keyword, value] : pg::parse_conninfo(settings.conninfo)) {
    if (keyword == "password")
      command.environment.emplace_back("PGPASSWORD", value);
    else if (keyword == "options")
      options = value;
    else
      add(keyword, value);
  }
  add("options", with_search_path(options, settings.schema));
  command.arguments = {find_psql(), "--dbname", conninfo};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.input = base::Stream::inherit();
  return command;
}

int psql(Context& context, const std::vector<std::string>& arguments) {
  Database database(context, Database::Missing::create);
  const base::Command command = psql_command(database.settings(Database::Route::direct), arguments);
  // Ctrl-C is psql's while it has the terminal: it cancels a query there.
  context.release_signals();
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGQUIT, SIG_IGN);
  base::Process process(command);
  const base::ExitStatus status = process.wait();
  return status.signal != 0 ? 128 + status.signal : status.code;
}

}  // namespace

void add_database(Commands& commands) {
  CLI::App& group = commands.add("database", "The embedded PostgreSQL");
  commands.on(commands.add(group, "start", "Start it and print its URL; it stays up until 'stop'"), start);
  commands.on(commands.add(group, "stop", "Stop it, or let it stop with the last command that uses it"),
              stop);
  commands.on(
      commands.add(group, "url",
                   "Print a libpq URI that reaches it; starts it where it does not run, until 'stop'"),
      start);
  CLI::App& terminal =
      commands.add_prefix(group, "psql",
                          "Open the database, embedded or configured, in psql; what follows goes to "
                          "psql, and its exit status is ours");
  commands.on(terminal, [&terminal](Context& context) { return psql(context, terminal.remaining()); });
}

}  // namespace cli
