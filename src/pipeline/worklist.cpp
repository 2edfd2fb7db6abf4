#include "pipeline/worklist.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "resolve/components.hpp"

namespace pipeline {

namespace {

// A short run is cut into so many batches, unless they were small: writers finish at about the same time.
constexpr std::size_t shares = 8;
constexpr std::size_t smallest_share = 250;

class Builder {
 public:
  Builder(std::vector<const SourceWork*> sources, pg::Connection* connection,
          std::span<const std::pair<std::string, std::string>> linked, std::size_t batch_size)
      : connection_(connection), linked_(linked), batch_size_(batch_size) {
    work_.sources = std::move(sources);
  }

  Worklist run() {
    decide_fates();
    add_changed();
    if (connection_ != nullptr) add_stored();
    add_overrides();
    cut();
    return std::move(work_);
  }

 private:
  void decide_fates() {
    fates_.resize(work_.sources.size());
    for (std::size_t s = 0; s < work_.sources.size(); ++s) {
      const SourceWork& source = *work_.sources[s];
      fates_[s].assign(source.stored.size(), Fate::stays);
      for (const ChangedRecord& record : source.scan.changed)
        if (record.stored != no_entry) touch(s, record.stored, Fate::replaced);
      for (const std::uint32_t entry : source.scan.deleted) touch(s, entry, Fate::removed);
      for (const RefusedRecord& record : source.scan.refused)
        if (record.stored != no_entry && !source.stored.flags(record.stored).stale &&
            fates_[s][record.stored] == Fate::stays)
          touch(s, record.stored, Fate::turned_stale);
    }
  }

  void touch(std::size_t s, std::uint32_t entry, Fate fate) {
    const SourceWork& source = *work_.sources[s];
    fates_[s][entry] = fate;
    if (!source.stored.flags(entry).removed)
      touched_keys_.push_back({source.source, std::string(source.stored.record_id(entry))});
  }

  void add_changed() {
    for (std::size_t s = 0; s < work_.sources.size(); ++s) {
      const Scan& scan = work_.sources[s]->scan;
      for (std::uint32_t i = 0; i < scan.changed.size(); ++i) {
        const ChangedRecord& record = scan.changed[i];
        add({static_cast<std::uint8_t>(s), i},
            std::span(scan.links).subspan(record.first_link, record.link_count));
      }
    }
  }

  void add_stored() {
    const bool few = std::all_of(work_.sources.begin(), work_.sources.end(),
                                 [](const SourceWork* source) { return source->scan.ids_complete; });
    if (few) {
      std::vector<std::string> ids;
      for (const SourceWork* source : work_.sources)
        ids.insert(ids.end(), source->scan.ids.begin(), source->scan.ids.end());
      for (store::Member& member : store::find_components(*connection_, touched_keys_, ids, linked_))
        add_member(std::move(member));
    } else {
      store::for_each_member(*connection_, [this](store::Member&& member) { add_member(std::move(member)); });
    }
  }

  void add_member(store::Member&& member) {
    std::vector<std::uint64_t> links = {key_link(member.key.source, member.key.record_id)};
    for (const std::string& id : member.claims) links.push_back(base::fast64(id));
    const Fate fate = fate_of(member.key);
    add({WorkItem::stored_records, static_cast<std::uint32_t>(work_.stored.size())}, links);
    work_.stored.push_back({std::move(member.key), fate});
  }

  Fate fate_of(const store::RecordKey& key) const {
    for (std::size_t s = 0; s < work_.sources.size(); ++s) {
      if (work_.sources[s]->source != key.source) continue;
      const auto entry = work_.sources[s]->stored.find_record(key.record_id);
      return entry ? fates_[s][*entry] : Fate::stays;
    }
    return Fate::stays;
  }

  void add_overrides() {
    for (const auto& [a, b] : linked_) components_.link(base::fast64(a), base::fast64(b));
  }

  void add(WorkItem item, std::span<const std::uint64_t> links) {
    components_.add(static_cast<std::uint32_t>(order_.size()), links);
    order_.push_back(item);
  }

  void cut() {
    const std::size_t enough = std::min(batch_size_, std::max(smallest_share, order_.size() / shares));
    const resolve::ComponentList found = std::move(components_).list();
    work_.items.reserve(order_.size());
    work_.batches.push_back(0);
    for (std::size_t c = 0; c < found.size(); ++c) {
      const auto members = found[c];
      if (!is_touched(members)) continue;
      for (const std::uint32_t member : members) work_.items.push_back(order_[member]);
      if (work_.items.size() - work_.batches.back() >= enough)
        work_.batches.push_back(static_cast<std::uint32_t>(work_.items.size()));
    }
    if (work_.items.size() != work_.batches.back())
      work_.batches.push_back(static_cast<std::uint32_t>(work_.items.size()));
  }

  // Where all members were read, most components have nothing to do with this run.
  bool is_touched(std::span<const std::uint32_t> members) const {
    return std::any_of(members.begin(), members.end(), [this](std::uint32_t member) {
      const WorkItem& item = order_[member];
      return item.source != WorkItem::stored_records || work_.stored[item.index].fate != Fate::stays;
    });
  }

  pg::Connection* connection_;
  std::span<const std::pair<std::string, std::string>> linked_;
  std::size_t batch_size_;
  Worklist work_;
  std::vector<std::vector<Fate>> fates_;  // per source, per entry of its stored index
  std::vector<store::RecordKey> touched_keys_;
  std::vector<WorkItem> order_;  // record index in components_ to item
  resolve::Components components_;
};

}  // namespace

Worklist make_worklist(std::vector<const SourceWork*> sources, pg::Connection* connection,
                       std::span<const std::pair<std::string, std::string>> linked, std::size_t batch_size) {
  return Builder(std::move(sources), connection, linked, batch_size).run();
}

}  // namespace pipeline
