#include "support/redis.hpp"

#include <csignal>
#include <stdexcept>

#include "redis/connection.hpp"
#include "support/eventually.hpp"

namespace support {

TestRedis::TestRedis(std::vector<std::string> options) : options_(std::move(options)) {
  start();
}

redis::Settings TestRedis::settings() const {
  redis::Settings settings;
  settings.socket = directory_.path() / "redis.sock";
  return settings;
}

void TestRedis::start() {
  base::Command command{{"redis-server", "--port", "0", "--unixsocket", settings().socket, "--dir",
                         directory_.path(), "--save", ""}};
  command.arguments.insert(command.arguments.end(), options_.begin(), options_.end());
  command.output = base::Stream::null();
  server_.emplace(command);
  const auto answers = [this] {
    try {
      redis::Connection(settings()).command({"PING"});
      return true;
    } catch (const redis::Error&) {
      return false;
    }
  };
  if (!eventually(answers)) throw std::runtime_error("redis-server did not start");
}

void TestRedis::kill() {
  server_->signal(SIGKILL);
  server_->wait();
}

}  // namespace support
