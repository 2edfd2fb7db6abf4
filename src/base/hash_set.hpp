// A set of hashes that can be kept in a file: facts that were found out at some cost, so that they need not
// be found out again. The file is a cache: where it is missing, damaged or about something else, nothing is
// known.
//
// File: the title and a line break, XXH3-128 of what follows, and the hashes in ascending order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "base/hash.hpp"

namespace base {

class HashSet {
 public:
  HashSet() = default;
  /// Takes them in any order, and more than once.
  explicit HashSet(std::vector<Fast128> hashes);
  /// What is kept in `file` under this title, a line that says what is hashed; nothing where there is no such
  /// file.
  static HashSet load(const std::filesystem::path& file, std::string_view title);

  bool contains(const Fast128& hash) const;
  std::size_t size() const { return hashes_.size(); }
  /// In ascending order of their bytes.
  std::span<const Fast128> hashes() const { return hashes_; }
  bool operator==(const HashSet& other) const { return hashes_ == other.hashes_; }

  /// Keeps them in `file`. Throws FileError.
  void save(const std::filesystem::path& file, std::string_view title) const;

 private:
  std::vector<Fast128> hashes_;
  std::vector<std::uint32_t> buckets_;  // where the hashes that start with the same bits begin
};

}  // namespace base
