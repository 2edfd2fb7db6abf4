// What the packed bytes of an archive's entries are known to unpack to. An entry that lies in a new archive
// just as it lay in an old one was unpacked and verified then: where the record made of it is stored, it need
// not be unpacked again. Of two million records that are published anew every day a few thousand changed.
//
// It is a cache of facts about bytes and knows neither sources' states nor databases, so it cannot be out of
// date; where it is missing or damaged, everything is unpacked.
//
// File: a line "vuln-datasync contents 1", XXH3-128 of what follows, and the marks in ascending order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/hash.hpp"

namespace pipeline {

/// Says that certain packed bytes unpack to certain content.
using ContentMark = base::Fast128;

/// The mark for the hash of an entry as it lies in its archive (fetch::Reader::packed_hash()) and the fast128
/// of its content.
ContentMark content_mark(const base::Fast128& packed, const base::Fast128& content);

class KnownContents {
 public:
  /// Knows nothing.
  KnownContents() = default;
  /// Reads `file`; knows nothing where it is missing or damaged.
  static KnownContents load(const std::filesystem::path& file);

  bool knows(const ContentMark& mark) const;
  std::size_t size() const { return marks().size(); }
  /// Writes `marks`, in any order, to `file`, unless they are what is known already. Throws base::FileError.
  void replace(const std::filesystem::path& file, std::vector<ContentMark> marks) const;

 private:
  std::span<const ContentMark> marks() const;

  std::string bytes_;                   // of the file
  std::vector<std::uint32_t> buckets_;  // where the marks that start with each two bytes begin
};

}  // namespace pipeline
