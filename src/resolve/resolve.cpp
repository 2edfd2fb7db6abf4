// From placed ids to groups: who is in them, what they are called, and what was claimed in vain (rule 6).
#include "resolve/resolve.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <tuple>
#include <utility>

#include "advisory/identifier.hpp"
#include "resolve/naming.hpp"
#include "resolve/placement.hpp"

namespace resolve {

namespace {

constexpr std::uint32_t none = 0xffffffff;

template <typename T>
void sort_distinct(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

class Grouping {
 public:
  Grouping(std::span<const Record> records, const Naming& naming, const Placement& placement)
      : records_(records), naming_(naming), placement_(placement), group_at_(naming.ids.size(), none) {}

  Result run() {
    found_groups();
    fill_groups();
    for (std::uint32_t record = 0; record < records_.size(); ++record) list_unfollowed(record);
    for (Group& group : result_.groups) tidy(group);
    list_shared();
    return std::move(result_);
  }

 private:
  IdNumber home_of(std::uint32_t record) const { return placement_.home[naming_.own[record]]; }

  // The public id of the group at each home, as far as ids alone decide: its anchor, else its first GHSA id.
  std::vector<IdNumber> names_by_ids() const {
    std::vector<IdNumber> name(naming_.ids.size(), none);
    for (IdNumber id = 0; id < name.size(); ++id) {
      const IdNumber home = placement_.home[id];
      if (naming_.anchor[home] != 0)
        name[home] = home;
      else if (name[home] == none && advisory::is_ghsa(naming_.ids[id]))
        name[home] = id;
    }
    return name;
  }

  // Makes a group for every home that has a record, in the order of their public ids.
  void found_groups() {
    std::vector<IdNumber> name = names_by_ids();
    std::vector<std::uint32_t> best(name.size(), none);  // by home: the record whose own id would be the name
    std::vector<IdNumber> homes;
    const auto rank = [this](std::uint32_t record) {
      return std::pair(records_[record].source, naming_.own[record]);
    };
    for (std::uint32_t record = 0; record < records_.size(); ++record) {
      std::uint32_t& so_far = best[home_of(record)];
      if (so_far == none) homes.push_back(home_of(record));
      if (so_far == none || rank(record) < rank(so_far)) so_far = record;
    }
    for (const IdNumber home : homes)
      if (name[home] == none) name[home] = naming_.own[best[home]];
    std::sort(homes.begin(), homes.end(), [&name](IdNumber a, IdNumber b) { return name[a] < name[b]; });
    result_.groups.resize(homes.size());
    for (std::uint32_t group = 0; group < homes.size(); ++group) {
      group_at_[homes[group]] = group;
      result_.groups[group].id = naming_.ids[name[homes[group]]];
    }
  }

  void fill_groups() {
    std::vector<std::uint32_t> order(records_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
      return std::tie(records_[a].source, records_[a].record_id) <
             std::tie(records_[b].source, records_[b].record_id);
    });
    all_retracted_.assign(result_.groups.size(), 1);
    for (const std::uint32_t record : order) {
      const std::uint32_t group = group_at_[home_of(record)];
      result_.groups[group].records.push_back(record);
      if (!is_retracted(records_[record])) all_retracted_[group] = 0;
    }
    for (IdNumber id = 0; id < naming_.ids.size(); ++id) {
      const std::uint32_t group = group_at_[placement_.home[id]];
      if (group != none) result_.groups[group].ids.push_back(naming_.ids[id]);
    }
  }

  Reason reason_for(std::uint32_t record, const Name& name) const {
    if (name.denied) return Reason::denied;
    if (placement_.several_anchors[record] != 0) return Reason::several_anchors;
    if (placement_.contested[name.id] != 0 || placement_.contested[naming_.own[record]] != 0)
      return Reason::contested;
    return is_retracted(records_[record]) ? Reason::retracted : Reason::placed_elsewhere;
  }

  void list_unfollowed(std::uint32_t record) {
    const IdNumber home = home_of(record);
    const std::uint32_t at = group_at_[home];
    Group& group = result_.groups[at];
    const bool retracted = is_retracted(records_[record]);
    for (const Name& name : naming_.names_of(record)) {
      const std::uint32_t elsewhere = group_at_[placement_.home[name.id]];
      if (elsewhere == at) continue;
      const Reason reason = reason_for(record, name);
      group.unfollowed.push_back({record, naming_.ids[name.id], reason});
      if (elsewhere == none) shared_.emplace_back(name.id, at);
      if (retracted && all_retracted_[at] == 0) continue;
      const bool upstream =
          naming_.anchor[home] == 0 && naming_.anchor[name.id] != 0 && reason == Reason::several_anchors;
      (upstream ? group.upstream : group.related).push_back(naming_.ids[name.id]);
      if (upstream && elsewhere != none && !retracted) result_.groups[elsewhere].related.push_back(group.id);
    }
  }

  static void tidy(Group& group) {
    sort_distinct(group.related);
    sort_distinct(group.upstream);
    if (group.upstream.empty()) return;
    std::erase_if(group.related, [&group](std::string_view id) {
      return std::binary_search(group.upstream.begin(), group.upstream.end(), id);
    });
  }

  void list_shared() {
    sort_distinct(shared_);
    for (const auto& [id, group] : shared_) {
      if (result_.shared.empty() || result_.shared.back().id != naming_.ids[id])
        result_.shared.push_back({naming_.ids[id], {}});
      result_.shared.back().groups.push_back(group);
    }
  }

  std::span<const Record> records_;
  const Naming& naming_;
  const Placement& placement_;
  std::vector<std::uint32_t> group_at_;  // by home
  std::vector<std::uint8_t> all_retracted_;
  std::vector<std::pair<IdNumber, std::uint32_t>> shared_;  // id in no group, group that claims it
  Result result_;
};

}  // namespace

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::denied:
      return "denied";
    case Reason::several_anchors:
      return "several-anchors";
    case Reason::contested:
      return "contested";
    case Reason::retracted:
      return "retracted";
    case Reason::placed_elsewhere:
      return "placed-elsewhere";
  }
  return "";
}

Result resolve(std::span<const Record> records, std::span<const Override> overrides) {
  const Naming naming = number_ids(records, overrides);
  const Placement placement = place(naming, records);
  return Grouping(records, naming, placement).run();
}

}  // namespace resolve
