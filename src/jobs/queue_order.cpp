#include "jobs/queue_order.hpp"

#include <algorithm>
#include <numeric>

namespace jobs {

QueueOrder::QueueOrder(const std::map<std::string, int>& weights, bool strict, unsigned seed)
    : strict_(strict), random_(seed) {
  int divisor = 0;
  for (const auto& [name, weight] : weights) divisor = std::gcd(divisor, weight);
  for (const auto& [name, weight] : weights)
    tickets_.insert(tickets_.end(), strict ? 1 : static_cast<std::size_t>(weight / divisor), name);
  if (strict)
    std::stable_sort(tickets_.begin(), tickets_.end(),
                     [&](const auto& a, const auto& b) { return weights.at(a) > weights.at(b); });
}

std::vector<std::string> QueueOrder::next() {
  if (strict_) return tickets_;
  std::shuffle(tickets_.begin(), tickets_.end(), random_);
  std::vector<std::string> order;
  for (const std::string& name : tickets_)
    if (std::find(order.begin(), order.end(), name) == order.end()) order.push_back(name);
  return order;
}

}  // namespace jobs
