// The embedded Redis: a private instance of the installed server, in use as long as this object lives. It is
// started by the first command that needs it, shared by all that run at the same time, and stopped by the
// last one; processes and locks are those of the embedded PostgreSQL (embedded/usage.hpp). What it holds is
// in an append-only file, so that a kill of it, or of everything, loses no job.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>

#include "base/files.hpp"
#include "base/process.hpp"
#include "embedded/usage.hpp"

namespace embedded {

struct RedisSettings {
  /// The program's data directory; the server's is `redis` in it. Made when missing.
  std::filesystem::path data_dir;
  /// A stop request ends waiting.
  std::stop_token stop = {};
  /// For a start that reads a long append-only file.
  std::chrono::seconds start_limit = std::chrono::minutes(2);
};

/// For one thread at a time.
class Redis {
 public:
  /// Makes and starts the server where needed, and counts us as its user. Throws Error or base::FileError.
  explicit Redis(const RedisSettings& settings);
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;
  /// Leaves, as leave() does; a failure is logged.
  ~Redis();

  /// Its socket; the directory lets in nobody else.
  const std::filesystem::path& socket() const { return socket_; }

  /// Starts the server again if it has died meanwhile. The socket may then be another.
  void ensure_running();
  /// Whether it answers.
  bool is_running() const;

  /// Stops using the server; the last user stops it.
  void leave();

 private:
  std::filesystem::path data() const { return settings_.data_dir / "redis"; }
  std::filesystem::path run_file(const char* name) const { return settings_.data_dir / "run" / name; }
  std::optional<pid_t> find_server() const;
  void start();
  [[noreturn]] void fail_to_start() const;
  bool stop(std::chrono::milliseconds limit);
  void reap();

  RedisSettings settings_;
  Usage usage_;
  std::optional<base::Process> child_;  // the server, when it was us who started it
  std::optional<base::FileLock> user_;
  std::filesystem::path socket_;
};

}  // namespace embedded
