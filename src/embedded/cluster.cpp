#include "embedded/cluster.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <system_error>

#include "base/format.hpp"
#include "base/log.hpp"
#include "embedded/account.hpp"
#include "embedded/error.hpp"

namespace embedded {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
constexpr const char* settings_file = "vuln-datasync.conf";

void write_configuration(const fs::path& data) {
  // Readable for the server's account even when root writes them; the directory is closed to all others.
  base::write_file_atomically(
      data / "postgresql.conf",
      base::format("# Settings of the embedded PostgreSQL of vuln-datasync. That file is "
                   "written at each start;\n# what stands below this line wins over it.\n"
                   "include = '{}'\n",
                   settings_file));
  base::write_file_atomically(data / "pg_hba.conf",
                              "# The socket's directory lets nobody in but the server's account and root.\n"
                              "local all all trust\n");
}

void run_or_throw(const std::string& what, base::Command command, std::string_view input,
                  const base::FileLock& turn, const std::stop_token& stop) {
  command.kept = {turn.fd().get()};
  base::RunLimits limits;
  limits.stop = stop;
  const base::RunResult result = base::run(std::move(command), input, limits);
  if (!result.status.success())
    throw Error("cannot " + what + ": " + last_words(result.error + result.output) + " (" +
                result.status.to_string() + ")");
}

bool supports_lz4(const Cluster& cluster) {
  if (cluster.programs.major < 15) return false;  // release notes of PostgreSQL 15: wal_compression
  const auto result = base::run(cluster.command(
      "postgres", {"-D", cluster.data.string(), "-C", "wal_compression", "-c", "wal_compression=lz4"}));
  return result.status.success();
}

std::optional<std::uint64_t> number_in(const fs::path& file) {
  try {
    const std::string text = base::read_file_if_present(file).value_or("");
    std::uint64_t number = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc())
      return std::nullopt;
    return number;
  } catch (const base::FileError&) {
    return std::nullopt;
  }
}

// A line of the server's log without time and process, which stand before the severity.
std::string_view without_prefix(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
  for (const char* severity : {"LOG:", "FATAL:", "PANIC:", "ERROR:", "HINT:", "DETAIL:"}) {
    const std::size_t at = line.find(severity);
    if (at != std::string_view::npos && line.substr(0, at).find(']') != std::string_view::npos)
      return line.substr(at);
  }
  return line;
}

}  // namespace

base::Command Cluster::command(const std::string& program, std::vector<std::string> arguments) const {
  base::Command command;
  command.arguments = std::move(arguments);
  command.arguments.insert(command.arguments.begin(), (programs.directory / program).string());
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view name = std::string_view(*entry).substr(0, std::string_view(*entry).find('='));
    if (name.starts_with("PG")) command.environment.emplace_back(name, std::nullopt);
  }
  command.environment.emplace_back("LC_ALL", "C");
  command.directory = "/";  // the account may not enter ours
  command.account = account;
  return command;
}

std::optional<int> cluster_version(const fs::path& data) {
  std::error_code error;
  if (!fs::exists(data, error)) {
    if (error) throw base::FileError("look at", data, error.value());
    return std::nullopt;
  }
  if (const auto version = number_in(data / "PG_VERSION")) return static_cast<int>(*version);
  if (::rmdir(data.c_str()) == 0) return std::nullopt;  // an empty directory made by hand
  throw Error(data.string() +
              " is not the data directory of a PostgreSQL that we may read: move it away, or choose "
              "another --data-dir");
}

void create_cluster(const Cluster& cluster, const base::FileLock& turn, const std::stop_token& stop) {
  base::log::info("making the embedded PostgreSQL",
                  {{"version", cluster.programs.major}, {"directory", cluster.data.string()}});
  Cluster fresh = cluster;
  fresh.data += ".new";
  base::remove_tree(fresh.data);  // of a run that was killed here
  make_server_directory(fresh.data, fresh.account);
  const std::string data = fresh.data.string();
  run_or_throw(
      "make the embedded database in " + data,
      fresh.command("initdb", {"--pgdata", data, "--username", superuser, "--encoding", "UTF8", "--locale",
                               "C", "--auth", "trust", "--no-instructions", "--no-sync"}),
      {}, turn, stop);
  write_server_settings(fresh);
  write_configuration(fresh.data);
  run_or_throw("make the database " + std::string(database_name) + " in " + data,
               fresh.command("postgres", {"--single", "-F", "-D", data, "postgres"}),
               base::format("CREATE DATABASE {}\n", database_name), turn, stop);
  // Nothing was synced so far (--no-sync, -F): all at once is many times faster than file by file.
  base::sync_file_system(fresh.data);
  if (::rename(data.c_str(), cluster.data.c_str()) != 0)
    throw base::FileError("rename to its final name", fresh.data, errno);
  base::sync_path(cluster.data.parent_path());
}

