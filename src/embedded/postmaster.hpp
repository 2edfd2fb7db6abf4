// The server process: started, found again, waited for and stopped.
//
// postmaster.pid tells where a server is and in which state, but survives a crash. Which of its claims hold
// is decided by the kernel: the server's processes hold a lock that dies with the last of them (usage.hpp),
// and a process belongs to the server only if it works in the data directory.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/process.hpp"
#include "embedded/cluster.hpp"
#include "embedded/usage.hpp"

namespace embedded {

/// What postmaster.pid says (PostgreSQL source, src/include/utils/pidfile.h).
struct PostmasterFile {
  pid_t id = 0;
  int port = 0;
  std::filesystem::path socket_directory;
  std::string status;  // starting, ready, stopping, ...
};

/// Nothing when a line is missing: the server writes the file in steps.
std::optional<PostmasterFile> parse_postmaster_file(std::string_view text);

/// The server of this data directory as postmaster.pid tells, if that process is really alive.
std::optional<PostmasterFile> find_postmaster(const std::filesystem::path& data);

/// All of it is for the holder of the turn.
class Postmaster {
 public:
  Postmaster(std::filesystem::path data_dir, const Usage& usage)
      : data_dir_(std::move(data_dir)), usage_(usage) {}
  Postmaster(const Postmaster&) = delete;
  Postmaster& operator=(const Postmaster&) = delete;
  /// Leaves a server that runs alone.
  ~Postmaster() {
    if (child_) child_->detach();
  }

  std::filesystem::path data() const { return data_dir_ / "postgres"; }

  /// Makes sure that a server runs and takes connections: adopts one that does, waits for one that starts,
  /// stops or recovers, starts one otherwise (after what a killed one left behind has gone), and makes the
  /// data directory when there is none. Throws Error, also after `limit` or when `stop` is asked for; a
  /// server that still recovers then goes on doing so.
  PostmasterFile ensure_running(const base::FileLock& turn, std::chrono::seconds limit,
                                const std::stop_token& stop);

  /// Fast shutdown: sessions end, everything is on disk. Returns whether all its processes were gone within
  /// `limit`; a server that takes longer goes on stopping.
  bool stop(std::chrono::milliseconds limit);

 private:
  void reap();
  void start(const base::FileLock& turn, const std::stop_token& stop);
  [[noreturn]] void fail_to_start() const;
  std::filesystem::path start_log() const { return data_dir_ / "run" / "postgres.log"; }

  std::filesystem::path data_dir_;
  const Usage& usage_;
  std::optional<base::Process> child_;  // the server, when it was us who started it
};

}  // namespace embedded
