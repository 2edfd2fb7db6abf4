#include "merge/links.hpp"

#include <algorithm>
#include <string>
#include <tuple>

namespace merge {

namespace {

using base::json::Value;
using resolve::Unfollowed;

/// What was not followed by the keys of the records: their numbers depend on the order of the input.
std::vector<Unfollowed> in_record_order(const Work& work) {
  const auto by_key = [&work](const Unfollowed& a, const Unfollowed& b) {
    const resolve::Record& x = work.resolved[a.record];
    const resolve::Record& y = work.resolved[b.record];
    return std::tie(x.source, x.record_id, a.id) < std::tie(y.source, y.record_id, b.id);
  };
  std::vector<Unfollowed> all = work.group.unfollowed;
  std::sort(all.begin(), all.end(), by_key);
  return all;
}

/// The records that make claims which `reason` stopped, each with the ids.
std::vector<Value> values_of(const Work& work, const std::vector<Unfollowed>& all, resolve::Reason reason) {
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
  const std::vector<Unfollowed> all = in_record_order(work);
  for (const Unfollowed& each : all) reasons.push_back(each.reason);
  std::sort(reasons.begin(), reasons.end());
  reasons.erase(std::unique(reasons.begin(), reasons.end()), reasons.end());
  for (const resolve::Reason reason : reasons)
    work.conflicts.push_back(object_of(
        work.arena, {{"field", Value::string("aliases")},
                     {"reason", Value::string(resolve::to_string(reason))},
                     {"values", base::json::make_array(work.arena, values_of(work, all, reason))}}));
}

std::string_view key_of(const resolve::Record& record, base::Arena& arena) {
  std::string key(advisory::to_string(record.source));
  key += '/';
  key += record.record_id;
  return arena.copy(key);
}

}  // namespace merge