Machine this_machine(const fs::path& data) {
  Machine machine;
  machine.memory = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                   static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  for (const char* limit : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"})
    machine.memory = std::min(machine.memory, number_in(limit).value_or(machine.memory));
  machine.disk_available = base::disk_space(data).available;
  std::error_code ignored;
  if (fs::exists("/dev/shm", ignored)) machine.shared_memory = base::disk_space("/dev/shm").total;
  return machine;
}

std::string server_settings(const Machine& machine, bool has_lz4) {
  const std::uint64_t memory = machine.memory / mebibyte;
  const std::uint64_t shared_buffers = std::clamp<std::uint64_t>(memory / 8, 128, 512);
  // The log of a big load may grow to this; it must not fill a small disk.
  const std::uint64_t max_wal = std::clamp<std::uint64_t>(machine.disk_available / mebibyte / 8, 512, 4096);
  // Containers have 64 MB there by default, which parallel queries exceed.
  const char* const shared_memory = machine.shared_memory >= 256 * mebibyte ? "posix" : "mmap";
  return base::format(
      R"(# Written by vuln-datasync at each start of the server. Put your own settings into postgresql.conf.
cluster_name = 'vuln-datasync'
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 120  # the default of DB_MAX_CONNS, and what superusers, jobs and an operator need

# Nothing is bought with durability.
fsync = on
synchronous_commit = on
full_page_writes = on

# A private instance archives nothing and replicates nowhere, so that building an index writes the index, not also
# its log. Crash recovery is the same.
wal_level = minimal
max_wal_senders = 0
wal_compression = {}
max_wal_size = {}MB
checkpoint_timeout = 15min

shared_buffers = {}MB
effective_cache_size = {}MB
work_mem = 32MB
maintenance_work_mem = {}MB
dynamic_shared_memory_type = {}
effective_io_concurrency = 16
random_page_cost = 1.1
jit = off
autovacuum = on

timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.english'

logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] %a '
)",
      has_lz4 ? "lz4" : "on", max_wal, shared_buffers, std::max<std::uint64_t>(memory / 2, 256),
      std::clamp<std::uint64_t>(memory / 16, 64, 256), shared_memory);
}

void write_server_settings(const Cluster& cluster) {
  base::write_file_atomically(cluster.data / settings_file,
                              server_settings(this_machine(cluster.data), supports_lz4(cluster)));
}

std::string last_words(std::string_view text) {
  constexpr std::array<std::string_view, 6> telling_words{
      "FATAL:", "PANIC:", "ERROR:", "error:", "could not", "unrecognized"};
  std::vector<std::string_view> telling;
  std::vector<std::string_view> all;
  bool goes_on = false;  // a hint belongs to the line before it
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = without_prefix(text.substr(begin, end - begin));
    begin = end + 1;
    if (line.empty()) continue;
    all.push_back(line);
    const auto in_line = [&](std::string_view word) { return line.find(word) != std::string_view::npos; };
    goes_on = (goes_on && line.starts_with("HINT:")) ||
              std::any_of(telling_words.begin(), telling_words.end(), in_line);
    if (goes_on) telling.push_back(line);
  }
  const auto& lines = telling.empty() ? all : telling;
  if (lines.empty()) return "it said nothing";
  std::string words;
  for (std::size_t i = lines.size() - std::min<std::size_t>(lines.size(), 3); i < lines.size(); ++i)
    words += (words.empty() ? "" : "; ") + std::string(lines[i]);
  return words;
}

}  // namespace embedded
