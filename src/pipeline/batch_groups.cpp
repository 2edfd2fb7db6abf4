#include "pipeline/batch_groups.hpp"

#include <algorithm>

#include "merge/merge.hpp"

namespace pipeline {

namespace {

bool names(const std::vector<resolve::Record>& records, std::string_view id) {
  return std::any_of(records.begin(), records.end(), [id](const resolve::Record& record) {
    return std::binary_search(record.claims.begin(), record.claims.end(), id);
  });
}

}  // namespace

Groups resolve_batch(const LoadedBatch& loaded, std::span<const resolve::Override> overrides) {
  Groups groups;
  groups.records.reserve(loaded.live.size());
  for (const LiveRecord& live : loaded.live) {
    const advisory::Advisory& advisory = live.advisory;
    groups.records.push_back({advisory.source, advisory.record_id, advisory.own_id, advisory.claims,
                              advisory.retracted, advisory.cve_rejected});
  }
  std::vector<resolve::Override> ours;
  for (const resolve::Override& override_row : overrides)
    if (names(groups.records, override_row.a) && names(groups.records, override_row.b))
      ours.push_back(override_row);
  groups.resolved = resolve::resolve(groups.records, ours);
  return groups;
}

void merge_batch(const LoadedBatch& loaded, Groups& groups, base::Arena& arena) {
  groups.merged.reserve(groups.resolved.groups.size());
  std::vector<merge::Contributor> contributors;
  for (const resolve::Group& group : groups.resolved.groups) {
    contributors.clear();
    for (const std::uint32_t record : group.records)
      contributors.push_back({&loaded.live[record].advisory, loaded.live[record].stale});
    groups.merged.push_back(merge::merge(group, contributors, groups.records, arena));
  }
}

}  // namespace pipeline
