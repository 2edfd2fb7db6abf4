#include "snapshot/postgres_tools.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <system_error>

#include "base/format.hpp"
#include "pg/child.hpp"
#include "store/generated/snapshot.hpp"

namespace snapshot {

namespace fs = std::filesystem;

namespace {

/// What a consumer gets. The rest is about running a synchroniser: jobs, runs, leases, quarantine, the bytes
/// as received (more than half of the database; `show --raw` and the API have them), and the change feed,
/// which goes on at the manifest's cursor.
constexpr std::array<std::string_view, 6> consumer_relations{"affected_packages",     "content_twins",
                                                             "source_disagreements",  "vulnerabilities",
                                                             "vulnerability_aliases", "vulnerability_stats"};

// zlib's levels: 6, pg_dump's default, makes the file 8 % smaller and takes up to 1.4 times as long.
constexpr const char* compression = "--compress=4";

void add_folders(std::vector<fs::path>& found, const fs::path& parent, const std::string& prefix,
                 const fs::path& below) {
  std::error_code error;
  for (fs::directory_iterator entry(parent, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().filename().string().starts_with(prefix)) found.push_back(entry->path() / below);
}

// The major version in "pg_dump (PostgreSQL) 15.4 (Debian ...)".
std::optional<int> version_of(const fs::path& program) {
  constexpr std::string_view marker = "(PostgreSQL) ";
  std::error_code ignored;
  if (!fs::exists(program, ignored)) return std::nullopt;
  try {
    const std::string text = base::run({.arguments = {program.string(), "--version"}}).output;
    const std::size_t at = text.find(marker);
    int major = 0;
    if (at == std::string::npos ||
        std::from_chars(text.data() + at + marker.size(), text.data() + text.size(), major).ec != std::errc())
      return std::nullopt;
    return major;
  } catch (const base::ProcessError&) {
    return std::nullopt;  // not executable here: as good as not installed
  }
}

std::vector<PostgresTools> installed_tools() {
  std::vector<fs::path> folders;
  add_folders(folders, "/usr/lib/postgresql", "", "bin");  // Debian, Ubuntu
  add_folders(folders, "/usr", "pgsql-", "bin");           // the PostgreSQL project's packages for RHEL
  add_folders(folders, "/usr/lib", "postgresql", "bin");   // SUSE
  add_folders(folders, "/usr/libexec", "postgresql", "");  // Alpine
  if (const fs::path in_path = base::find_program("pg_dump"); !in_path.empty())
    folders.push_back(in_path.parent_path());
  std::vector<PostgresTools> tools;
  for (const fs::path& folder : folders) {
    const auto major = version_of(folder / "pg_dump");
    std::error_code ignored;
    if (major && fs::exists(folder / "pg_restore", ignored))
      tools.push_back({folder / "pg_dump", folder / "pg_restore", *major});
  }
  std::stable_sort(tools.begin(), tools.end(),
                   [](const auto& a, const auto& b) { return a.major < b.major; });
  return tools;
}

base::Command command_of(std::vector<std::string> arguments,
                         const std::vector<std::pair<std::string, std::string>>& environment) {
  base::Command command;
  command.arguments = std::move(arguments);
  command.environment.assign(environment.begin(), environment.end());
  command.environment.emplace_back("PGAPPNAME", "vuln-datasync export");
  command.environment.emplace_back("LC_ALL", "C");
  return command;
}

std::string last_lines(const std::string& text) {
  constexpr std::size_t enough = 600;
  std::string words = text.size() > enough ? text.substr(text.size() - enough) : text;
  while (words.ends_with('\n')) words.pop_back();
  std::replace(words.begin(), words.end(), '\n', ' ');
  return words.empty() ? "it said nothing" : words;
}

std::vector<std::string> excluded_relations(pg::Connection& connection) {
  std::vector<std::string> arguments;
  for (const auto& relation : store::sql::relations_of_schema(connection))
    if (std::find(consumer_relations.begin(), consumer_relations.end(), relation.name) ==
        consumer_relations.end())
      arguments.push_back("--exclude-table=" + pg::quote_identifier(connection.schema()) + "." +
                          pg::quote_identifier(relation.name));
  return arguments;
}

}  // namespace

PostgresTools find_postgres_tools(int server_version) {
  const int needed = server_version / 10000;
  const std::vector<PostgresTools> installed = installed_tools();
  for (const PostgresTools& tools : installed)
    if (tools.major >= needed) return tools;
  const std::string have =
      installed.empty() ? "there is no pg_dump here"
                        : base::format("the newest pg_dump here is of version {}", installed.back().major);
  throw ToolError(
      base::format("the server is PostgreSQL {} and {}: install the package postgresql-client-{}, "
                   "or export without the format postgres",
                   needed, have, needed));
}

PostgresDump::PostgresDump(const PostgresTools& tools, pg::Connection& connection,
                           const std::string& transaction, const fs::path& file)
    : words_(base::open_file(directory_.path() / "words", O_RDWR | O_CREAT, 0600)) {
  std::vector<std::string> arguments{tools.pg_dump.string(),
                                     "--format=custom",
                                     "--no-acl",
                                     "--no-publications",
                                     "--no-subscriptions",
                                     "--no-tablespaces",
                                     "--no-toast-compression",  // a server may be built without lz4
                                     compression,
                                     "--snapshot=" + transaction,
                                     "--schema=" + pg::quote_identifier(connection.schema()),
                                     "--file=" + file.string()};
  for (std::string& argument : excluded_relations(connection)) arguments.push_back(std::move(argument));
  base::Command command = command_of(std::move(arguments), pg::environment_of(connection));
  command.error = base::Stream::file(words_);
  process_.emplace(command);
}

void PostgresDump::judge(const base::ExitStatus& status) {
  if (status.success()) return;
  throw ToolError(base::format("pg_dump failed ({}): {}", status.to_string(),
                               last_lines(base::read_file(directory_.path() / "words"))));
}

void PostgresDump::check() {
  if (const auto status = process_->wait_for(std::chrono::milliseconds(0))) judge(*status);
}

void PostgresDump::wait(const std::stop_token& stop) {
  for (;;) {
    if (const auto status = process_->wait_for(std::chrono::milliseconds(100))) return judge(*status);
    if (stop.stop_requested()) throw ToolError("interrupted while pg_dump was running");
  }
}

void restore_dump(const PostgresTools& tools, const pg::Connection& connection, const std::string& database,
                  const fs::path& file, const std::stop_token& stop) {
  base::Command command = command_of(
      {tools.pg_restore.string(), "--exit-on-error", "--jobs=2", "--dbname=" + database, file.string()},
      pg::environment_of(connection, database));
  // The database is dropped again: its commits need not wait for the disk.
  command.environment.emplace_back("PGOPTIONS", "-c synchronous_commit=off");
  command.output = base::Stream::null();
  command.error = base::Stream::pipe();
  base::RunLimits limits;
  limits.stop = stop;
  const base::RunResult result = base::run(std::move(command), {}, limits);
  if (!result.status.success())
    throw ToolError(base::format("pg_restore of {} failed ({}): {}", file.string(), result.status.to_string(),
                                 last_lines(result.error)));
}

}  // namespace snapshot
