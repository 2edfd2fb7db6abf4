#include "pipeline/scan.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <set>
#include <thread>
#include <variant>

#include "base/hash.hpp"
#include "pipeline/duplicates.hpp"
#include "pipeline/interrupted.hpp"

namespace pipeline {

namespace {

// Neighbouring candidates come in one read, so a thread takes many at a time.
constexpr std::size_t chunk_size = 256;
// Beyond this many changed records the components are found by reading all claims, not by looking up ids.
constexpr std::size_t most_ids = 400'000;
// A dictionary is trained on at most so many records, spread evenly over the source.
constexpr std::size_t most_samples = 1000;
constexpr std::size_t largest_sample = 16 * 1024;

struct Chunk {
  std::vector<Outcome> outcomes;
  std::vector<std::uint64_t> links;
  std::vector<std::string> ids;
  std::vector<parse::Refusal> refusals;
  std::vector<std::string> released;
  std::vector<std::string> samples;
};

// GitLab's key is inside the file; the other sources name the file after it.
std::optional<std::uint32_t> find_by_location(const store::StoredIndex& stored, advisory::Source source,
                                              std::string_view location) {
  if (source == advisory::Source::gitlab) return stored.find_location(location);
  return stored.find_record(record_id_of(source, location));
}

class ChunkScanner {
 public:
  ChunkScanner(const fetch::Collection& collection, const store::StoredIndex& stored,
               const ScanOptions& options)
      : collection_(collection), stored_(stored), options_(options), reader_(collection.reader()) {}

  Chunk run(std::size_t from, std::size_t to) {
    Chunk chunk;
    const std::size_t sample_step = std::max<std::size_t>(1, collection_.size() / most_samples);
    for (std::size_t index = from; index < to; ++index) {
      if (options_.stop.stop_requested()) throw Interrupted();
      const std::string_view bytes = reader_->read(index);
      if (options_.want_samples && index % sample_step == 0 && bytes.size() <= largest_sample)
        chunk.samples.emplace_back(bytes);
      look_at(index, bytes, chunk);
    }
    return chunk;
  }

 private:
  void look_at(std::size_t index, std::string_view bytes, Chunk& chunk) {
    const fetch::Candidate candidate = collection_.candidate(index);
    const std::string& location = candidate.location;
    Outcome outcome;
    outcome.candidate = static_cast<std::uint32_t>(index);
    const auto known = find_by_location(stored_, options_.source, location);
    if (known && is_unchanged(*known, bytes)) {
      outcome.kind = Outcome::Kind::unchanged;
      outcome.stored = *known;
      outcome.key = key_link(options_.source, stored_.record_id(*known));
      outcome.behind = candidate.versions && candidate.versions->held < candidate.versions->listed;
      chunk.outcomes.push_back(outcome);
      return;
    }
    arena_.reset();
    const parse::Parsed parsed =
        parse::parse(options_.source, location, bytes, arena_, parse::Extent::identity);
    if (const auto* advisory = std::get_if<advisory::Advisory>(&parsed))
      take(*advisory, candidate, bytes, outcome, chunk);
    else
      refuse(std::get<parse::Refusal>(parsed), location, known, outcome, chunk);
  }

  bool is_unchanged(std::uint32_t entry, std::string_view bytes) const {
    const auto flags = stored_.flags(entry);
    return !options_.parse_unchanged && !flags.removed && !flags.stale &&
           stored_.raw_hash(entry) == base::fast128(bytes);
  }

  void take(const advisory::Advisory& advisory, const fetch::Candidate& candidate, std::string_view bytes,
            Outcome& outcome, Chunk& chunk) {
    outcome.key = key_link(options_.source, advisory.record_id);
    outcome.behind = candidate.versions && version_of(advisory) < candidate.versions->listed;
    if (const auto entry = stored_.find_record(advisory.record_id)) {
      outcome.stored = *entry;
      if (steps_back(advisory, candidate)) {
        outcome.kind = Outcome::Kind::unchanged;
        chunk.outcomes.push_back(outcome);
        return;
      }
      // A file that moved with its bytes unchanged still gets its new location, so it counts as changed.
      if (is_unchanged(*entry, bytes) && options_.source != advisory::Source::gitlab)
        outcome.kind = Outcome::Kind::unchanged;
      const auto flags = stored_.flags(*entry);
      outcome.newly_retracted = advisory.retracted && !flags.retracted && !flags.removed;
    }
    if (outcome.kind == Outcome::Kind::changed) {
      outcome.first = static_cast<std::uint32_t>(chunk.links.size());
      chunk.links.push_back(outcome.key);
      for (const std::string_view id : advisory.claims) {
        chunk.links.push_back(base::fast64(id));
        chunk.ids.emplace_back(id);
      }
      outcome.count = static_cast<std::uint32_t>(chunk.links.size()) - outcome.first;
    }
    if (options_.quarantined->contains(advisory.record_id)) chunk.released.emplace_back(advisory.record_id);
    chunk.outcomes.push_back(outcome);
  }

