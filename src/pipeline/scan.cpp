#include "pipeline/scan.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "pipeline/duplicates.hpp"
#include "pipeline/scan_chunks.hpp"

namespace pipeline {

namespace {

// Joins what the threads found, in the order of the collection.
class Joiner {
 public:
  Joiner(const store::StoredIndex& stored, const ScanOptions& options, const fetch::Collection& collection)
      : stored_(stored),
        options_(options),
        collection_(collection),
        covered_(stored.size()),
        is_good_(stored.size()) {
    if (!options.complete) note_what_is_told();
  }

  Scan run(std::vector<Chunk>& chunks) {
    result_.source = options_.source;
    const std::vector<std::uint32_t> losers = find_losers(chunks);
    reserve(chunks);
    for (Chunk& chunk : chunks) {
      join(chunk, losers);
      chunk = Chunk();
    }
    result_.duplicates = losers.size();
    give_back_borrowed();
    find_deleted();
    release_settled();
    return std::move(result_);
  }

 private:
  void note_what_is_told() {
    told_.insert(collection_.removed().begin(), collection_.removed().end());
    for (std::size_t index = 0; index < collection_.size(); ++index)
      told_.insert(collection_.candidate(index).location);
    for (const std::string& location : told_) told_ids_.insert(record_id_of(options_.source, location));
  }

  std::vector<std::uint32_t> find_losers(const std::vector<Chunk>& chunks) const {
    std::vector<Outcome> all;
    for (const Chunk& chunk : chunks) all.insert(all.end(), chunk.outcomes.begin(), chunk.outcomes.end());
    return losing_duplicates(std::move(all), collection_, options_.source);
  }

  // A vector that grows step by step may end up with twice the memory it needs, and these are the large ones.
  void reserve(const std::vector<Chunk>& chunks) {
    std::size_t changed = 0;
    std::size_t links = 0;
    std::size_t marks = 0;
    for (const Chunk& chunk : chunks) {
      changed += static_cast<std::size_t>(
          std::count_if(chunk.outcomes.begin(), chunk.outcomes.end(),
                        [](const Outcome& outcome) { return outcome.kind == Outcome::Kind::changed; }));
      links += chunk.links.size();
      marks += chunk.marks.size();
    }
    result_.ids_complete = changed <= most_looked_up;
    result_.changed.reserve(changed);
    result_.links.reserve(links);
    result_.marks.reserve(marks);
  }

  void join(Chunk& chunk, const std::vector<std::uint32_t>& losers) {
    std::move(chunk.not_covered.begin(), chunk.not_covered.end(), std::back_inserter(result_.not_covered));
    for (const Outcome& outcome : chunk.outcomes) {
      if (outcome.stored != no_entry) covered_[outcome.stored] = true;
      if (std::binary_search(losers.begin(), losers.end(), outcome.candidate)) continue;
      if (outcome.behind) ++result_.behind;
      if (outcome.kind == Outcome::Kind::unchanged) ++result_.unchanged;
      if (outcome.kind == Outcome::Kind::changed) join_changed(outcome, chunk);
      if (outcome.kind == Outcome::Kind::refused)
        join_refused(outcome, chunk);
      else if (outcome.stored != no_entry)
        is_good_[outcome.stored] = true;
    }
    if (result_.ids_complete) std::move(chunk.ids.begin(), chunk.ids.end(), std::back_inserter(result_.ids));
    std::move(chunk.released.begin(), chunk.released.end(), std::back_inserter(result_.released));
    std::move(chunk.samples.begin(), chunk.samples.end(), std::back_inserter(result_.samples));
    result_.marks.insert(result_.marks.end(), chunk.marks.begin(), chunk.marks.end());
  }

  void join_changed(const Outcome& outcome, const Chunk& chunk) {
    const auto first = static_cast<std::uint32_t>(result_.links.size());
    const auto from = chunk.links.begin() + outcome.first;
    result_.links.insert(result_.links.end(), from, from + outcome.count);
    result_.changed.push_back({outcome.candidate, outcome.stored, first, outcome.count});
    if (outcome.newly_retracted) ++result_.newly_retracted;
  }

