#include "pipeline/scan_chunks.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>

#include "base/arena.hpp"
#include "base/hash.hpp"
#include "pipeline/interrupted.hpp"

namespace pipeline {

namespace {

// Neighbouring candidates come in one read, so a thread takes many at a time.
constexpr std::size_t chunk_size = 256;
// A dictionary is trained on at most so many records, spread evenly over the source.
constexpr std::size_t most_samples = 1000;
constexpr std::size_t largest_sample = std::size_t{16} << 10;

class ChunkScanner {
 public:
  ChunkScanner(const fetch::Collection& collection, const store::StoredIndex& stored,
               const ScanOptions& options, std::atomic<std::size_t>& changed)
      : collection_(collection),
        stored_(stored),
        options_(options),
        changed_(changed),
        reader_(collection.reader()) {}

  Chunk run(std::size_t from, std::size_t to) {
    Chunk chunk;
    const std::size_t sample_step = std::max<std::size_t>(1, collection_.size() / most_samples);
    for (std::size_t index = from; index < to; ++index) {
      if (options_.stop.stop_requested()) throw Interrupted();
      look_at(index, chunk, index % sample_step == 0);
    }
    return chunk;
  }

 private:
  void look_at(std::size_t index, Chunk& chunk, bool may_be_sample) {
    const fetch::Candidate candidate = collection_.candidate(index);
    const std::string& location = candidate.location;
    Outcome outcome;
    outcome.candidate = static_cast<std::uint32_t>(index);
    const auto known = find_by_location(stored_, options_.source, location);
    const auto packed = options_.contents == nullptr ? std::nullopt : reader_->packed_hash(index);
    if (known && packed && is_known_to_be(*known, *packed)) {
      chunk.marks.push_back(content_mark(*packed, stored_.raw_hash(*known)));
      leave_unchanged(*known, candidate, outcome, chunk);
      return;
    }
    const std::string_view bytes = reader_->read(index);
    if (packed) chunk.marks.push_back(content_mark(*packed, base::fast128(bytes)));
    if (options_.want_samples && may_be_sample && bytes.size() <= largest_sample)
      chunk.samples.emplace_back(bytes);
    if (known && is_unchanged(*known, bytes)) {
      leave_unchanged(*known, candidate, outcome, chunk);
      return;
    }
    arena_.reset();
    const parse::Parsed parsed =
        parse::parse(options_.source, location, bytes, arena_, parse::Extent::identity);
    if (const auto* advisory = std::get_if<advisory::Advisory>(&parsed))
      take(*advisory, candidate, bytes, outcome, chunk);
    else
      refuse(std::get<parse::Refusal>(parsed), candidate, known, outcome, chunk);
  }

  bool is_good(std::uint32_t entry) const {
    const auto flags = stored_.flags(entry);
    return !flags.removed && !flags.stale;
  }

  bool may_stay(std::uint32_t entry) const { return !options_.parse_unchanged && is_good(entry); }

  bool is_known_to_be(std::uint32_t entry, const base::Fast128& packed) const {
    return may_stay(entry) && options_.contents->contains(content_mark(packed, stored_.raw_hash(entry)));
  }

  bool is_unchanged(std::uint32_t entry, std::string_view bytes) const {
    return may_stay(entry) && stored_.raw_hash(entry) == base::fast128(bytes);
  }

  void leave_unchanged(std::uint32_t entry, const fetch::Candidate& candidate, Outcome& outcome,
                       Chunk& chunk) const {
    outcome.kind = Outcome::Kind::unchanged;
    outcome.stored = entry;
    outcome.key = key_link(options_.source, stored_.record_id(entry));
    outcome.behind = candidate.versions && candidate.versions->held < candidate.versions->listed;
    chunk.outcomes.push_back(outcome);
  }

