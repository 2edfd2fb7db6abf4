#include "cli/snapshot_options.hpp"

#include <memory>

#include "base/format.hpp"
#include "base/log.hpp"
#include "embedded/postgres.hpp"

namespace cli {

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
