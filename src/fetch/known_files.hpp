// Fingerprints of files that were read before, so that a file that nobody has written to is not read again:
// hashing the archives of two million records takes seconds, and half a minute where they come from a disk.
//
// Whether a file was written to is told by what git's index goes by (Documentation/technical/racy-git.txt of
// git): device, inode, size, mtime and ctime. ctime cannot be set back by whoever copies a file in place with
// its old mtime. A file that was written to so shortly before that another write could bear the same time is
// not remembered.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>

#include "fetch/file.hpp"

namespace fetch {

class KnownFiles {
 public:
  using Clock = std::chrono::system_clock;
  /// Times of one file that lie closer together may look alike (FAT keeps two seconds).
  static constexpr std::chrono::seconds granularity{3};

  /// What is remembered in `path`; nothing where that cannot be read. With `anew` every file is read.
  KnownFiles(std::filesystem::path path, bool anew);

  /// content_fingerprint() of `file`. Throws as that does.
  std::string fingerprint(const File& file, Clock::time_point now = Clock::now());

  /// Remembers the files asked about, and no others. A failure is only logged: it costs the next run its
  /// time.
  void save() const;

 private:
  std::filesystem::path path_;
  std::map<std::string, std::string> before_;  // stamp of a file to its fingerprint
  std::map<std::string, std::string> now_;
};

}  // namespace fetch
