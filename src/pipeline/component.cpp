#include "pipeline/component.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "merge/explain.hpp"

namespace pipeline {

Component::Component(pg::Connection& connection, std::string_view id, base::Arena& arena)
    : overrides_(store::load_overrides(connection)) {
  std::vector<std::pair<std::string, std::string>> linked;
  std::vector<resolve::Override> decisions;
  for (const store::LinkOverride& decision : overrides_) {
    linked.emplace_back(decision.a, decision.b);
    decisions.push_back({decision.a, decision.b, decision.allow});
  }
  Worklist work;
  std::vector<WorkItem> items;
  for (store::Member& member : store::find_components(connection, {}, {std::string(id)}, linked)) {
    items.push_back({WorkItem::stored_records, static_cast<std::uint32_t>(work.stored.size())});
    work.stored.push_back({std::move(member.key), Fate::stays});
  }
  const store::Dictionaries dictionaries = store::Dictionaries::load(connection);
  loaded_ = BatchLoader(work, dictionaries).load(items, &connection, arena);
  groups_ = resolve_batch(loaded_, decisions);
}

base::json::Value Component::explain(std::string_view id, base::Arena& arena) const {
  const auto& all = groups_.resolved.groups;
  const auto group =
      std::find_if(all.begin(), all.end(), [id](const resolve::Group& g) { return g.id == id; });
  if (group == all.end())
    throw base::Error(std::string(id) + " is not what its records say now: run 'vuln-datasync sync'");
  std::vector<merge::Contributor> contributors;
  for (const std::uint32_t record : group->records)
    contributors.push_back({&loaded_.live[record].advisory, loaded_.live[record].stale});
  return merge::explain(*group, contributors, groups_.records, arena);
}

}  // namespace pipeline
