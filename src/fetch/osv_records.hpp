// The two shapes in which records of the OSV bucket arrive beside its list of them: the whole archive, or
// single files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "base/fd.hpp"
#include "fetch/modified_list.hpp"
#include "fetch/source.hpp"

namespace fetch {

/// The records of `archive`, each with its version in `list`.
std::unique_ptr<const Collection> listed_archive(std::unique_ptr<const Collection> archive,
                                                 std::shared_ptr<const ModifiedList> list);

/// Takes single records as they come; their bytes wait in a nameless file.
class SingleRecords {
 public:
  /// The file is made in `directory`. Throws base::FileError.
  SingleRecords(std::shared_ptr<const ModifiedList> list, std::filesystem::path directory);

  /// Adds the record that has this index in the list. Throws base::FileError as when the disk is full.
  void add(std::size_t index, std::string_view bytes);
  std::size_t size() const { return records_.size(); }

  /// The records that were added; nothing can be added any more.
  std::unique_ptr<const Collection> finish();

  struct Record {
    std::size_t index;  // in the list
    std::uint64_t offset;
    std::size_t size;
  };

 private:
  std::shared_ptr<const ModifiedList> list_;
  std::filesystem::path directory_;
  base::Fd file_;
  std::uint64_t end_ = 0;
  std::vector<Record> records_;
};

}  // namespace fetch
