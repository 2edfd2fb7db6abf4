// A throwaway Redis on a Unix socket of its own, for one test.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/process.hpp"
#include "redis/settings.hpp"

namespace support {

class TestRedis {
 public:
  /// `options` go to redis-server ("--maxmemory", "2mb").
  explicit TestRedis(std::vector<std::string> options = {});

  redis::Settings settings() const;
  /// SIGSTOP, SIGCONT and the like.
  void signal(int number) { server_->signal(number); }
  /// SIGKILL; what was not written to a file is gone.
  void kill();
  void start();

 private:
  base::TemporaryDirectory directory_{"vds-redis-"};
  std::vector<std::string> options_;
  std::optional<base::Process> server_;
};

}  // namespace support
