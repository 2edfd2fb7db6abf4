// Who uses an embedded server: counted by locks that the kernel drops when their holder dies, so that neither
// a crash of ours nor of the server leaves anything that would have to be cleaned up.
//
// In the `run` folder of the data directory, for a server called NAME:
//   NAME.lock    exclusive: whoever makes, starts or stops the server right now
//   NAME.users   shared: every command that uses the server; who can make it exclusive is the last one
//   NAME.server  exclusive: the server's processes, which inherit it; free means that none of them is alive
//   NAME.keep    a marker, no lock: the server stays up when the last command leaves
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "base/files.hpp"

namespace embedded {

class Usage {
 public:
  /// `data_dir` exists; its `run` folder is made. Throws base::FileError.
  Usage(const std::filesystem::path& data_dir, std::string name);

  /// Waits for the turn to start or stop the server; says so in the log when that takes a while. Everything
  /// below is for the holder of the turn. Throws Error when `stop` is asked for meanwhile.
  base::FileLock take_turn(const std::stop_token& stop) const;
  /// Waits that long at most; nothing when others had the turn all the time.
  std::optional<base::FileLock> try_take_turn(std::chrono::milliseconds limit) const;

  /// Counts us in, until the lock goes.
  base::FileLock join() const;
  /// True when no command uses the server.
  bool is_unused() const;

  /// The lock that the server's processes hold, to hand it to a new server; nothing while one is alive.
  std::optional<base::FileLock> try_server_lock() const;

  bool is_kept() const;
  void set_kept(bool kept) const;

 private:
  std::filesystem::path file(const char* ending) const;
  std::optional<base::FileLock> try_lock(const char* ending, base::FileLock::Mode mode) const;

  std::filesystem::path run_;
  std::string name_;
};

}  // namespace embedded
