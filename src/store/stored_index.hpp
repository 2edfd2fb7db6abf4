// What the database holds of one source, as much as the first pass needs to tell changed records from
// unchanged ones: one entry per record in flat arrays, about 60 bytes each, so that two million fit easily.
// Only GitLab's records are looked up by their place in the source, and only theirs is kept: the other
// sources name the file after the record.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/advisory.hpp"
#include "base/hash.hpp"
#include "base/text_table.hpp"
#include "pg/connection.hpp"

namespace store {

class StoredIndex {
 public:
  struct Flags {
    bool removed = false;
    bool stale = false;
    bool retracted = false;
  };

  /// Streams the record keys and hashes of `source`. Throws pg::Error.
  static StoredIndex load(pg::Connection& connection, advisory::Source source);
  /// Only the records of `source` with these ids, and GitLab's that came from `locations`, of `live` that are
  /// stored and not removed: what a short list of changes costs must not grow with the database. Throws
  /// pg::Error.
  static StoredIndex load_some(pg::Connection& connection, advisory::Source source,
                               std::vector<std::string> record_ids, const std::vector<std::string>& locations,
                               std::size_t live);

  explicit StoredIndex(advisory::Source source = advisory::Source::osv)
      : has_locations_(source == advisory::Source::gitlab) {}

  void add(std::string_view record_id, std::string_view location, const base::Fast128& raw_hash, Flags flags);

  std::size_t size() const { return hashes_.size(); }
  /// Records that are not removed, whether they were loaded or not.
  std::size_t live() const { return live_; }
  /// Whether find_record(record_id) knows all that is stored of this record.
  bool covers(std::string_view record_id) const;

  std::optional<std::uint32_t> find_record(std::string_view record_id) const;
  /// By the path in the source, GitLab's records alone; where a path was reused, the record that is not
  /// removed.
  std::optional<std::uint32_t> find_location(std::string_view location) const;

  std::string_view record_id(std::uint32_t entry) const;
  /// Empty but for GitLab's records.
  std::string_view location(std::uint32_t entry) const;
  const base::Fast128& raw_hash(std::uint32_t entry) const { return hashes_[entry]; }
  Flags flags(std::uint32_t entry) const { return flags_[entry]; }

 private:
  template <typename TextOf>
  void insert(base::TextTable& table, std::uint32_t entry, TextOf text_of);

  bool has_locations_;
  std::string text_;                    // record_id, location, record_id, location, ...
  std::vector<std::uint64_t> offsets_;  // two per entry
  std::vector<base::Fast128> hashes_;
  std::vector<Flags> flags_;
  base::TextTable by_record_;
  base::TextTable by_location_;
  std::size_t live_ = 0;
  std::optional<std::vector<std::string>> loaded_;  // the only ids that were asked for, sorted
};

}  // namespace store
