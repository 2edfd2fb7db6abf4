// Metrics of syncs, whoever ran them on whichever host: taken from the reports that PostgreSQL keeps.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "api/metrics.hpp"
#include "pg/connection.hpp"

namespace api {

class RunMetrics {
 public:
  /// Takes in the runs that ended since the last time, then appends the metrics to `out`. Of another database
  /// than the last time, by its feed_id, all runs.
  void write(pg::Connection& connection, std::string& out);

 private:
  void begin_anew_for_another_feed(pg::Connection& connection);
  void take(const std::string& report);

  std::mutex mutex_;
  std::string feed_id_;  // of the database that the rest is about
  std::int64_t last_run_ = 0;
  std::map<std::pair<std::string, std::string>, double> records_;  // by source and outcome
  std::map<std::string, double> runs_;                             // by state
  std::map<std::string, Histogram> stages_;
};

}  // namespace api
