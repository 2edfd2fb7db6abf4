// modified_id.csv of the OSV bucket (https://google.github.io/osv.dev/data/): a line for each directory that
// a record lies in, with the time at which it was last modified.
//
//   2024-05-06T07:08:09.123Z,npm/GHSA-xxxx-yyyy-zzzz
//
// A list of two million records fits in some 120 MB. It comes from outside: lines that are none are skipped
// and told, and a text that holds hardly any line is refused.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash_set.hpp"
#include "base/text_table.hpp"
#include "fetch/file.hpp"

namespace fetch {

/// A line of the list; the texts are views into it.
struct ModifiedLine {
  std::int64_t modified = 0;  // microseconds since 1970-01-01T00:00:00Z
  std::string_view directory;
  std::string_view id;
};

/// Reads a line without its line break. Returns why it is none, or "".
std::string_view read_modified_line(std::string_view text, ModifiedLine& line);

/// What tells a line from every other: XXH3-64 of its id, and of what stands before it.
using LineMark = base::Fast128;

/// Whether two lines are about one record.
bool is_same_record(const LineMark& a, const LineMark& b);

/// How a list is read.
struct ListReading {
  /// Lines without one of these marks are passed over.
  const base::HashSet* only = nullptr;
  /// Receives the marks of all lines, but of those that were read and are none.
  std::vector<LineMark>* marks = nullptr;
};

/// The records of the list: each id once, with its latest time and a directory where it lies.
class ModifiedList {
 public:
  /// Stands for a version that there is not: older than every other.
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();

  /// Reads the list in `file`. Throws Error `not_a_list` when it is something else, `empty` when it names no
  /// record, and what reading the file throws.
  static ModifiedList read(const File& file, const ListReading& reading = {});

  /// How many records are here; they have the indices below.
  std::size_t size() const { return entries_.size(); }
  /// How many the list names: more than are here where lines were passed over.
  std::size_t listed_records() const { return std::max(listed_, entries_.size()); }
  /// Whether all of them are here.
  bool is_whole() const { return listed_ == 0; }
  std::optional<std::size_t> find(std::string_view id) const;
  std::string_view id(std::size_t index) const;
  std::int64_t modified(std::size_t index) const { return entries_[index].modified; }
  /// Where its file lies: of several directories one with the latest time; [EMPTY], where old copies are left
  /// behind, only when there is no other; else the first by name.
  std::string_view directory(std::size_t index) const { return directories_[entries_[index].directory]; }

  /// Notes which version of a record is held; that of a record that is not listed is only counted.
  void hold(std::string_view id, std::int64_t modified);
  /// Notes that the list names `listed` records, of which those that are not here are held as they are
  /// listed, and that `held` are held in all, listed or not. Returns false, and notes nothing, where that
  /// cannot be.
  bool hold_others(std::size_t held, std::size_t listed);
  /// The version noted, or `never`.
  std::int64_t held(std::size_t index) const { return entries_[index].held; }
  /// How many records were held, and how many of them the list does not name.
  std::size_t held_records() const { return held_; }
  std::size_t vanished_records() const { return vanished_; }
  /// The records whose version in the list is later than the one held.
  std::vector<std::size_t> changed() const;

 private:
  friend class ModifiedListReader;

  struct Entry {
    std::int64_t modified;
    std::int64_t held;
    std::uint32_t text;  // offset in ids_
    std::uint16_t length;
    std::uint16_t directory;
  };
  void add(const ModifiedLine& line, std::uint16_t directory);
  bool is_better(std::uint16_t directory, std::uint16_t than) const;

  std::string ids_;
  std::vector<Entry> entries_;
  base::TextTable by_id_;
  std::vector<std::string> directories_;
  std::size_t held_ = 0;
  std::size_t vanished_ = 0;
  std::size_t listed_ = 0;  // 0: those that are here
};

/// Takes a list in pieces of any size.
class ModifiedListReader {
 public:
  /// `name` is for messages.
  explicit ModifiedListReader(std::string name, const ListReading& reading = {})
      : name_(std::move(name)), reading_(reading) {}

  /// Makes room for a list of so many bytes.
  void expect(std::uint64_t bytes);
  void feed(std::string_view piece);
  /// Throws as ModifiedList::read().
  ModifiedList finish();

 private:
  void take(std::string_view line);
  std::string_view read(std::string_view text);
  void skip(std::string_view reason);
  std::optional<std::uint16_t> number_of(std::string_view directory);

  std::string name_;
  ListReading reading_;
  ModifiedList list_;
  base::TextTable by_name_;  // of its directories
  std::string rest_;         // the beginning of a line
  bool overlong_ = false;    // the rest of this line is passed over
  std::size_t lines_ = 0;    // those with something on them
  std::size_t number_ = 1;   // of the present line
  std::size_t skipped_ = 0;
  std::string first_skipped_;
};

}  // namespace fetch
