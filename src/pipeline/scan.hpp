// The first pass over one source: which of its records are new or changed, which are gone, which are bad.
//
// Every candidate is read and hashed, so a broken archive is found before anything is written. Where the hash
// is the stored one the record is dropped there, before any parsing, and before unpacking where its packed
// bytes are known to hold it; otherwise it is parsed for the ids that link it. What is kept per record is a
// few numbers: the second pass reads the bytes again.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/advisory.hpp"
#include "base/hash_set.hpp"
#include "fetch/source.hpp"
#include "parse/parse.hpp"
#include "pipeline/content_mark.hpp"
#include "pipeline/progress.hpp"
#include "store/quarantine.hpp"
#include "store/stored_index.hpp"

namespace pipeline {

inline constexpr std::uint32_t no_entry = UINT32_MAX;

/// A candidate whose bytes are not the stored ones.
struct ChangedRecord {
  std::uint32_t candidate = 0;
  std::uint32_t stored = no_entry;  // entry of the stored index, also when that record is marked removed
  std::uint32_t first_link = 0;     // into Scan::links
  std::uint32_t link_count = 0;
};

/// A candidate that could not be taken in.
struct RefusedRecord {
  std::uint32_t candidate = 0;
  std::uint32_t stored = no_entry;  // its last good version, when there is one
  std::string record_id;
  parse::Refusal refusal;
  bool borrowed = false;  // the bytes do not tell the id: it is that of the record stored at this place
};

struct Scan {
  advisory::Source source = advisory::Source::osv;
  std::vector<ChangedRecord> changed;  // in the order of the collection
  std::vector<std::uint64_t> links;    // hashes of the ids and of the key of each changed record
  std::vector<std::string> ids;        // their ids as text, unless there are too many to look up one by one
  bool ids_complete = true;
  std::vector<RefusedRecord> refused;
  std::vector<std::uint32_t> deleted;  // entries of the stored index that are gone from the source
  std::vector<std::string> released;   // quarantined records that are good now, or gone
  std::vector<std::string> samples;    // some records' bytes, for training a dictionary
  std::vector<ContentMark> marks;      // of the candidates that have a packed form
  std::uint64_t unchanged = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t behind = 0;              // records that are older than their source lists them
  std::vector<std::string> not_covered;  // records that turned out to be none of those that were looked up
  bool needs_everything = false;  // of a record that has several copies, a list of changes does not hold all
  std::uint64_t newly_retracted = 0;  // changed records that are retracted now and were not as stored
};

struct ScanOptions {
  advisory::Source source = advisory::Source::osv;
  std::size_t threads = 1;
  bool complete = true;          // what the collection does not hold is deleted
  bool parse_unchanged = false;  // the program's rules have changed since: equal bytes are no reason to skip
  bool want_samples = false;
  const base::HashSet* contents = nullptr;         // null: no mark is taken, everything is unpacked
  const store::Quarantine* quarantined = nullptr;  // as it is now; never null
  std::stop_token stop;
  Progress* progress = nullptr;
};

/// Runs the first pass. Throws fetch::Error when the source turns out broken, Interrupted on a stop request.
Scan scan(const fetch::Collection& collection, const store::StoredIndex& stored, const ScanOptions& options);

/// The number by which a record key links its old and its new version, whatever ids they name.
std::uint64_t key_link(advisory::Source source, std::string_view record_id);

}  // namespace pipeline
