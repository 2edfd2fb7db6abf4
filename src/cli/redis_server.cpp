#include "cli/redis_server.hpp"

#include <chrono>

#include "base/log.hpp"
#include "base/stop.hpp"
#include "cli/error.hpp"

namespace cli {

namespace {

redis::Settings configured_server(const RedisSettings& configured) {
  redis::Settings settings;
  try {
    settings = redis::parse_address(configured.address);
  } catch (const base::Error& error) {
    throw UsageError(error.what());
  }
  if (!configured.password.empty()) settings.password = configured.password;
  if (configured.database) settings.database = *configured.database;
  return settings;
}

}  // namespace

RedisServer::RedisServer(const Context& context) {
  const RedisSettings& configured = context.settings().redis;
  if (!configured.embedded) {
    settings_ = configured_server(configured);
    return;
  }
  embedded_ =
      std::make_unique<embedded::Redis>(embedded::RedisSettings{context.settings().data_dir, context.stop()});
  settings_.socket = embedded_->socket();
}

void RedisServer::keep_alive() {
  if (embedded_) watcher_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

void RedisServer::watch(const std::stop_token& stop) {
  while (base::sleep_for(std::chrono::seconds(1), stop)) {
    if (embedded_->is_running()) continue;
    try {
      base::log::warn("the embedded Redis does not answer and is started again");
      embedded_->ensure_running();
    } catch (const base::Error& error) {
      base::log::error("the embedded Redis cannot be started", {{"cause", error.what()}});
    }
  }
}

}  // namespace cli
