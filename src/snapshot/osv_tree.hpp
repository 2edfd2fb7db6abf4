// The format `osv`: the files of OSV's bucket (https://google.github.io/osv.dev/data/, "Data dumps").
//
//   all.zip, ECOSYSTEM/all.zip                  ID.json, sorted by id
//   modified_id.csv                             TIME,ECOSYSTEM/ID: a line for each directory of a record
//   ECOSYSTEM/modified_id.csv                   TIME,ID
//   ecosystems.txt                              the directories, sorted
//
// The lists are sorted by time as text, latest first, then by path, as OSV's own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/timestamp.hpp"
#include "base/arena.hpp"
#include "base/zip_writer.hpp"

namespace snapshot {

/// A record that is ready to be written.
struct OsvEntry {
  std::string name;  // osv_file_name() of its id
  advisory::Instant modified;
  std::vector<std::string> directories;
  base::Packed content;
};

class OsvTree {
 public:
  /// Makes `root`, with room for that many records in mind. Throws base::FileError.
  OsvTree(const std::filesystem::path& root, std::uint64_t records);
  ~OsvTree();
  OsvTree(const OsvTree&) = delete;
  OsvTree& operator=(const OsvTree&) = delete;

  /// Adds a record; they come sorted by id. Throws base::FileError.
  void add(const OsvEntry& entry);

  /// Writes the lists and completes all files.
  void finish();

 private:
  struct Ecosystem;
  /// A line of modified_id.csv; 24 bytes, because there are millions.
  struct Line {
    std::int64_t seconds;
    std::uint32_t nanos;
    std::uint16_t ecosystem;
    std::uint16_t name_size;
    const char* name;
    std::string_view text() const { return {name, name_size}; }
  };

  std::uint16_t ecosystem_called(const std::string& name);
  void sort_lines();
  void write_lists();

  std::filesystem::path root_;
  base::ZipWriter all_;
  std::vector<std::unique_ptr<Ecosystem>> ecosystems_;
  std::map<std::string, std::uint16_t> by_name_;
  std::vector<Line> lines_;
  base::Arena names_;
};

}  // namespace snapshot
