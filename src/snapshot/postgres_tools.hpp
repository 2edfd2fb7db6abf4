// pg_dump and pg_restore: which to take, and how they are run beside our connections.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/process.hpp"
#include "pg/connection.hpp"

namespace snapshot {

/// pg_dump or pg_restore is missing, too old, or failed; the message has its last words.
class ToolError : public base::Error {
 public:
  using Error::Error;
};

struct PostgresTools {
  std::filesystem::path pg_dump;
  std::filesystem::path pg_restore;
  int major = 0;
};

/// The oldest installed tools that are not older than the server (`server_version` as libpq counts): what
/// they write can be restored by the server's own version and every newer one. Throws ToolError that names
/// the Debian package to install.
PostgresTools find_postgres_tools(int server_version);

/// A running pg_dump of the schema without the relations that consumers have no use for.
class PostgresDump {
 public:
  /// Starts it within the exported transaction `transaction` of `connection`, which stays open meanwhile.
  PostgresDump(const PostgresTools& tools, pg::Connection& connection, const std::string& transaction,
               const std::filesystem::path& file);

  /// Throws ToolError when it has ended with an error already.
  void check();
  /// Waits for its end. Throws ToolError when it failed or `stop` was asked for.
  void wait(const std::stop_token& stop);

 private:
  void judge(const base::ExitStatus& status);

  base::TemporaryDirectory directory_;
  base::Fd words_;  // its standard error
  std::optional<base::Process> process_;
};

/// Restores a dump into the database `database` on the server of `connection`, as anybody would. Throws
/// ToolError when it fails or `stop` was asked for.
void restore_dump(const PostgresTools& tools, const pg::Connection& connection, const std::string& database,
                  const std::filesystem::path& file, const std::stop_token& stop);

}  // namespace snapshot
