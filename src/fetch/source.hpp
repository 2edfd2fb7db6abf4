// The shape in which every source hands over its records, whatever it is made of: a zip archive, a git tree
// or single files. Nothing is decoded here; a record is a location and bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "fetch/error.hpp"

namespace fetch {

/// What a source that lists its records says of one, and what is stored of it, as times of last modification
/// in microseconds since 1970-01-01T00:00:00Z.
struct Versions {
  static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::min();

  std::int64_t listed = none;
  std::int64_t held = none;
};

/// One candidate record, not read yet.
struct Candidate {
  /// Path in its source ("GO-2020-0001.json", "npm/left-pad/CVE-2020-1.yml"). Always valid UTF-8 without
  /// control characters: other bytes stand as \xNN.
  std::string location;
  /// Bytes of the record where the source says so cheaply (zip), else 0 (git).
  std::uint64_t size = 0;
  /// Set where the source lists its records apart from their content. Both are published one after the other,
  /// so a record may be older than listed: then it is awaited, and it never takes the place of a newer
  /// version unless the list names just this one.
  std::optional<Versions> versions = {};
};

/// Reads the records of one collection; one per thread, valid as long as its collection.
class Reader {
 public:
  virtual ~Reader() = default;

  /// The bytes of candidate `index`. The view holds until the next call. Any order is allowed; fastest are
  /// ascending runs that start at a multiple of 64, because neighbours come in one read. Throws base::Error
  /// (most often Error) when the source is broken, as by a wrong checksum or a truncated file: then no record
  /// of it should be taken, so read all of them once before committing any.
  virtual std::string_view read(std::size_t index) = 0;

  /// A hash of candidate `index` as it lies in its archive, with all that decides what read() makes of it:
  /// equal hashes, equal records. Much cheaper than reading; nothing where there is no such form. Throws as
  /// read().
  virtual std::optional<base::Fast128> packed_hash(std::size_t index) {
    static_cast<void>(index);
    return std::nullopt;
  }
};

/// The records of one source: its full state, or what changed since a known fingerprint.
class Collection {
 public:
  virtual ~Collection() = default;

  /// Number of candidates. An archive may hold one location twice; both are candidates.
  virtual std::size_t size() const = 0;
  virtual Candidate candidate(std::size_t index) const = 0;
  /// Calls `take` with the index of each candidate, in order, and what stands in its location behind the last
  /// slash: much cheaper than candidate() where there are a million.
  virtual void for_each_name(
      const std::function<void(std::size_t index, std::string_view name)>& take) const {
    for (std::size_t index = 0; index < size(); ++index) {
      const std::string location = candidate(index).location;
      take(index, std::string_view(location).substr(location.rfind('/') + 1));
    }
  }
  /// A reader of its own for the calling thread. Safe to call from several threads.
  virtual std::unique_ptr<Reader> reader() const = 0;
  /// Delta only: locations whose record is gone. A location that moved is here and among the candidates.
  virtual const std::vector<std::string>& removed() const = 0;
  /// Full state only: whether the source lists a record that the collection does not hold, which is then no
  /// sign that it is gone.
  virtual bool lists(std::string_view record_id) const {
    static_cast<void>(record_id);
    return false;
  }
};

/// Takes the id of a stored record and the version that is held of it (as Versions).
using TakeStored = std::function<void(std::string_view record_id, std::int64_t modified)>;

/// Takes the location and the bytes of a record and returns when it was changed last (as Versions) where they
/// can be taken in as the record of that place; nothing where they are refused.
using Accept = std::function<std::optional<std::int64_t>(std::string_view location, std::string_view bytes)>;

/// What is asked of a source.
struct Request {
  /// `osv`, `gitlab` or `cve`.
  std::string source;
  /// The fingerprint that the last successful sync stored; empty when there was none.
  std::string known_fingerprint;
  /// What the source asked to be remembered at that time (Fetched::watermark).
  std::string watermark = {};
  /// Hand over everything even when nothing changed.
  bool full = false;
  /// Compare everything: lists of changes are incomplete, and what they left out is due to be found.
  bool reconcile = false;
  /// Calls for every stored record that is not removed; one that is quarantined counts with the version of
  /// the bytes that were refused. Empty where there is no database.
  std::function<void(const TakeStored&)> for_each_stored = {};
  /// As for_each_stored, of the records with these ids alone; and how many it would call for. Empty where
  /// that costs as much as all.
  std::function<void(const std::vector<std::string>& ids, const TakeStored&)> for_some_stored = {};
  std::function<std::size_t()> count_stored = {};
  /// Tells copies of a record that will be refused from good ones. Empty where nobody parses.
  Accept accept = {};
  /// The known state holds several files of one record, so a list of changes does not tell which one is next.
  bool has_copies = false;
  /// What is learnt of the files of a mirror is not remembered: a dry run leaves nothing behind.
  bool dry_run = false;
  /// A directory for this source alone that survives between runs (git objects, unpacked archives). It is
  /// created when needed and may be deleted at any time.
  std::filesystem::path cache;
  std::stop_token stop;
};

/// How a source answered.
struct Fetched {
  enum class State {
    absent,     // the mirror has no such part
    unchanged,  // the fingerprint is the known one; there is no collection
    full,       // the collection is the whole source: what it does not hold is deleted
    delta,      // the collection is what changed since the known fingerprint
  };

  State state = State::absent;
  /// Identifies the state of the source that was found; store it after everything was committed.
  std::string fingerprint;
  /// What the source wants to be told the next time beside its fingerprint; none leaves it as it is.
  std::optional<std::string> watermark = {};
  /// Bytes that came over the network or out of the mirror.
  std::uint64_t bytes_fetched = 0;
  /// The way that was taken where a source has several ("gcs", "http"), and why it was not the first.
  std::string route = {};
  std::string route_reason = {};
  /// Why this much was fetched, where that is a choice.
  std::string mode_reason = {};
  /// Records that the source lists and that could not be had; they are asked for again by the next sync.
  std::size_t awaited = 0;
  /// Stored records that the source does not list any more. Only its full state tells whether they are gone.
  std::size_t vanished = 0;
  /// Set for `full` and `delta`.
  std::unique_ptr<const Collection> collection;
};

/// "absent", "unchanged", "full" or "delta".
std::string_view to_string(Fetched::State state);

/// The fingerprint of a state in which so many records are still awaited: no state of a source is equal to
/// it, so the next sync looks again.
std::string with_awaited(const std::string& fingerprint, std::size_t awaited);

}  // namespace fetch
