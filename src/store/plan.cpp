#include "store/plan.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace store {

namespace {

constexpr std::uint32_t nowhere = UINT32_MAX;

class Planner {
 public:
  Planner(std::span<const StoredVulnerability> stored, std::span<const NewVulnerability> groups)
      : stored_(stored), groups_(groups), target_(stored.size(), nowhere), ending_in_(groups.size()) {}

  Plan run() {
    place_stored();
    choose_uids();
    for (std::uint32_t g = 0; g < groups_.size(); ++g) {
      plan_aliases(g);
      plan_changes(g);
    }
    end_the_others();
    return std::move(plan_);
  }

 private:
  void place_stored() {
    for (std::uint32_t g = 0; g < groups_.size(); ++g) {
      for (const std::string_view id : groups_[g].ids) group_of_id_.emplace(id, g);
      related_.insert(groups_[g].related.begin(), groups_[g].related.end());
      for (const std::int64_t uid : groups_[g].record_uids) {
        auto& holders = holders_of_uid_[uid];
        if (std::find(holders.begin(), holders.end(), g) == holders.end()) holders.push_back(g);
      }
    }
    for (std::uint32_t s = 0; s < stored_.size(); ++s) {
      const auto by_id = group_of_id_.find(stored_[s].id);
      if (by_id != group_of_id_.end()) {
        target_[s] = by_id->second;
      } else if (const auto holders = holders_of_uid_.find(stored_[s].uid);
                 holders != holders_of_uid_.end()) {
        target_[s] = *std::min_element(
            holders->second.begin(), holders->second.end(),
            [this](std::uint32_t a, std::uint32_t b) { return groups_[a].id < groups_[b].id; });
      }
      if (target_[s] != nowhere) ending_in_[target_[s]].push_back(s);
    }
  }

  void choose_uids() {
    plan_.groups.resize(groups_.size());
    for (std::uint32_t g = 0; g < groups_.size(); ++g) {
      auto& candidates = ending_in_[g];
      std::sort(candidates.begin(), candidates.end(),
                [this](std::uint32_t a, std::uint32_t b) { return stored_[a].uid < stored_[b].uid; });
      if (candidates.empty()) continue;
      GroupPlan& group = plan_.groups[g];
      group.stored = candidates.front();
      group.uid = stored_[candidates.front()].uid;
      const StoredVulnerability& old = stored_[candidates.front()];
      group.document_changed = old.document_hash != groups_[g].document_hash || old.id != groups_[g].id;
    }
  }

  void plan_aliases(std::uint32_t g) {
    const NewVulnerability& now = groups_[g];
    GroupPlan& group = plan_.groups[g];
    for (const std::string_view id : now.ids)
      group.aliases.push_back({std::string(id), id == now.id ? AliasKind::id : AliasKind::alias});
    for (const std::string_view id : now.related)
      group.aliases.push_back({std::string(id), AliasKind::related});
    for (const std::uint32_t s : ending_in_[g]) {
      add_former(stored_[s].id, group.aliases);
      for (const AliasRow& row : stored_[s].aliases)
        if (row.kind == AliasKind::former) add_former(row.alias, group.aliases);
    }
    std::sort(group.aliases.begin(), group.aliases.end());
    // The primary key is (alias, uid): of two kinds for one alias the first in the order of AliasKind stays.
    group.aliases.erase(std::unique(group.aliases.begin(), group.aliases.end(),
                                    [](const AliasRow& a, const AliasRow& b) { return a.alias == b.alias; }),
                        group.aliases.end());
    group.aliases_changed = !group.stored || stored_[*group.stored].aliases != group.aliases;
  }

  // A former id is remembered only as long as it is nobody's id now, and nobody claims it.
  void add_former(const std::string& id, std::vector<AliasRow>& rows) const {
    if (!group_of_id_.contains(id) && !related_.contains(id)) rows.push_back({id, AliasKind::former});
  }