  static std::int64_t version_of(const advisory::Advisory& advisory) {
    return advisory.modified ? advisory::to_microseconds(*advisory.modified) : fetch::Versions::none;
  }

  // Whether a newer version is stored, and the source's list does not say that this one is right.
  static bool steps_back(const advisory::Advisory& advisory, const fetch::Candidate& candidate) {
    if (!candidate.versions) return false;
    const std::int64_t version = version_of(advisory);
    return version < candidate.versions->held && version != candidate.versions->listed;
  }

  void refuse(parse::Refusal refusal, const std::string& location, std::optional<std::uint32_t> known,
              Outcome& outcome, Chunk& chunk) {
    outcome.kind = Outcome::Kind::refused;
    if (refusal.record_id.empty())
      refusal.record_id =
          known ? std::string(stored_.record_id(*known)) : record_id_of(options_.source, location);
    outcome.key = key_link(options_.source, refusal.record_id);
    if (const auto entry = stored_.find_record(refusal.record_id)) outcome.stored = *entry;
    outcome.first = static_cast<std::uint32_t>(chunk.refusals.size());
    chunk.refusals.push_back(std::move(refusal));
    chunk.outcomes.push_back(outcome);
  }

  const fetch::Collection& collection_;
  const store::StoredIndex& stored_;
  const ScanOptions& options_;
  std::unique_ptr<fetch::Reader> reader_;
  base::Arena arena_;
};

std::vector<Chunk> scan_chunks(const fetch::Collection& collection, const store::StoredIndex& stored,
                               const ScanOptions& options) {
  std::vector<Chunk> chunks((collection.size() + chunk_size - 1) / chunk_size);
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex mutex;
  const auto work = [&] {
    try {
      ChunkScanner scanner(collection, stored, options);
      for (std::size_t i = next++; i < chunks.size(); i = next++) {
        const std::size_t to = std::min(collection.size(), (i + 1) * chunk_size);
        chunks[i] = scanner.run(i * chunk_size, to);
        options.progress->advance(to - i * chunk_size);
      }
    } catch (...) {
      const std::scoped_lock lock(mutex);
      if (!failure) failure = std::current_exception();
      next = chunks.size();
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < options.threads; ++i) others.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
  return chunks;
}

// Joins what the threads found, in the order of the collection.
class Joiner {
 public:
  Joiner(const store::StoredIndex& stored, const ScanOptions& options, const fetch::Collection& collection)
      : stored_(stored), options_(options), collection_(collection), covered_(stored.size()) {
    if (!options.complete) note_what_is_told();
  }

  Scan run(std::vector<Chunk>& chunks) {
    result_.source = options_.source;
    const std::vector<std::uint32_t> losers = find_losers(chunks);
    for (Chunk& chunk : chunks) {
      join(chunk, losers);
      chunk = Chunk();
    }
    result_.duplicates = losers.size();
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

  void join(Chunk& chunk, const std::vector<std::uint32_t>& losers) {
    for (const Outcome& outcome : chunk.outcomes) {
      if (outcome.stored != no_entry) covered_[outcome.stored] = true;
      if (std::binary_search(losers.begin(), losers.end(), outcome.candidate)) continue;
      if (outcome.behind) ++result_.behind;
      if (outcome.kind == Outcome::Kind::unchanged) ++result_.unchanged;
      if (outcome.kind == Outcome::Kind::changed) join_changed(outcome, chunk);
      if (outcome.kind == Outcome::Kind::refused) join_refused(outcome, chunk);
    }
    if (result_.changed.size() > most_ids) {
      result_.ids_complete = false;
      result_.ids = {};
    } else {
      std::move(chunk.ids.begin(), chunk.ids.end(), std::back_inserter(result_.ids));
    }
    std::move(chunk.released.begin(), chunk.released.end(), std::back_inserter(result_.released));
    std::move(chunk.samples.begin(), chunk.samples.end(), std::back_inserter(result_.samples));
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
    result_.refused.push_back({outcome.candidate, outcome.stored, std::move(record_id), std::move(refusal)});
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
    for (const ChangedRecord& record : result_.changed)
      if (record.stored != no_entry && !stored_.flags(record.stored).removed &&
          !told_.contains(stored_.location(record.stored)))
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
      if (looked_at && !refused.contains(record_id)) result_.released.push_back(record_id);
    }
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
  std::set<std::string, std::less<>> told_;      // the places a list of changes speaks of
  std::set<std::string, std::less<>> told_ids_;  // and what the records there are called after them
  Scan result_;
};

}  // namespace

std::uint64_t key_link(advisory::Source source, std::string_view record_id) {
  // Salted by the source, because the same id string is a record of several sources.
  std::string text = "key ";
  text += advisory::to_string(source);
  text += ' ';
  text += record_id;
  return base::fast64(text);
}

Scan scan(const fetch::Collection& collection, const store::StoredIndex& stored, const ScanOptions& options) {
  std::vector<Chunk> chunks = scan_chunks(collection, stored, options);
  return Joiner(stored, options, collection).run(chunks);
}

}  // namespace pipeline
