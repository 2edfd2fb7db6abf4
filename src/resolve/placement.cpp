// Two passes of the same steps, live records first: tie ids to anchors, join the rest into clusters, settle
// what that decides. An id that is settled never moves again: that alone keeps retracted records from moving
// or bridging anything.
#include "resolve/placement.hpp"

#include <algorithm>
#include <utility>

#include "resolve/union_find.hpp"

namespace resolve {

namespace {

// Values of an IdNumber that are no id: nothing seen yet, or different things seen.
constexpr IdNumber none = 0xffffffff;
constexpr IdNumber several = 0xfffffffe;

void see(IdNumber& seen, IdNumber id) {
  if (seen == none)
    seen = id;
  else if (seen != id)
    seen = several;
}

bool is_one(IdNumber seen) {
  return seen != none && seen != several;
}

class Placer {
 public:
  Placer(const Naming& naming, std::span<const Record> records)
      : naming_(naming),
        records_(records),
        home_(naming.ids.size(), none),
        contested_(naming.ids.size(), 0),
        named_anchor_(records.size(), none),
        tied_(naming.ids.size(), none),
        clusters_(naming.ids.size()),
        touched_(naming.ids.size(), none),
        rooted_(naming.ids.size(), 0) {}

  Placement run() {
    for (IdNumber id = 0; id < home_.size(); ++id)
      if (naming_.anchor[id] != 0) home_[id] = id;
    find_named_anchors();
    pass(false);
    if (std::any_of(records_.begin(), records_.end(), is_retracted)) pass(true);
    for (IdNumber id = 0; id < home_.size(); ++id)
      if (is_open(id)) home_[id] = id;
    Placement placement{std::move(home_), std::move(contested_), {}};
    for (const IdNumber anchor : named_anchor_)
      placement.several_anchors.push_back(anchor == several ? 1 : 0);
    return placement;
  }

 private:
  void pass(bool retracted) {
    tie(retracted);
    if (!retracted) tie_as_allowed();
    settle_ties();
    join(retracted);
    keep_denied_apart();
    settle_clusters();
  }

  bool is_open(IdNumber id) const { return home_[id] == none; }

  template <typename Action>
  void for_each_record(bool retracted, Action action) const {
    for (std::size_t record = 0; record < records_.size(); ++record)
      if (is_retracted(records_[record]) == retracted) action(record);
  }

  template <typename Action>
  void for_each_name(std::size_t record, Action action) const {
    for (const Name& name : naming_.names_of(record))
      if (!name.denied) action(name.id);
  }

  void find_named_anchors() {
    for (std::size_t record = 0; record < records_.size(); ++record)
      for_each_name(record, [&](IdNumber id) {
        if (naming_.anchor[id] != 0) see(named_anchor_[record], id);
      });
  }

  void tie(bool retracted) {
    for_each_record(retracted, [&](std::size_t record) {
      const IdNumber anchor = named_anchor_[record];
      if (is_one(anchor)) for_each_name(record, [&](IdNumber id) { see(tied_[id], anchor); });
    });
  }

  // The operator's ties replace those of the records.
  void tie_as_allowed() {
    std::vector<std::pair<IdNumber, IdNumber>> ties;  // id, anchor
    for (const auto& [a, b] : naming_.allowed)
      if (naming_.anchor[a] != naming_.anchor[b])
        ties.push_back(naming_.anchor[a] != 0 ? std::pair(b, a) : std::pair(a, b));
    for (const auto& tie : ties) tied_[tie.first] = none;
    for (const auto& tie : ties) see(tied_[tie.first], tie.second);
  }

  void settle_ties() {
    for (IdNumber id = 0; id < home_.size(); ++id) {
      if (!is_open(id) || tied_[id] == none) continue;
      contested_[id] = tied_[id] == several ? 1 : 0;
      home_[id] = contested_[id] != 0 ? id : tied_[id];
    }
  }

  // The ids that one record without an anchor, or one `allow`, says are the same.
  template <typename Action>
  void for_each_link(bool retracted, Action action) {
    for_each_record(retracted, [&](std::size_t record) {
      if (named_anchor_[record] != none) return;
      link_.clear();
      for_each_name(record, [&](IdNumber id) { link_.push_back(id); });
      action(link_);
    });
    for (const auto& [a, b] : naming_.allowed) {
      if (naming_.anchor[a] != 0 || naming_.anchor[b] != 0) continue;
      link_.assign({a, b});
      action(link_);
    }
  }

  // Joins the open ids of each link into clusters, which touch the homes of the settled ones. A settled id
  // joins nothing: it is a door to its group, not a bridge between the ids that name it.
  void join(bool retracted) {
    for (IdNumber id = 0; id < home_.size(); ++id) {
      clusters_.reset(id);
      touched_[id] = none;
      rooted_[id] = 0;
    }
    for_each_link(retracted, [&](const std::vector<IdNumber>& link) {
      const auto open = first_open(link);
      for (auto at = open; at != link.end(); ++at)
        if (is_open(*at)) clusters_.unite(*open, *at);
    });
    // Only now, for until all are joined a cluster has no lasting name.
    for_each_link(retracted, [&](const std::vector<IdNumber>& link) {
      const auto open = first_open(link);
      if (open == link.end()) return;
      for (const IdNumber id : link)
        if (!is_open(id) && contested_[id] == 0) see(touched_[clusters_.find(*open)], home_[id]);
    });
    for_each_record(retracted, [&](std::size_t record) {
      rooted_[clusters_.find(naming_.own[record])] = 1;
      if (named_anchor_[record] == none)
        for_each_name(record, [&](IdNumber id) { rooted_[clusters_.find(id)] = 1; });
    });
  }

  std::vector<IdNumber>::const_iterator first_open(const std::vector<IdNumber>& link) const {
    return std::find_if(link.begin(), link.end(), [this](IdNumber id) { return is_open(id); });
  }

  // A cluster with an id that is denied to the one anchor it touches does not go there.
  void keep_denied_apart() {
    for (const auto& [a, b] : naming_.denied) {
      if (naming_.anchor[a] == naming_.anchor[b]) continue;
      const auto [id, anchor] = naming_.anchor[a] != 0 ? std::pair(b, a) : std::pair(a, b);
      IdNumber& touched = touched_[clusters_.find(id)];
      if (is_open(id) && touched == anchor) touched = several;
    }
  }

  // A cluster that only an operator's `allow` names stays open: it waits for what retracted records say of
  // it.
  void settle_clusters() {
    for (IdNumber id = 0; id < home_.size(); ++id) {
      if (!is_open(id)) continue;
      const IdNumber cluster = clusters_.find(id);
      if (is_one(touched_[cluster]))
        home_[id] = touched_[cluster];
      else if (rooted_[cluster] != 0)
        home_[id] = cluster;
    }
  }

  const Naming& naming_;
  std::span<const Record> records_;
  std::vector<IdNumber> home_;
  std::vector<std::uint8_t> contested_;
  std::vector<IdNumber> named_anchor_;  // by record: none, several or one
  std::vector<IdNumber> tied_;          // by id: none, several or one anchor
  UnionFind clusters_;                  // of open ids
  std::vector<IdNumber> touched_;       // by cluster: none, several or one home
  std::vector<std::uint8_t> rooted_;    // by cluster: a record of this pass stands in it or joined it
  std::vector<IdNumber> link_;
};

}  // namespace

Placement place(const Naming& naming, std::span<const Record> records) {
  return Placer(naming, records).run();
}

}  // namespace resolve
