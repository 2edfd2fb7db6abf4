#include "support/reference_resolve.hpp"

#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "advisory/identifier.hpp"

namespace support {

namespace {

using Id = std::string_view;
using Ids = std::set<Id>;
using Pairs = std::set<std::pair<Id, Id>>;

class Reference {
 public:
  Reference(std::span<const resolve::Record> records, std::span<const resolve::Override> overrides)
      : records_(records) {
    for (const auto& record : records)
      if (record.cve_rejected && record.source == advisory::Source::cve) rejected_.insert(record.own_id);
    for (const auto& override : overrides)
      if (!override.allow) add_both_ways(denied_, override);
    for (const auto& override : overrides)
      if (override.allow && !denied_.contains({override.a, override.b})) add_both_ways(allowed_, override);
    for (const auto& record : records) {
      all_ids_.insert(record.own_id);
      all_ids_.insert(record.claims.begin(), record.claims.end());
    }
    for (const auto& override : overrides) all_ids_.insert({override.a, override.b});
  }

  resolve::Result run() {
    place_everything();
    return describe_groups();
  }

 private:
  static void add_both_ways(Pairs& pairs, const resolve::Override& override) {
    if (override.a == override.b) return;
    pairs.insert({override.a, override.b});
    pairs.insert({override.b, override.a});
  }

  static bool retracted(const resolve::Record& record) { return record.retracted || record.cve_rejected; }

  bool is_anchor(Id id) const { return advisory::is_cve(id) && !rejected_.contains(id); }

  static Ids all_names(const resolve::Record& record) {
    Ids names(record.claims.begin(), record.claims.end());
    names.insert(record.own_id);
    return names;
  }

  // May `record`, which names both, go on naming `id` in spite of the denied pair (id, other)?
  bool keeps(const resolve::Record& record, Id id, Id other) const {
    if (id == record.own_id) return true;
    if (other == record.own_id) return false;
    return is_anchor(id);
  }

  Ids names(const resolve::Record& record) const {
    const Ids all = all_names(record);
    Ids kept;
    for (const Id id : all) {
      bool keep = true;
      for (const Id other : all)
        if (denied_.contains({id, other}) && !keeps(record, id, other)) keep = false;
      if (keep) kept.insert(id);
    }
    return kept;
  }

  Ids anchors(const resolve::Record& record) const {
    Ids result;
    for (const Id id : names(record))
      if (is_anchor(id)) result.insert(id);
    return result;
  }

  void place_everything() {
    for (const Id id : all_ids_)
      if (is_anchor(id)) home_[id] = id;
    for (const bool retracted_ones : {false, true}) {
      place_tied_ids(retracted_ones);
      place_clusters(retracted_ones);
    }
    for (const Id id : all_ids_) home_.insert({id, id});
  }

  void place_tied_ids(bool retracted_ones) {
    std::map<Id, Ids> ties;
    for (const auto& record : records_)
      if (retracted(record) == retracted_ones && anchors(record).size() == 1)
        for (const Id id : names(record)) ties[id].merge(anchors(record));
    if (!retracted_ones) {
      std::map<Id, Ids> operator_ties;
      for (const auto& [id, anchor] : allowed_)
        if (!is_anchor(id) && is_anchor(anchor)) operator_ties[id].insert(anchor);
      for (const auto& [id, tied_to] : operator_ties) ties[id] = tied_to;
    }
    for (const auto& [id, tied_to] : ties) {
      if (home_.contains(id)) continue;
      if (tied_to.size() > 1) contested_.insert(id);
      home_[id] = tied_to.size() > 1 ? id : *tied_to.begin();
    }
  }

  void place_clusters(bool retracted_ones) {
    std::vector<Ids> links;
    Ids spoken_for;  // ids that a record, not only an operator, speaks of
    for (const auto& record : records_) {
      if (retracted(record) != retracted_ones) continue;
      spoken_for.insert(record.own_id);
      if (!anchors(record).empty()) continue;
      links.push_back(names(record));
      spoken_for.merge(names(record));
    }
    for (const auto& [a, b] : allowed_)
      if (!is_anchor(a) && !is_anchor(b)) links.push_back({a, b});

    std::map<Id, Id> found;
    for (const Id id : all_ids_) {
      if (home_.contains(id)) continue;
      const auto [cluster, touched] = cluster_of(id, links);
      if (touched.size() == 1 && !is_denied(cluster, *touched.begin())) {
        found[id] = *touched.begin();
      } else {
        for (const Id member : cluster)
          if (spoken_for.contains(member)) found[id] = *cluster.begin();
      }
    }
    home_.merge(found);
  }

  bool is_denied(const Ids& cluster, Id home) const {
    for (const Id id : cluster)
      if (is_anchor(home) && denied_.contains({id, home})) return true;
    return false;
  }

