// The text of a record in the n-th copy of a corpus.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/advisory.hpp"

namespace corpus {

/// Words of the mirror itself by their length: what they are replaced by keeps every size and, nearly, how
/// well the text compresses.
class Vocabulary {
 public:
  /// Adds the words of `bytes`, up to a bound.
  void add(std::string_view bytes);
  /// The word of this length that `number` stands for; empty where there is none.
  std::string_view word(std::size_t length, std::uint64_t number) const;

  static constexpr std::size_t shortest = 4;
  static constexpr std::size_t longest = 14;

 private:
  static constexpr std::size_t most_words = 4096;  // of one length
  std::array<std::vector<std::string>, longest + 1> words_;
};

/// One record of the mirror.
struct Original {
  advisory::Source source = advisory::Source::osv;
  std::string_view bytes;
  std::vector<std::string_view> ids;  // every id it names, longest first
  std::string_view own_id;
  std::string_view uuid;                 // GitLab
  std::string_view location;             // GitLab: its path
  std::vector<std::string> directories;  // OSV: of the bucket
  std::string modified;                  // OSV: as its row in modified_id.csv has it
};

/// Reads what is needed to copy a record. A record that the program would refuse is copied too, under the id
/// that its name tells. Views refer to the arguments and to `arena`.
Original read_original(advisory::Source source, std::string_view location, std::string_view bytes,
                       base::Arena& arena);

/// The record's bytes in copy `copy`: its ids replaced (identity.hpp), and in every other copy than 0 hash
/// values and half the words too. `salt` makes other words of the same copy; 0 and copy 0 is the original.
std::string vary(const Original& original, std::uint64_t copy, std::uint64_t salt, const Vocabulary& words);

/// The same record, said to be modified at `time` (RFC 3339).
std::string with_modified(advisory::Source source, std::string bytes, std::string_view time);

/// The same record, withdrawn at `time`: OSV's `withdrawn`, a REJECTED CVE, a range that matches nothing.
std::string with_withdrawal(const Original& original, std::uint64_t copy, std::string bytes,
                            std::string_view time);

}  // namespace corpus
