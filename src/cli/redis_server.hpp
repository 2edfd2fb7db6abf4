// The Redis of a command: the one that is configured, or the embedded one, which runs as long as this object
// and is started again should it die.
#pragma once

#include <memory>
#include <thread>

#include "cli/context.hpp"
#include "embedded/redis.hpp"
#include "redis/settings.hpp"

namespace cli {

class RedisServer {
 public:
  /// Starts the embedded server when it is the one and does not run; connects to nothing yet. Throws
  /// UsageError for an address that cannot be read, else base::Error.
  explicit RedisServer(const Context& context);

  const redis::Settings& settings() const { return settings_; }

  /// From now on an embedded server that died is started again within a second, by a thread of its own.
  void keep_alive();

 private:
  void watch(const std::stop_token& stop);

  std::unique_ptr<embedded::Redis> embedded_;
  redis::Settings settings_;
  std::jthread watcher_;  // last: it uses the others
};

}  // namespace cli
