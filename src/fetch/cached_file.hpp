// A file in a cache, and a note beside it of what it is.
#pragma once

#include <filesystem>
#include <string>

namespace fetch {

/// The note is written after the file is complete and removed before it is touched, so that it never tells of
/// another content. Both may vanish at any time. Throws base::FileError.
class CachedFile {
 public:
  explicit CachedFile(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& note() const { return note_; }

  /// Whether the file that lies here, complete, is the one with this fingerprint.
  bool holds(const std::string& fingerprint) const;
  /// What it is; empty when nobody knows.
  std::string fingerprint() const;
  /// Before the file is written: nobody knows what it is.
  void forget() const;
  void remember(const std::string& fingerprint) const;

 private:
  std::filesystem::path path_;
  std::filesystem::path note_;
};

}  // namespace fetch
