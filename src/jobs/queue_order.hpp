// In which order the queues are asked for a task.
#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

namespace jobs {

/// Weighted: each queue is first as often as its weight says, and every queue's turn comes. Strict: always by
/// descending weight, so that a lower queue waits until the higher ones are empty. As Asynq's servers do.
class QueueOrder {
 public:
  QueueOrder(const std::map<std::string, int>& weights, bool strict, unsigned seed = std::random_device{}());

  /// The order for one look, each name once.
  std::vector<std::string> next();

 private:
  bool strict_;
  std::vector<std::string> tickets_;  // each name as often as its weight; strict: once, sorted
  std::minstd_rand random_;
};

}  // namespace jobs
