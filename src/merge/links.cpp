#include "merge/links.hpp"

#include <algorithm>
#include <string>

namespace merge {

namespace {

using base::json::Value;
using resolve::Unfollowed;

/// The records that make claims which `reason` stopped, each with the ids.
std::vector<Value> values_of(const Work& work, resolve::Reason reason) {
  const std::vector<Unfollowed>& all = work.group.unfollowed;
  std::vector<Value> values;
  for (std::size_t first = 0; first < all.size();) {
    std::size_t end = first;
    std::vector<std::string_view> ids;
    for (; end < all.size() && all[end].record == all[first].record; ++end)
      if (all[end].reason == reason) ids.push_back(all[end].id);
    if (!ids.empty())
      values.push_back(object_of(
          work.arena, {{"ids", base::json::make_array(work.arena, ids)},
                       {"source", Value::string(key_of(work.resolved[all[first].record], work.arena))}}));
    first = end;
  }
  return values;
}

}  // namespace

void find_link_conflicts(Work& work) {
  std::vector<resolve::Reason> reasons;
  for (const Unfollowed& each : work.group.unfollowed) reasons.push_back(each.reason);
  std::sort(reasons.begin(), reasons.end());
  reasons.erase(std::unique(reasons.begin(), reasons.end()), reasons.end());
  for (const resolve::Reason reason : reasons)
    work.conflicts.push_back(
        object_of(work.arena, {{"field", Value::string("aliases")},
                               {"reason", Value::string(resolve::to_string(reason))},
                               {"values", base::json::make_array(work.arena, values_of(work, reason))}}));
}

std::string_view key_of(const resolve::Record& record, base::Arena& arena) {
  std::string key(advisory::to_string(record.source));
  key += '/';
  key += record.record_id;
  return arena.copy(key);
}

}  // namespace merge