  void join_refused(const Outcome& outcome, Chunk& chunk) {
    parse::Refusal& refusal = chunk.refusals[outcome.first];
    std::string record_id = refusal.record_id;
    result_.refused.push_back(
        {outcome.candidate, outcome.stored, std::move(record_id), std::move(refusal), outcome.borrowed});
  }

  // The record that was stored at this place has moved: what lies there now is another one that cannot be
  // read.
  void give_back_borrowed() {
    for (RefusedRecord& record : result_.refused) {
      if (!record.borrowed || record.stored == no_entry || !is_good_[record.stored]) continue;
      record.record_id = record.refusal.record_id =
          record_id_of(options_.source, collection_.candidate(record.candidate).location);
      record.stored = no_entry;
      record.borrowed = false;
    }
  }

  void find_deleted() {
    if (options_.complete) {
      for (std::uint32_t entry = 0; entry < stored_.size(); ++entry)
        if (!covered_[entry] && !stored_.flags(entry).removed && !collection_.lists(stored_.record_id(entry)))
          result_.deleted.push_back(entry);
      return;
    }
    // A file may hold another record now than it did; unless that one moved, it is gone.
    for (const std::string& location : told_) delete_held_by(location);
    if (options_.source == advisory::Source::gitlab) find_copies_left_out();
  }

  void delete_held_by(const std::string& location) {
    const auto entry = find_by_location(stored_, options_.source, location);
    if (!entry || covered_[*entry] || stored_.flags(*entry).removed) return;
    covered_[*entry] = true;
    result_.deleted.push_back(*entry);
  }

  // A record that comes from another file than the stored one, while that file is neither changed nor gone.
  void find_copies_left_out() {
    const auto has_a_copy = [this](const auto& record) {
      return record.stored != no_entry && !stored_.flags(record.stored).removed &&
             !told_.contains(stored_.location(record.stored));
    };
    if (std::any_of(result_.changed.begin(), result_.changed.end(), has_a_copy) ||
        std::any_of(result_.refused.begin(), result_.refused.end(), has_a_copy))
      result_.needs_everything = true;
  }

  // What was read as good leaves the quarantine, and so does what its source no longer has where it was: the
  // file is gone, or what is in it now goes by another id.
  void release_settled() {
    const std::set<std::string, std::less<>> good(result_.released.begin(), result_.released.end());
    std::set<std::string, std::less<>> refused;
    for (const RefusedRecord& record : result_.refused) refused.insert(record.record_id);
    result_.released.clear();
    for (const auto& [record_id, entry] : *options_.quarantined) {
      const bool looked_at = options_.complete || good.contains(record_id) || is_told(record_id, entry);
      if (!looked_at || refused.contains(record_id)) continue;
      result_.released.push_back(record_id);
      if (!options_.complete && !good.contains(record_id) && may_be_stored(record_id, entry))
        result_.needs_everything = true;
    }
  }

  // What was refused at one place may be the only sign of a record that was stored from another one.
  bool may_be_stored(const std::string& record_id, const store::Quarantined& entry) const {
    return options_.source == advisory::Source::gitlab &&
           record_id != record_id_of(options_.source, entry.location);
  }

  // One record may lie at different places in an archive and in a list of changes, except GitLab's.
  bool is_told(const std::string& record_id, const store::Quarantined& entry) const {
    return told_.contains(entry.location) ||
           (options_.source != advisory::Source::gitlab && told_ids_.contains(record_id));
  }

  const store::StoredIndex& stored_;
  const ScanOptions& options_;
  const fetch::Collection& collection_;
  std::vector<bool> covered_;
  std::vector<bool> is_good_;                    // entries that were found readable in this run
  std::set<std::string, std::less<>> told_;      // the places a list of changes speaks of
  std::set<std::string, std::less<>> told_ids_;  // and what the records there are called after them
  Scan result_;
};

}  // namespace

Scan scan(const fetch::Collection& collection, const store::StoredIndex& stored, const ScanOptions& options) {
  std::vector<Chunk> chunks = scan_chunks(collection, stored, options);
  return Joiner(stored, options, collection).run(chunks);
}

}  // namespace pipeline