  void plan_changes(std::uint32_t g) {
    const NewVulnerability& now = groups_[g];
    const GroupPlan& group = plan_.groups[g];
    const auto emit = [&](ChangeKind kind, std::vector<std::string> others) {
      plan_.changes.push_back({kind, g, 0, {}, std::move(others)});
    };
    if (!group.stored) {
      emit(ChangeKind::created, ids_it_left(g));
      return;
    }
    const StoredVulnerability& old = stored_[*group.stored];
    const std::size_t before = plan_.changes.size();
    if (ending_in_[g].size() > 1) {
      std::vector<std::string> absorbed;
      for (const std::uint32_t s : ending_in_[g])
        if (s != *group.stored) absorbed.push_back(stored_[s].id);
      emit(ChangeKind::merged, std::move(absorbed));
    }
    if (auto parts = ids_split_off(g); !parts.empty()) emit(ChangeKind::split, std::move(parts));
    if (old.id != now.id) emit(ChangeKind::renamed, {old.id});
    if (old.withdrawn != now.withdrawn)
      emit(now.withdrawn ? ChangeKind::withdrawn : ChangeKind::restored, {});
    if (plan_.changes.size() == before && group.document_changed) emit(ChangeKind::updated, {});
  }

  // For a group with a new uid: the public ids of the groups that its records were in until now.
  std::vector<std::string> ids_it_left(std::uint32_t g) const {
    std::vector<std::string> result;
    for (std::uint32_t s = 0; s < stored_.size(); ++s)
      if (target_[s] != nowhere && target_[s] != g && holds_record_of(g, stored_[s].uid))
        result.emplace_back(groups_[target_[s]].id);
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
  }

  // For a group that goes on: the public ids of the new groups that took records away from it.
  std::vector<std::string> ids_split_off(std::uint32_t g) const {
    std::vector<std::string> result;
    for (const std::uint32_t s : ending_in_[g]) {
      const auto holders = holders_of_uid_.find(stored_[s].uid);
      if (holders == holders_of_uid_.end()) continue;
      for (const std::uint32_t other : holders->second)
        if (other != g && !plan_.groups[other].stored) result.emplace_back(groups_[other].id);
    }
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
  }

  bool holds_record_of(std::uint32_t g, std::int64_t uid) const {
    const auto holders = holders_of_uid_.find(uid);
    return holders != holders_of_uid_.end() &&
           std::find(holders->second.begin(), holders->second.end(), g) != holders->second.end();
  }

  void end_the_others() {
    std::vector<std::uint32_t> by_uid(stored_.size());
    for (std::uint32_t s = 0; s < stored_.size(); ++s) by_uid[s] = s;
    std::sort(by_uid.begin(), by_uid.end(),
              [this](std::uint32_t a, std::uint32_t b) { return stored_[a].uid < stored_[b].uid; });
    for (const std::uint32_t s : by_uid) {
      if (target_[s] != nowhere && plan_.groups[target_[s]].stored == s) continue;
      plan_.ended_uids.push_back(stored_[s].uid);
      Change change{ChangeKind::removed, std::nullopt, stored_[s].uid, stored_[s].id, {}};
      if (target_[s] != nowhere) change.other_ids.emplace_back(groups_[target_[s]].id);
      plan_.changes.push_back(std::move(change));
    }
  }

  std::span<const StoredVulnerability> stored_;
  std::span<const NewVulnerability> groups_;
  std::vector<std::uint32_t> target_;                  // stored vulnerability to group
  std::vector<std::vector<std::uint32_t>> ending_in_;  // group to stored vulnerabilities, by uid
  std::unordered_map<std::string_view, std::uint32_t> group_of_id_;
  std::unordered_set<std::string_view> related_;  // ids of no group that some group claims
  std::unordered_map<std::int64_t, std::vector<std::uint32_t>> holders_of_uid_;
  Plan plan_;
};

}  // namespace

std::string_view to_string(AliasKind kind) {
  static constexpr std::string_view words[] = {"id", "alias", "former", "related"};
  return words[static_cast<std::size_t>(kind)];
}

std::string_view to_string(ChangeKind kind) {
  static constexpr std::string_view words[] = {"created", "updated", "withdrawn", "restored",
                                               "renamed", "merged",  "split",     "removed"};
  return words[static_cast<std::size_t>(kind)];
}

Plan plan_batch(std::span<const StoredVulnerability> stored, std::span<const NewVulnerability> groups) {
  return Planner(stored, groups).run();
}

}  // namespace store
