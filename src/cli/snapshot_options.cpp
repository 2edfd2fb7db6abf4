#include "cli/snapshot_options.hpp"

#include <algorithm>
#include <memory>
#include <thread>

#include "base/format.hpp"
#include "base/log.hpp"
#include "cli/error.hpp"
#include "embedded/postgres.hpp"

namespace cli {

namespace {

std::vector<snapshot::Format> formats_called(const std::vector<std::string>& names) {
  std::vector<snapshot::Format> formats;
  for (const std::string& name : names)
    if (!snapshot::format_from(name))
      throw UsageError("there is no format '" + name + "': postgres, osv or jsonl");
  for (const snapshot::Format format : snapshot::all_formats)
    if (names.empty() || std::find(names.begin(), names.end(), snapshot::to_string(format)) != names.end())
      formats.push_back(format);
  return formats;
}

}  // namespace

std::filesystem::path exports_directory(const Context& context, const std::string& output) {
  return output.empty() ? context.settings().data_dir / "exports" : std::filesystem::absolute(output);
}

snapshot::KeyDirectory keys_of(const Context& context) {
  return snapshot::KeyDirectory(context.settings().data_dir / "keys");
}

snapshot::ScratchSettings scratch_settings(const Context& context, const Database& database) {
  snapshot::ScratchSettings scratch;
  scratch.server = database.settings(Database::Route::direct);
  scratch.start_private = [&context] {
    base::log::info("the database's role may not make databases: trying the restore on a private server");
    const embedded::PostgresSettings settings{context.settings().data_dir / "scratch", context.stop()};
    auto server = std::make_shared<embedded::Postgres>(settings);
    std::string url = server->url();
    return snapshot::ScratchServer{std::move(url), std::move(server)};
  };
  return scratch;
}

snapshot::ExportOptions export_options(const Context& context, const Database& database,
                                       const std::vector<std::string>& formats, const std::string& output) {
  snapshot::ExportOptions options;
  options.formats = formats_called(formats);
  options.database = database.settings(Database::Route::direct);
  options.directory = exports_directory(context, output);
  options.enabled_sources = context.settings().sources.enabled;
  options.key = keys_of(context).secret_key();
  options.scratch = scratch_settings(context, database);
  options.threads = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
  options.stop = context.stop();
  return options;
}

snapshot::Retention retention_of(const Context& context) {
  const std::string& rule = context.settings().service.export_retention;
  if (const auto retention = snapshot::parse_retention(rule)) return *retention;
  throw UsageError("EXPORT_RETENTION is '" + rule + "'; write it as in '7 daily, 4 weekly, 12 monthly'");
}

std::string size_text(std::uint64_t bytes) {
  constexpr const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (size >= 1024 && unit + 1 < std::size(units)) {
    size /= 1024;
    ++unit;
  }
  return unit == 0 ? base::format("{} B", bytes) : base::format("{:.1f} {}", size, units[unit]);
}

}  // namespace cli
