// Where snapshots lie, and how one appears and disappears there: whole or not at all.
//
//   DIR/20260102T030405Z/     a snapshot; complete since it has this name
//   DIR/latest                symbolic link to the newest
//   DIR/latest.json           names it: {"version": "..."}
//   DIR/.export.lock          exclusive: whoever writes to or removes from DIR
//   DIR/.incoming-VERSION/    one that is being written; without the lock's holder a leftover
//   DIR/.removed-VERSION/     one that is being removed
//   DIR/.readers/VERSION      shared: whoever reads that snapshot right now, so that prune leaves it
//
// The rule for readers (downloads): hold a Reading as long as files of the version may still be opened.
// Whoever wants to remove a version makes that lock exclusive first, and lets it be when somebody reads.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "snapshot/manifest.hpp"

namespace snapshot {

/// A snapshot that is not there, or a directory that is in use; the message says what to do.
class DirectoryError : public base::Error {
 public:
  using Error::Error;
};

/// `YYYYMMDDTHHMMSSZ` in UTC.
std::string version_of(std::chrono::sys_seconds time);
/// The time of a version, or nothing where `text` is none.
std::optional<std::chrono::sys_seconds> time_of_version(std::string_view text);

class Directory {
 public:
  explicit Directory(std::filesystem::path root) : root_(std::move(root)) {}

  const std::filesystem::path& root() const { return root_; }
  /// As it stands in the table exports, behind the host: without symbolic links.
  std::string canonical() const { return std::filesystem::weakly_canonical(root_).string(); }
  std::filesystem::path path_of(const std::string& version) const { return root_ / version; }

  /// The complete snapshots, oldest first; none where the directory does not exist. Throws base::FileError.
  std::vector<std::string> versions() const;
  std::optional<std::string> newest() const;

  /// Throws DirectoryError where there is no such snapshot, ManifestError.
  Manifest manifest(const std::string& version) const;

 private:
  std::filesystem::path root_;
};

/// Somebody reads a snapshot: it is not removed as long as this object lives.
class Reading {
 public:
  /// Throws DirectoryError where there is no such snapshot.
  Reading(const Directory& directory, const std::string& version);

 private:
  base::FileLock lock_;
};

/// The right to write to a directory and to remove from it, for one process at a time.
class Turn {
 public:
  /// Makes the directory where it is missing, and removes what a killed process left. Throws DirectoryError
  /// when another process has the turn.
  explicit Turn(Directory directory);

  const Directory& directory() const { return directory_; }

  /// Makes latest and latest.json name the newest snapshot, where a crash has left them behind.
  void settle_latest();

  /// Removes a snapshot; returns false, with nothing changed, when somebody reads it.
  bool remove(const std::string& version);

 private:
  Directory directory_;
  base::FileLock lock_;
};

/// A snapshot that is being written; removed with this object unless it was published.
class Incoming {
 public:
  /// A new version: now, or the next second that is not taken.
  Incoming(Turn& turn, std::stop_token stop);
  Incoming(const Incoming&) = delete;
  Incoming& operator=(const Incoming&) = delete;
  ~Incoming();

  const std::string& version() const { return version_; }
  const std::filesystem::path& path() const { return path_; }

  /// Everything to disk, then the name, then latest. After a crash anywhere in it the snapshot is absent or
  /// complete. Throws base::FileError.
  void publish();

 private:
  Turn& turn_;
  std::string version_;
  std::filesystem::path path_;
  bool published_ = false;
};

}  // namespace snapshot
