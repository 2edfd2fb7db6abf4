// The data directory of the embedded PostgreSQL: made whole or not at all, and set up for a small machine
// without giving up durability.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/process.hpp"
#include "embedded/programs.hpp"

namespace embedded {

constexpr const char* database_name = "vulndb";
constexpr const char* superuser = "postgres";

struct Cluster {
  std::filesystem::path data;
  std::optional<base::Account> account;
  PostgresPrograms programs;

  /// One of the server's programs with its arguments, run as its account in an environment that means nothing
  /// to PostgreSQL.
  base::Command command(const std::string& program, std::vector<std::string> arguments) const;
};

/// The major version of the PostgreSQL that made the data directory; nothing when there is none yet. Throws
/// Error when `data` is something else.
std::optional<int> cluster_version(const std::filesystem::path& data);

/// Makes the data directory, UTF8 with C collation whatever the locale, with the empty database `vulndb`:
/// written aside and renamed, so that it is complete or absent. The programs it runs keep `turn`: should we
/// be killed, the next command waits for them to end. Throws Error with the last words of the program that
/// failed.
void create_cluster(const Cluster& cluster, const base::FileLock& turn, const std::stop_token& stop);

/// What the settings depend on.
struct Machine {
  std::uint64_t memory = 0;          // that we may use, in bytes
  std::uint64_t disk_available = 0;  // where the data directory is
  std::uint64_t shared_memory = 0;   // size of /dev/shm
};

/// This machine, or the container's share of it.
Machine this_machine(const std::filesystem::path& data);

/// The settings file of the server. Durable: fsync and synchronous_commit stay on.
std::string server_settings(const Machine& machine, bool has_lz4);

/// Writes the settings for this machine into the data directory `data` of `cluster`.
void write_server_settings(const Cluster& cluster);

/// The lines of a server's or initdb's text that say what went wrong, joined into one; the last lines where
/// none does.
std::string last_words(std::string_view text);

}  // namespace embedded
