// The worker of `serve`: the program's settings put into the worker of the queue.
#pragma once

#include <memory>
#include <optional>
#include <thread>

#include "cli/context.hpp"
#include "cli/database.hpp"
#include "jobs/mender.hpp"
#include "jobs/worker.hpp"

namespace cli {

class WorkerRole {
 public:
  /// Throws UsageError for settings that no job could run with.
  WorkerRole(const Context& context, Database& database, const redis::Settings& redis);

  void start();
  void request_stop() { worker_.request_stop(); }
  /// Waits for what runs, or hands it back.
  void stop();

 private:
  jobs::Worker worker_;
  std::function<pg::Settings()> database_;
  redis::Settings redis_;
  std::optional<jobs::Mender> mender_;
};

}  // namespace cli
