// migrate up [N] | down [N] | force V | version | reset --yes

#include <CLI/App.hpp>
#include <array>
#include <memory>

#include "base/arena.hpp"
#include "base/format.hpp"
#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/error.hpp"
#include "pg/migrations.hpp"

namespace cli {

namespace {

using Missing = Database::Missing;
using base::json::Value;

std::string text_of(std::optional<std::int64_t> version) {
  return version ? std::to_string(*version) : "none";
}

Value json_of(base::Arena& arena, std::optional<std::int64_t> version) {
  return version ? Value::number(arena.copy(std::to_string(*version))) : Value();
}

// The state of the schema: what every subcommand ends with.
void print_state(Context& context, pg::Migrator& migrator) {
  const pg::SchemaState state = migrator.state();
  if (!context.output().wants_json()) {
    context.output().line(text_of(state.version) + (state.dirty ? " (dirty)" : ""));
    return;
  }
  base::Arena arena;
  context.output().json(base::json::ObjectBuilder(arena)
                            .add("version", json_of(arena, state.version))
                            .add("dirty", Value::boolean(state.dirty))
                            .add("latest", json_of(arena, migrator.latest()))
                            .finish());
}

void log_steps(const char* what, const std::vector<const pg::Migration*>& steps) {
  for (const pg::Migration* step : steps)
    base::log::info(what, {{"version", step->version}, {"name", step->name}});
  if (steps.empty()) base::log::info("nothing to migrate");
}

// Connects over the direct route, and runs `work` on the schema.
template <typename Work>
int with_migrator(Context& context, Missing missing, Work work) {
  Database database(context, missing);
  pg::Connection connection = database.connect(Database::Route::direct);
  pg::Migrator migrator(connection);
  work(migrator);
  print_state(context, migrator);
  return 0;
}

void add_up(Commands& commands, CLI::App& group) {
  const auto count = std::make_shared<std::optional<std::size_t>>();
  CLI::App& up = commands.add(group, "up", "Apply all migrations, or the next N");
  up.add_option("N", *count, "How many")->type_name("")->check(positive_number());
  commands.on(up, [count](Context& context) {
    return with_migrator(context, Missing::create, [&](pg::Migrator& migrator) {
      log_steps("migrated up", migrator.up(count->value_or(pg::Migrator::all)));
    });
  });
}

void add_down(Commands& commands, CLI::App& group) {
  const auto count = std::make_shared<std::size_t>(1);
  CLI::App& down = commands.add(group, "down", "Take the last migration back, or the last N");
  down.add_option("N", *count, "How many")->type_name("")->check(positive_number());
  commands.on(down, [count](Context& context) {
    return with_migrator(context, Missing::refuse,
                         [&](pg::Migrator& migrator) { log_steps("migrated down", migrator.down(*count)); });
  });
}

void add_force(Commands& commands, CLI::App& group) {
  const auto version = std::make_shared<std::int64_t>(0);
  CLI::App& force = commands.add(
      group, "force", "Declare the schema to be at version V, and clean, without running anything");
  force.add_option("V", *version, "The version that the schema really has; -1: before the first migration")
      ->required()
      ->type_name("");
  commands.on(force, [version](Context& context) {
    if (*version < -1) throw UsageError("'migrate force' needs a version from 0, or -1 for none");
    return with_migrator(context, Missing::refuse, [&](pg::Migrator& migrator) {
      migrator.force(*version < 0 ? std::nullopt : std::optional(*version));
    });
  });
}

void add_version(Commands& commands, CLI::App& group) {
  CLI::App& version = commands.add(group, "version", "Print the version of the schema, or 'none'");
  commands.on(version,
              [](Context& context) { return with_migrator(context, Missing::refuse, [](pg::Migrator&) {}); });
}

void add_reset(Commands& commands, CLI::App& group) {
  const auto yes = std::make_shared<bool>(false);
  CLI::App& reset = commands.add(group, "reset", "Drop everything in the schema, then migrate up");
  reset.add_flag("--yes", *yes, "Really");
  commands.on(reset, [yes](Context& context) {
    if (!*yes) throw UsageError("'migrate reset' deletes everything in the schema: add --yes to do that");
    return with_migrator(context, Missing::create, [](pg::Migrator& migrator) { migrator.reset(); });
  });
}

}  // namespace

void add_migrate(Commands& commands) {
  CLI::App& group = commands.add("migrate", "Schema migrations");
  add_up(commands, group);
  add_down(commands, group);
  add_force(commands, group);
  add_version(commands, group);
  add_reset(commands, group);
}

}  // namespace cli
