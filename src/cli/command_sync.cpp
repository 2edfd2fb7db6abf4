// sync [--source NAME]... [--full] [--dry-run] [--mirror DIR] [--report FILE] [--no-wait]
// [--allow-mass-delete]
#include <CLI/App.hpp>
#include <memory>

#include "base/files.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/progress_display.hpp"
#include "cli/sync_options.hpp"
#include "pipeline/sync.hpp"

namespace cli {

namespace {

struct SyncFlags {
  std::vector<std::string> sources;
  bool full = false;
  bool dry_run = false;
  std::string report_file;
  bool no_wait = false;
  bool allow_mass_delete = false;
};

pipeline::Options options_from(const Context& context, const SyncFlags& flags) {
  pipeline::Options options = sync_options(context, flags.sources, flags.full);
  options.dry_run = flags.dry_run;
  options.wait = !flags.no_wait;
  options.allow_mass_delete = flags.allow_mass_delete;
  return options;
}

int sync(Context& context, const SyncFlags& flags) {
  pipeline::Options options = options_from(context, flags);
  // A dry run reads the database that there is, and makes none.
  std::optional<Database> database;
  if (!flags.dry_run || database_exists(context)) {
    database.emplace(context, flags.dry_run ? Database::Missing::refuse : Database::Missing::create);
    database->keep_alive();  // a load goes on where an embedded server that was killed is back
    if (flags.dry_run)
      database->connect_migrated(Database::Route::direct);
    else
      database->migrate();
    options.database = database->settings(Database::Route::direct);
  }
  ProgressDisplay display(context.quiet());
  options.progress = &display;
  const pipeline::Report report = pipeline::sync(options);
  display.finish();
  const std::string json = pipeline::to_json(report) + "\n";
  if (!flags.report_file.empty()) base::write_file_atomically(flags.report_file, json);
  if (context.output().wants_json())
    context.output().write(json);
  else
    context.output().print(report_text(report));
  return exit_status(report);
}

}  // namespace

void add_sync(Commands& commands) {
  const auto flags = std::make_shared<SyncFlags>();
  CLI::App& command = commands.add("sync", "Bring the database up to the state of the sources: the main job");
  add_source_option(command, flags->sources);
  command.add_flag("--full", flags->full, "Read everything again, whether it changed or not");
  command.add_flag("--dry-run", flags->dry_run, "Count what would change and write nothing");
  commands.overrides(command, "--mirror", "SOURCE_MIRROR", "DIR",
                     "Read the sources from a mirror: a directory, or an http(s):// URL");
  command.add_option("--report", flags->report_file, "Write the report as JSON to this file")
      ->type_name("FILE");
  command.add_flag("--no-wait", flags->no_wait, "Fail at once when another sync is writing");
  command.add_flag("--allow-mass-delete", flags->allow_mass_delete,
                   "Take in a state that loses, withdraws or cannot read more than a tenth of a source");
  commands.on(command, [flags](Context& context) { return sync(context, *flags); });
}

}  // namespace cli
