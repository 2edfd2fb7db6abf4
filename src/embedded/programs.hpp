// The installed PostgreSQL: where its programs are and which version they have.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

namespace embedded {

constexpr int oldest_postgres = 14;

struct PostgresPrograms {
  std::filesystem::path directory;  // initdb, postgres and psql stand here
  int major = 0;
};

/// Every installed server of version 14 or later, newest first: the distributions' folders
/// (/usr/lib/postgresql/N/bin, /usr/pgsql-N/bin, /usr/lib/postgresqlN/bin, /usr/libexec/postgresqlN), then
/// PATH.
std::vector<PostgresPrograms> find_postgres_programs();

/// The programs for a data directory of version `major`, or, with nothing, the newest. Throws Error that
/// names the package to install.
PostgresPrograms choose_postgres_programs(std::optional<int> major, const std::filesystem::path& data);

/// The major version in the output of `postgres --version` ("postgres (PostgreSQL) 15.4 (Debian ...)",
/// "16beta1"), or nothing.
std::optional<int> parse_postgres_version(std::string_view text);

}  // namespace embedded
