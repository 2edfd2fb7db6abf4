// Records that came one by one, as a collection: kept in a nameless file, so that their number costs no
// memory to speak of.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.hpp"
#include "fetch/source.hpp"

namespace fetch {

class RecordSpool {
 public:
  /// The file lies in `directory`, which is made when missing, and vanishes with the last user. Throws
  /// base::FileError.
  explicit RecordSpool(const std::filesystem::path& directory);

  /// Throws base::FileError, as when the disk is full.
  void add(std::string location, std::string_view bytes);
  std::size_t size() const { return records_.size(); }

  /// What was added, in that order, as a collection of which `removed` are gone; nothing can be added any
  /// more.
  std::unique_ptr<const Collection> finish(std::vector<std::string> removed = {});

 private:
  struct Record {
    std::string location;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
  };
  class Records;
  class SpoolReader;

  std::filesystem::path directory_;
  base::Fd file_;
  std::uint64_t end_ = 0;
  std::vector<Record> records_;
};

}  // namespace fetch
