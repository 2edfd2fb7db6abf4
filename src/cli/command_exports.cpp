// exports list | verify VERSION [--files] | prune [--dry-run]; each with [--output DIR]
#include <CLI/App.hpp>
#include <memory>

#include "base/format.hpp"
#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/error.hpp"
#include "cli/json_output.hpp"
#include "cli/snapshot_options.hpp"
#include "snapshot/directory.hpp"
#include "snapshot/export_row.hpp"
#include "snapshot/retention.hpp"
#include "snapshot/verify.hpp"

namespace cli {

namespace {

struct ExportsFlags {
  std::string output;
  std::string version;
  bool files_only = false;
  bool dry_run = false;
};

std::string format_names(const snapshot::Manifest& manifest) {
  std::string names;
  for (const snapshot::Format format : manifest.formats)
    names.append(names.empty() ? "" : ",").append(snapshot::to_string(format));
  return names;
}

base::json::Value as_json(const snapshot::Manifest& manifest, bool latest, base::Arena& arena) {
  std::vector<std::string> formats;
  for (const snapshot::Format format : manifest.formats) formats.emplace_back(snapshot::to_string(format));
  return base::json::ObjectBuilder(arena)
      .add("version", arena.copy(manifest.version))
      .add("latest", base::json::Value::boolean(latest))
      .add("built_at", arena.copy(manifest.built_at))
      .add("formats", json_strings(formats, arena))
      .add("vulnerabilities", json_number(static_cast<std::int64_t>(manifest.vulnerabilities()), arena))
      .add("files", json_number(static_cast<std::int64_t>(manifest.files.size()), arena))
      .add("bytes", json_number(static_cast<std::int64_t>(manifest.bytes()), arena))
      .add("digest", arena.copy(manifest.digest))
      .add("signed_by", manifest.signed_by ? base::json::Value::string(arena.copy(*manifest.signed_by))
                                           : base::json::Value())
      .finish();
}

int list(Context& context, const ExportsFlags& flags) {
  const snapshot::Directory directory(exports_directory(context, flags.output));
  const auto versions = directory.versions();
  Table table({"VERSION", "VULNERABILITIES", "SIZE", "FORMATS", "SIGNED BY"});
  base::Arena arena;
  for (const std::string& version : versions) {
    const snapshot::Manifest manifest = directory.manifest(version);
    if (context.output().wants_json())
      context.output().json(as_json(manifest, version == versions.back(), arena));
    table.add({version, std::to_string(manifest.vulnerabilities()), size_text(manifest.bytes()),
               format_names(manifest), manifest.signed_by.value_or("-")});
  }
  if (!context.output().wants_json() && !table.empty()) context.output().print(table.to_string());
  return 0;
}

int verify(Context& context, const ExportsFlags& flags) {
  const snapshot::Directory directory(exports_directory(context, flags.output));
  std::string version = flags.version;
  if (version == "latest") version = directory.newest().value_or(version);
  const snapshot::Reading reading(directory, version);
  const auto key = keys_of(context).public_key();
  const snapshot::Manifest manifest = snapshot::verify_files(directory, version, key);
  if (!flags.files_only) {
    // Any server will do for the trial; the database that the snapshot was made of is one that is there.
    Database database(context, Database::Missing::create);
    snapshot::verify_content(directory.path_of(version), manifest, scratch_settings(context, database),
                             context.stop());
  }
  const std::string signature = key                  ? "signed by " + snapshot::key_name(key->number)
                                : manifest.signed_by ? "its signature was not checked: there is no key here"
                                                     : "not signed";
  if (context.output().wants_json()) {
    base::Arena arena;
    context.output().json(
        base::json::ObjectBuilder(arena)
            .add("version", arena.copy(version))
            .add("state", "verified")
            .add("files", json_number(static_cast<std::int64_t>(manifest.files.size()), arena))
            .add("restored", base::json::Value::boolean(!flags.files_only))
            .add("signature_checked", base::json::Value::boolean(key.has_value()))
            .add("digest", arena.copy(manifest.digest))
            .finish());
  } else {
    context.output().line(base::format("snapshot {} is whole: {} files, {}, {}{}", version,
                                       manifest.files.size(), size_text(manifest.bytes()), signature,
                                       flags.files_only ? "" : "; its content has the digest it names"));
  }
  return 0;
}

void note_removals(Context& context, const snapshot::Directory& directory,
                   const std::vector<std::string>& removed) {
  if (removed.empty() || !database_exists(context)) return;
  try {
    Database database(context, Database::Missing::refuse);
    pg::Connection connection = database.connect_migrated(Database::Route::direct);
    for (const std::string& version : removed) snapshot::note_removal(connection, directory, version);
  } catch (const base::Error& error) {
    base::log::warn("the removal is not noted in the table exports", {{"reason", error.what()}});
  }
}

int prune(Context& context, const ExportsFlags& flags) {
  const snapshot::Retention retention = retention_of(context);
  const snapshot::Directory directory(exports_directory(context, flags.output));
  const auto chosen = snapshot::to_remove(directory.versions(), retention);
  std::optional<snapshot::Turn> turn;
  if (!flags.dry_run && !chosen.empty()) turn.emplace(directory);
  std::vector<std::string> removed;
  base::Arena arena;
  for (const std::string& version : chosen) {
    const char* word = "would remove";
    if (turn) word = turn->remove(version) ? "removed" : "kept, somebody reads it:";
    if (turn && word == std::string_view("removed")) removed.push_back(version);
    if (context.output().wants_json())
      context.output().json(base::json::ObjectBuilder(arena)
                                .add("version", arena.copy(version))
                                .add("state", !turn          ? "would remove"
                                              : *word == 'r' ? "removed"
                                                             : "in use")
                                .finish());
    else
      context.output().line(base::format("{} {}", word, version));
  }
  note_removals(context, directory, removed);
  return 0;
}

}  // namespace

void add_exports(Commands& commands) {
  CLI::App& group = commands.add("exports", "The snapshots that exist");
  const auto flags = std::make_shared<ExportsFlags>();
  const auto add = [&](const char* name, const char* description,
                       int (*run)(Context&, const ExportsFlags&)) -> CLI::App& {
    CLI::App& command = commands.add(group, name, description);
    command
        .add_option("--output", flags->output, "Where snapshots lie (default: exports in the data directory)")
        ->type_name("DIR");
    commands.on(command, [flags, run](Context& context) { return run(context, *flags); });
    return command;
  };
  add("list", "Snapshots with their sizes, oldest first", list);
  CLI::App& check = add("verify", "Check hashes and signature, then restore and compare the content", verify);
  check.add_option("VERSION", flags->version, "A version, or latest")->required();
  check.add_flag("--files", flags->files_only, "Hashes and signature only");
  add("prune", "Remove the snapshots that EXPORT_RETENTION does not keep", prune)
      .add_flag("--dry-run", flags->dry_run, "Only say which");
}

}  // namespace cli
