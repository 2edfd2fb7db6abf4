// The cache of a source that is one archive on the web: the newest archive, and what it is.
#pragma once

#include <filesystem>
#include <string>

#include "base/files.hpp"
#include "fetch/cached_file.hpp"
#include "fetch/source.hpp"
#include "fetch/zip_source.hpp"

namespace fetch {

/// Keeps other processes out of a cache directory, which is made when missing; waits for them. Throws
/// base::FileError, and Error `transport` when a stop is requested.
base::FileLock lock_cache(const std::filesystem::path& directory, const std::stop_token& stop);

/// Held by one process at a time; it keeps others out of the directory as long as it lives.
class ArchiveCache {
 public:
  /// Waits for other processes. Throws base::FileError, and Error `transport` when a stop is requested.
  ArchiveCache(const std::filesystem::path& directory, const std::stop_token& stop);

  /// Where a download is to put the archive.
  const std::filesystem::path& archive() const { return file_.path(); }
  const CachedFile& file() const { return file_; }

  /// Whether the archive that lies here, complete, is the one with this fingerprint.
  bool holds(const std::string& fingerprint) const { return file_.holds(fingerprint); }
  /// Before archive() is written: nobody knows what it is.
  void forget() const { file_.forget(); }
  void remember(const std::string& fingerprint) const { file_.remember(fingerprint); }

  /// The records of the archive, as a full state with the fingerprint that was remembered. An archive that is
  /// damaged, or turns out to be while its records are read, is forgotten. Throws Error, which says that it
  /// came from `address`.
  Fetched open(const Request& request, const ZipLayout& layout, const std::string& address) const;

 private:
  base::FileLock lock_;
  CachedFile file_;
};

}  // namespace fetch
