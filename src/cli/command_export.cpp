// export [--format postgres|osv|jsonl]... [--output DIR] [--allow-stale] [--allow-shrink]
#include <CLI/App.hpp>
#include <memory>

#include "base/format.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/progress_display.hpp"
#include "cli/snapshot_options.hpp"
#include "snapshot/export.hpp"

namespace cli {

namespace {

struct ExportFlags {
  std::vector<std::string> formats;
  std::string output;
  bool allow_stale = false;
  bool allow_shrink = false;
};

void show(Context& context, const snapshot::ExportResult& result, const std::filesystem::path& directory) {
  const snapshot::Manifest& manifest = result.manifest;
  const std::string path = (directory / manifest.version).string();
  if (context.output().wants_json()) {
    base::Arena arena;
    base::json::ObjectBuilder object(arena);
    for (const auto& [key, value] : snapshot::to_json(result, arena).members()) object.add(key, value);
    context.output().json(object.add("path", arena.copy(path)).finish());
    return;
  }
  if (!result.published) {
    context.output().line(
        base::format("unchanged since snapshot {}, which stays the newest", manifest.version));
    return;
  }
  context.output().line(base::format("snapshot {}: {} vulnerabilities, {} in {} files, {}", manifest.version,
                                     manifest.vulnerabilities(), size_text(manifest.bytes()),
                                     manifest.files.size(),
                                     manifest.signed_by ? "signed by " + *manifest.signed_by : "not signed"));
  context.output().line(base::format("{}\nwritten in {:.1f} s, checked in {:.1f} s", path, result.seconds,
                                     result.gate_seconds));
}

int run(Context& context, const ExportFlags& flags) {
  Database database(context, Database::Missing::refuse);
  database.connect_migrated(Database::Route::direct);
  snapshot::ExportOptions options = export_options(context, database, flags.formats, flags.output);
  options.allow_stale = flags.allow_stale;
  options.allow_shrink = flags.allow_shrink;
  options.stop = context.stop();
  ProgressDisplay display(context.quiet());
  std::string stage;
  std::uint64_t shown = 0;
  options.progress = [&](std::string_view name, std::uint64_t done, std::uint64_t total) {
    if (name != stage) display.begin(name, "", total);
    if (name != stage) shown = 0;
    stage = name;
    display.advance(done - shown);
    shown = done;
  };
  const snapshot::ExportResult result = snapshot::export_snapshot(options);
  display.finish();
  show(context, result, options.directory);
  return 0;
}

}  // namespace

void add_export(Commands& commands) {
  const auto flags = std::make_shared<ExportFlags>();
  CLI::App& command = commands.add("export", "Publish a snapshot of the whole database as files");
  command.add_option("--format", flags->formats, "Only this format: postgres, osv or jsonl; may be repeated")
      ->type_name("NAME");
  command
      .add_option("--output", flags->output, "Where snapshots lie (default: exports in the data directory)")
      ->type_name("DIR");
  command.add_flag("--allow-stale", flags->allow_stale, "Although a source is older than its limit");
  command.add_flag("--allow-shrink", flags->allow_shrink,
                   "Although a tenth of the previous snapshot's vulnerabilities is gone");
  commands.on(command, [flags](Context& context) { return run(context, *flags); });
}

}  // namespace cli
