// The Go program of tests/interop, built from the real Asynq, and talking to a Redis of the test.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/process.hpp"
#include "redis/settings.hpp"

namespace support {

class AsynqPeer {
 public:
  /// Builds the program where that was not done yet. What it was built from is kept below the build
  /// directory. Returns why it cannot be had: no Go, one that is too old, or no module proxy. Throws what the
  /// Go compiler says where the program does not build.
  static std::optional<std::string> missing();

  explicit AsynqPeer(const redis::Settings& redis) : socket_(redis.socket) {}

  /// Runs the program to its end: what it prints, without the last line end, or "error: " and the error.
  std::string run(std::vector<std::string> arguments) const;
  /// A server of these queues, which prints what it handles (see tests/interop/consume.go) until SIGTERM.
  base::Process consume(const std::vector<std::string>& queues, const base::Fd& output) const;

 private:
  base::Command command(std::vector<std::string> arguments) const;

  std::string socket_;
};

}  // namespace support
