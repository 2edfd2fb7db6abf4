// The shape in which every source hands over its records, whatever it is made of: a zip archive, a git tree
// or single files. Nothing is decoded here; a record is a location and bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "fetch/error.hpp"

namespace fetch {

/// One candidate record, not read yet.
struct Candidate {
  /// Path in its source ("GO-2020-0001.json", "npm/left-pad/CVE-2020-1.yml"). Always valid UTF-8 without
  /// control characters: other bytes stand as \xNN.
  std::string location;
  /// Bytes of the record where the source says so cheaply (zip), else 0 (git).
  std::uint64_t size = 0;
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
};

/// The records of one source: its full state, or what changed since a known fingerprint.
class Collection {
 public:
  virtual ~Collection() = default;

  /// Number of candidates. An archive may hold one location twice; both are candidates.
  virtual std::size_t size() const = 0;
  virtual Candidate candidate(std::size_t index) const = 0;
  /// A reader of its own for the calling thread. Safe to call from several threads.
  virtual std::unique_ptr<Reader> reader() const = 0;
  /// Delta only: locations whose record is gone. A location that moved is here and among the candidates.
  virtual const std::vector<std::string>& removed() const = 0;
};

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
  /// Set for `full` and `delta`.
  std::unique_ptr<const Collection> collection;
};

}  // namespace fetch