  // The open ids that links lead to from `start`, and the homes of the placed ids that they pass.
  std::pair<Ids, Ids> cluster_of(Id start, const std::vector<Ids>& links) const {
    Ids cluster{start};
    Ids touched;
    for (bool grown = true; grown;) {
      const auto before = std::pair(cluster.size(), touched.size());
      for (const Ids& link : links) {
        bool linked = false;
        for (const Id id : link) linked = linked || cluster.contains(id);
        if (!linked) continue;
        for (const Id id : link) {
          if (contested_.contains(id)) continue;
          if (home_.contains(id))
            touched.insert(home_.at(id));
          else
            cluster.insert(id);
        }
      }
      grown = before != std::pair(cluster.size(), touched.size());
    }
    return {cluster, touched};
  }

  Id home(const resolve::Record& record) const { return home_.at(record.own_id); }

  std::vector<std::uint32_t> members(Id home_id) const {
    std::map<std::tuple<advisory::Source, Id>, std::uint32_t> sorted;
    for (std::uint32_t i = 0; i < records_.size(); ++i)
      if (home(records_[i]) == home_id) sorted[{records_[i].source, records_[i].record_id}] = i;
    std::vector<std::uint32_t> result;
    for (const auto& [key, index] : sorted) result.push_back(index);
    return result;
  }

  Id public_id(Id home_id) const {
    if (is_anchor(home_id)) return home_id;
    for (const auto& [id, its_home] : home_)
      if (its_home == home_id && advisory::is_ghsa(id)) return id;
    std::set<std::pair<advisory::Source, Id>> own;
    for (const auto i : members(home_id)) own.insert({records_[i].source, records_[i].own_id});
    return own.begin()->second;
  }

  resolve::Reason reason(const resolve::Record& record, Id id) const {
    if (!names(record).contains(id)) return resolve::Reason::denied;
    if (anchors(record).size() > 1) return resolve::Reason::several_anchors;
    if (contested_.contains(id) || contested_.contains(record.own_id)) return resolve::Reason::contested;
    return retracted(record) ? resolve::Reason::retracted : resolve::Reason::placed_elsewhere;
  }

  // The anchors in `upstream` of the group at `home_id`, by the word of those of its records that `speak`.
  template <typename Speaks>
  Ids upstream(Id home_id, Speaks speaks) const {
    Ids result;
    if (is_anchor(home_id)) return result;
    for (const auto i : members(home_id))
      if (speaks(records_[i]) && anchors(records_[i]).size() > 1) result.merge(anchors(records_[i]));
    return result;
  }

  resolve::Group describe(Id home_id) const {
    resolve::Group group;
    group.id = public_id(home_id);
    group.records = members(home_id);
    for (const auto& [id, its_home] : home_)
      if (its_home == home_id) group.ids.push_back(id);

    bool any_live = false;
    for (const auto i : group.records) any_live = any_live || !retracted(records_[i]);
    const auto speaks = [any_live](const resolve::Record& record) { return !any_live || !retracted(record); };
    const Ids up = upstream(home_id, speaks);
    group.upstream.assign(up.begin(), up.end());

    Ids related;
    for (std::uint32_t i = 0; i < records_.size(); ++i) {
      if (home(records_[i]) != home_id) continue;
      for (const Id id : all_names(records_[i])) {
        if (home_.at(id) == home_id) continue;
        group.unfollowed.push_back({i, id, reason(records_[i], id)});
        if (speaks(records_[i]) && !up.contains(id)) related.insert(id);
      }
    }
    const auto live = [](const resolve::Record& record) { return !retracted(record); };
    for (const auto& record : records_)
      if (upstream(home(record), live).contains(home_id)) related.insert(public_id(home(record)));
    group.related.assign(related.begin(), related.end());
    return group;
  }

  resolve::Result describe_groups() const {
    std::map<Id, resolve::Group> by_id;
    for (const auto& record : records_) by_id[public_id(home(record))] = describe(home(record));
    resolve::Result result;
    std::map<Id, std::set<std::uint32_t>> shared;
    Ids inside;
    for (const auto& [id, group] : by_id) inside.insert(group.ids.begin(), group.ids.end());
    for (const auto& [id, group] : by_id) {
      for (const auto& claim : group.unfollowed)
        if (!inside.contains(claim.id))
          shared[claim.id].insert(static_cast<std::uint32_t>(result.groups.size()));
      result.groups.push_back(group);
    }
    for (const auto& [id, groups] : shared) result.shared.push_back({id, {groups.begin(), groups.end()}});
    return result;
  }

  std::span<const resolve::Record> records_;
  Ids rejected_;
  Pairs denied_;   // both ways
  Pairs allowed_;  // both ways
  Ids all_ids_;
  std::map<Id, Id> home_;
  Ids contested_;
};

}  // namespace

resolve::Result reference_resolve(std::span<const resolve::Record> records,
                                  std::span<const resolve::Override> overrides) {
  return Reference(records, overrides).run();
}

}  // namespace support