  void take(const advisory::Advisory& advisory, const fetch::Candidate& candidate, std::string_view bytes,
            Outcome& outcome, Chunk& chunk) {
    outcome.key = key_link(options_.source, advisory.record_id);
    note_whether_covered(advisory.record_id, chunk);
    outcome.behind = is_behind(version_of(advisory.modified), candidate);
    if (const auto entry = stored_.find_record(advisory.record_id)) {
      outcome.stored = *entry;
      if (steps_back(version_of(advisory.modified), candidate)) {
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
      for (const std::string_view id : advisory.claims) chunk.links.push_back(base::fast64(id));
      if (changed_++ < most_looked_up)
        chunk.ids.insert(chunk.ids.end(), advisory.claims.begin(), advisory.claims.end());
      outcome.count = static_cast<std::uint32_t>(chunk.links.size()) - outcome.first;
    }
    if (options_.quarantined->contains(advisory.record_id)) chunk.released.emplace_back(advisory.record_id);
    chunk.outcomes.push_back(outcome);
  }

  void note_whether_covered(std::string_view record_id, Chunk& chunk) const {
    if (!stored_.covers(record_id)) chunk.not_covered.emplace_back(record_id);
  }

  static std::int64_t version_of(const std::optional<advisory::Instant>& modified) {
    return modified ? advisory::to_microseconds(*modified) : fetch::Versions::none;
  }

  static bool is_behind(std::int64_t version, const fetch::Candidate& candidate) {
    return candidate.versions && version < candidate.versions->listed;
  }

  // Whether a newer version is stored, and the source's list does not say that this one is right.
  static bool steps_back(std::int64_t version, const fetch::Candidate& candidate) {
    return candidate.versions && version < candidate.versions->held && version != candidate.versions->listed;
  }

  void refuse(parse::Refusal refusal, const fetch::Candidate& candidate, std::optional<std::uint32_t> known,
              Outcome& outcome, Chunk& chunk) {
    outcome.kind = Outcome::Kind::refused;
    outcome.borrowed = refusal.record_id.empty() && known;
    if (refusal.record_id.empty())
      refusal.record_id =
          known ? std::string(stored_.record_id(*known)) : record_id_of(options_.source, candidate.location);
    outcome.key = key_link(options_.source, refusal.record_id);
    note_whether_covered(refusal.record_id, chunk);
    if (const auto entry = stored_.find_record(refusal.record_id)) outcome.stored = *entry;
    if (refusal.modified) {
      const std::int64_t version = version_of(refusal.modified);
      outcome.behind = is_behind(version, candidate);
      // What is stored is newer than this copy, which nobody needs then.
      if (outcome.stored != no_entry && is_good(outcome.stored) && steps_back(version, candidate))
        outcome.kind = Outcome::Kind::unchanged;
    }
    if (outcome.kind == Outcome::Kind::refused) {
      outcome.first = static_cast<std::uint32_t>(chunk.refusals.size());
      chunk.refusals.push_back(std::move(refusal));
    }
    chunk.outcomes.push_back(outcome);
  }

  const fetch::Collection& collection_;
  const store::StoredIndex& stored_;
  const ScanOptions& options_;
  std::atomic<std::size_t>& changed_;  // records, by all threads
  std::unique_ptr<fetch::Reader> reader_;
  base::Arena arena_;
};

}  // namespace

std::optional<std::uint32_t> find_by_location(const store::StoredIndex& stored, advisory::Source source,
                                              std::string_view location) {
  if (source == advisory::Source::gitlab) return stored.find_location(location);
  return stored.find_record(record_id_of(source, location));
}

std::vector<Chunk> scan_chunks(const fetch::Collection& collection, const store::StoredIndex& stored,
                               const ScanOptions& options) {
  std::vector<Chunk> chunks((collection.size() + chunk_size - 1) / chunk_size);
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> changed = 0;
  std::exception_ptr failure;
  std::mutex mutex;
  const auto work = [&] {
    try {
      ChunkScanner scanner(collection, stored, options, changed);
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

std::uint64_t key_link(advisory::Source source, std::string_view record_id) {
  // Salted by the source, because the same id string is a record of several sources.
  std::string text = "key ";
  text += advisory::to_string(source);
  text += ' ';
  text += record_id;
  return base::fast64(text);
}

}  // namespace pipeline
