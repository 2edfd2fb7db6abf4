// Makes queue and rows agree where something was lost: Redis was away when a job was added, or was wiped, or
// a worker died between writing to the one and the other. Any number of menders may work at the same time.
#pragma once

#include <functional>
#include <thread>

#include "jobs/broker.hpp"
#include "pg/connection.hpp"

namespace jobs {

/// Looks at every open job that gave no sign of life for `silent_seconds`: one that Redis does not know is
/// put back there; one whose task was archived has failed; one whose task is done has succeeded. Returns how
/// many were put back. Throws pg::Error and redis::Error.
int mend(pg::Connection& connection, Broker& broker, int silent_seconds);

class Mender {
 public:
  Mender(std::function<pg::Settings()> database, redis::Settings redis);
  Mender(const Mender&) = delete;
  Mender& operator=(const Mender&) = delete;

 private:
  void run(const std::stop_token& stop);

  std::function<pg::Settings()> database_;
  redis::Settings redis_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace jobs
