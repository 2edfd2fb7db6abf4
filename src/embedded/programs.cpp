#include "embedded/programs.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>

#include "base/process.hpp"
#include "embedded/error.hpp"

namespace embedded {

namespace fs = std::filesystem;

namespace {

bool has_server(const fs::path& directory) {
  std::error_code ignored;
  return fs::exists(directory / "postgres", ignored) && fs::exists(directory / "initdb", ignored);
}

// Entries of `parent` whose name starts with `prefix`, with `below` appended.
void add_folders(std::vector<fs::path>& found, const fs::path& parent, const std::string& prefix,
                 const fs::path& below) {
  std::error_code error;
  for (fs::directory_iterator entry(parent, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().filename().string().starts_with(prefix)) found.push_back(entry->path() / below);
}

std::vector<fs::path> folders_to_look_in() {
  std::vector<fs::path> found;
  add_folders(found, "/usr/lib/postgresql", "", "bin");  // Debian, Ubuntu
  add_folders(found, "/usr", "pgsql-", "bin");           // the PostgreSQL project's packages for RHEL
  add_folders(found, "/usr/lib", "postgresql", "bin");   // SUSE
  add_folders(found, "/usr/libexec", "postgresql", "");  // Alpine
  const fs::path in_path = base::find_program("initdb");
  std::error_code ignored;
  if (!in_path.empty()) found.push_back(fs::weakly_canonical(in_path, ignored).parent_path());
  return found;
}

std::optional<int> version_of(const fs::path& directory) {
  try {
    return parse_postgres_version(base::run({{(directory / "postgres").string(), "--version"}}).output);
  } catch (const base::ProcessError&) {
    return std::nullopt;  // not executable here: as good as not installed
  }
}

}  // namespace

std::optional<int> parse_postgres_version(std::string_view text) {
  constexpr std::string_view marker = "(PostgreSQL) ";
  const std::size_t at = text.find(marker);
  if (at == std::string_view::npos) return std::nullopt;
  int major = 0;
  const char* const begin = text.data() + at + marker.size();
  const auto result = std::from_chars(begin, text.data() + text.size(), major);
  if (result.ec != std::errc()) return std::nullopt;
  return major;
}

std::vector<PostgresPrograms> find_postgres_programs() {
  std::vector<PostgresPrograms> result;
  for (const fs::path& folder : folders_to_look_in()) {
    if (!has_server(folder)) continue;
    const auto major = version_of(folder);
    if (major && *major >= oldest_postgres) result.push_back({folder, *major});
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const auto& a, const auto& b) { return a.major > b.major; });
  return result;
}

PostgresPrograms choose_postgres_programs(std::optional<int> major, const fs::path& data) {
  const std::vector<PostgresPrograms> installed = find_postgres_programs();
  if (!major && installed.empty())
    throw Error(
        "no PostgreSQL server of version " + std::to_string(oldest_postgres) +
        " or later is installed: install the package postgresql, or set DATABASE_URL to a running server");
  if (!major) return installed.front();
  for (const PostgresPrograms& programs : installed)
    if (programs.major == *major) return programs;
  const std::string needed = std::to_string(*major);
  throw Error("the embedded database in " + data.string() + " was made by PostgreSQL " + needed +
              ", whose programs are not installed: install the package postgresql-" + needed +
              ", or move that directory away and sync again");
}

}  // namespace embedded
