// The embedded PostgreSQL: a private instance of the installed server, in use as long as this object lives.
//
//   embedded::Postgres postgres({data_dir});
//   connect(postgres.url());
//
// The server is started by the first command that needs it, shared by all that run at the same time, and
// stopped by the last one, unless it is kept. Whoever is killed, server or command, the next command finds
// its way. Processes and locks: embedded/usage.hpp.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "base/files.hpp"
#include "embedded/postmaster.hpp"
#include "embedded/usage.hpp"

namespace embedded {

struct PostgresSettings {
  /// The program's data directory; the server's is `postgres` in it. Made when missing.
  std::filesystem::path data_dir;
  /// A stop request ends waiting; a server that has to be stopped then is told to, but not waited for long.
  std::stop_token stop = {};
  /// For a start with recovery after a crash.
  std::chrono::seconds start_limit = std::chrono::minutes(10);
};

class Postgres {
 public:
  /// Makes and starts the server where needed, and counts us as its user. Throws Error or base::FileError.
  explicit Postgres(const PostgresSettings& settings);
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;
  /// Leaves, as leave() does; a failure is logged.
  ~Postgres();

  /// A libpq URI of the database `vulndb` (https://www.postgresql.org/docs/current/libpq-connect.html), free
  /// of secrets: the socket's directory lets in nobody else.
  const std::string& url() const { return url_; }

  /// Lets the server stay up when its last user leaves, until stop_postgres.
  void keep();

  /// Starts the server again if it has died meanwhile, waiting for its recovery. A new url() may result.
  void ensure_running();

  /// Stops using the server; the last user stops it. Throws Error when it does not stop in time.
  void leave();

 private:
  PostgresSettings settings_;
  Usage usage_;
  Postmaster postmaster_;
  std::optional<base::FileLock> user_;
  std::string url_;
};

/// Whether the data directory has a database, running or not.
bool postgres_exists(const std::filesystem::path& data_dir);

enum class StopResult { was_not_running, stopped, in_use };

/// Ends the keeping of the server and stops it, unless commands use it: then the last of them does. Throws
/// Error.
StopResult stop_postgres(const PostgresSettings& given);

/// `postgresql://postgres@/vulndb?host=DIRECTORY&port=PORT`, percent-encoded.
std::string postgres_url(const std::filesystem::path& socket_directory, int port);

}  // namespace embedded
