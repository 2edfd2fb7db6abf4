// An archive on disk for one test, and what reading it says.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/files.hpp"
#include "fetch/error.hpp"
#include "fetch/zip.hpp"
#include "support/files.hpp"

namespace fetch {

inline bool is_json(std::string_view name) {
  return name.ends_with(".json");
}

class ZipOnDisk {
 public:
  explicit ZipOnDisk(std::string_view bytes) { support::write_file(path(), bytes); }

  std::filesystem::path path() const { return directory_.path() / "all.zip"; }
  ZipArchive open(const ZipLimits& limits = {}) const { return {File(path()), is_json, limits}; }

 private:
  base::TemporaryDirectory directory_;
};

using Entries = std::vector<std::pair<std::string, std::string>>;

/// Name and content of every entry, in the order of the archive.
inline Entries read_all(const ZipArchive& archive) {
  Entries result;
  ZipReader reader(archive);
  for (std::size_t i = 0; i < archive.size(); ++i)
    result.emplace_back(archive.entry(i).name, std::string(reader.read(i)));
  return result;
}

inline Entries read_all(std::string_view bytes) {
  const ZipOnDisk file(bytes);
  return read_all(file.open());
}

/// The word and the message that `action` fails with; both empty when it succeeds.
inline std::pair<std::string, std::string> failure_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return {std::string(error.word()), error.what()};
  }
  return {};
}

/// The word that opening and reading an archive with these bytes fails with.
inline std::string word_of(std::string_view bytes) {
  return failure_of([&] { read_all(bytes); }).first;
}

}  // namespace fetch
