// The signs of life of a worker: what Asynq's tools show of it, and the leases of what it runs.
#pragma once

#include <string>

#include "jobs/attempt.hpp"
#include "jobs/broker.hpp"
#include "redis/error.hpp"

namespace jobs {

class Heart {
 public:
  /// `server` as it is shown; its status and its number of workers are filled in.
  Heart(redis::Settings redis, Clock clock, ServerInfo server, const Attempts& attempts);

  /// Shows the server with what it runs, and extends the leases of what has not ended. Throws redis::Error.
  void beat(const std::string& status);
  /// Takes the server away from what is shown.
  void stop();

 private:
  void show(const std::string& status, const std::vector<AttemptPtr>& running);
  void extend_leases(const std::vector<AttemptPtr>& running);

  Broker broker_;
  ServerInfo server_;
  const Attempts& attempts_;
  std::string server_key_;
  std::string workers_key_;
};

}  // namespace jobs
