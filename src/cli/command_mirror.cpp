// mirror DIR [--source NAME]... [--full] [--index]
#include <CLI/App.hpp>
#include <memory>

#include "base/format.hpp"
#include "cli/commands.hpp"
#include "cli/error.hpp"
#include "cli/program.hpp"
#include "cli/sync_options.hpp"
#include "fetch/mirror_index.hpp"
#include "fetch/mirror_writer.hpp"

namespace cli {

namespace {

struct MirrorFlags {
  std::string directory;
  std::vector<std::string> sources;
  bool full = false;
  bool index = false;
};

fetch::MirrorOptions options_from(const Context& context, const MirrorFlags& flags) {
  const SourceSettings& sources = context.settings().sources;
  if (!sources.mirror.empty())
    throw UsageError("a mirror is made of the sources themselves: unset SOURCE_MIRROR, or copy that mirror");
  fetch::MirrorOptions options;
  options.directory = std::filesystem::absolute(flags.directory);
  for (const advisory::Source source :
       sources_called(flags.sources.empty() ? sources.enabled : flags.sources))
    options.sources.emplace_back(advisory::to_string(source));
  options.live = live_settings(sources);
  options.reconcile_interval = sources.reconcile_interval;
  options.full = flags.full;
  options.stop = context.stop();
  options.note = [quiet = context.quiet()](std::string_view source, std::string_view what) {
    if (!quiet)
      std::fprintf(stderr, "%s\n", base::format("{}{}{}", source, source.empty() ? "" : ": ", what).c_str());
  };
  return options;
}

using Results = std::map<std::string, fetch::MirroredSource>;

std::string text_of(const Results& results) {
  std::string text;
  for (const auto& [source, result] : results) {
    if (!result.error.empty())
      text += base::format("{:<7} failed: {}\n", source, result.error);
    else if (result.records > 0)
      text += base::format("{:<7} {}: {} records, {} bytes fetched\n", source, result.mode, result.records,
                           result.bytes_fetched);
    else
      text += base::format("{:<7} {}: {} bytes fetched\n", source, result.mode, result.bytes_fetched);
  }
  return text;
}

base::json::Value json_of(const Results& results, base::Arena& arena) {
  base::json::ObjectBuilder sources(arena);
  for (const auto& [source, result] : results) {
    const auto number = [&](std::uint64_t value) {
      return base::json::Value::number(arena.copy(std::to_string(value)));
    };
    base::json::ObjectBuilder object(arena);
    object.add_unless_empty("mode", base::json::Value::string(result.mode));
    object.add("bytes_fetched", number(result.bytes_fetched));
    object.add("records", number(result.records));
    object.add_unless_empty("error", base::json::Value::string(result.error));
    sources.add(source, object.finish());
  }
  return base::json::ObjectBuilder(arena).add("sources", sources.finish()).finish();
}

int mirror(Context& context, const MirrorFlags& flags) {
  if (flags.index) {
    fetch::write_mirror_index(std::filesystem::absolute(flags.directory));
    return done;
  }
  const Results results = fetch::write_mirror(options_from(context, flags));
  base::Arena arena;
  if (context.output().wants_json())
    context.output().json(json_of(results, arena));
  else
    context.output().write(text_of(results));
  std::size_t failures = 0;
  for (const auto& [source, result] : results) failures += result.error.empty() ? 0 : 1;
  if (failures == 0) return done;
  return failures == results.size() ? failed : done_in_part;
}

}  // namespace

void add_mirror(Commands& commands) {
  const auto flags = std::make_shared<MirrorFlags>();
  CLI::App& command = commands.add(
      "mirror", "Download the sources into a directory, for sync --mirror where there is no network");
  command.add_option("DIR", flags->directory, "The mirror; made when missing, brought up to date otherwise")
      ->required();
  add_source_option(command, flags->sources);
  command.add_flag("--full", flags->full, "Fetch the archives again, whether they changed or not");
  command.add_flag(
      "--index", flags->index,
      "Only write mirror.json for the files that lie in DIR, so that it can be served over HTTP");
  commands.on(command, [flags](Context& context) { return mirror(context, *flags); });
}

}  // namespace cli
