// Files and directories as the program needs them: whole-file reads, atomic writes, private directories,
// disk space and advisory locks. Every descriptor opened here is close-on-exec.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/fd.hpp"

namespace base {

/// A file operation that failed: what was tried, on which path, and the system's reason.
class FileError : public Error {
 public:
  FileError(const std::string& action, const std::filesystem::path& path, int error_number);
  /// The errno of the failed call, e.g. ENOSPC.
  int error_number() const { return error_number_; }

 private:
  int error_number_;
};

/// open(2) with O_CLOEXEC added. Throws FileError.
Fd open_file(const std::filesystem::path& path, int flags, unsigned mode = 0644);

/// The whole content of a file. Throws FileError; a file larger than `limit` is one with EFBIG.
std::string read_file(const std::filesystem::path& path, std::uint64_t limit = std::uint64_t{1} << 30);

/// As read_file, but nothing when the file does not exist.
std::optional<std::string> read_file_if_present(const std::filesystem::path& path,
                                                std::uint64_t limit = std::uint64_t{1} << 30);

/// Replaces `path` by a file with this content, all or nothing: written beside it with `mode`, synced,
/// renamed, directory synced. A crash at any moment leaves the old file or the new one. Throws FileError.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes, unsigned mode = 0644);

/// As write_file_atomically(), without waiting for the disk: after a loss of power the file may be empty or
/// torn, which whoever reads it has to notice. For what can be made again.
void write_cache_file(const std::filesystem::path& path, std::string_view bytes);

/// fsync(2) of a file or a directory by name. Throws FileError.
void sync_path(const std::filesystem::path& path);

/// syncfs(2): everything written to the file system that holds `path` is on disk. One call for a tree of many
/// files, where syncing each of them takes seconds. Throws FileError.
void sync_file_system(const std::filesystem::path& path);

/// Makes `path` and its missing parents; those made here get `mode`, whatever the umask. Throws FileError.
void make_directories(const std::filesystem::path& path, unsigned mode = 0755);

/// Removes a tree; a missing one is fine. Throws FileError.
void remove_tree(const std::filesystem::path& path);

/// Removes a file if it is there; returns whether it was. Throws FileError.
bool remove_file(const std::filesystem::path& path);

/// A new directory of mode 0700 that is removed, with everything in it, when the object goes.
class TemporaryDirectory {
 public:
  /// Made in `parent`, by default $TMPDIR or /tmp; the name starts with `prefix`. Throws FileError.
  explicit TemporaryDirectory(std::string_view prefix = "vuln-datasync-",
                              const std::filesystem::path& parent = {});
  TemporaryDirectory(TemporaryDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryDirectory& operator=(TemporaryDirectory&&) = delete;
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  const std::filesystem::path& path() const { return path_; }
  /// Leaves the directory on disk; returns its path.
  std::filesystem::path keep() { return std::exchange(path_, {}); }

 private:
  std::filesystem::path path_;
};

struct DiskSpace {
  std::uint64_t total = 0;
  std::uint64_t available = 0;  // for the calling user
};

/// Space of the file system that holds `path`, or would: a missing path is asked of its nearest existing
/// parent. Throws FileError.
DiskSpace disk_space(const std::filesystem::path& path);

/// An advisory lock (flock(2)) on a file that is created when missing and never removed: the kernel drops the
/// lock when its holder dies, so a lock is never stale. Children do not inherit it unless told to.
class FileLock {
 public:
  enum class Mode { shared, exclusive };

  /// Waits until the lock is had. Throws FileError.
  static FileLock acquire(const std::filesystem::path& path, Mode mode);
  /// The lock, or nothing when somebody else holds it in the way. Throws FileError.
  static std::optional<FileLock> try_acquire(const std::filesystem::path& path, Mode mode);

  /// The descriptor that holds the lock: a child that keeps it (Command::kept) keeps the lock, and so do that
  /// child's children, until the last of them has ended.
  const Fd& fd() const { return fd_; }

 private:
  explicit FileLock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace base
