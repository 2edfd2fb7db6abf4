#include "base/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace base {

namespace fs = std::filesystem;

FileError::FileError(const std::string& action, const fs::path& path, int error_number)
    : Error("cannot " + action + " " + path.string() + ": " + std::generic_category().message(error_number)),
      error_number_(error_number) {}

void Fd::close() noexcept {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

void write_all(const Fd& fd, std::string_view bytes, const std::string& what) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd.get(), bytes.data(), bytes.size());
    if (count >= 0)
      bytes.remove_prefix(static_cast<std::size_t>(count));
    else if (errno != EINTR)
      throw FileError("write to", what, errno);
  }
}

std::size_t read_some(const Fd& fd, char* buffer, std::size_t size, const std::string& what) {
  for (;;) {
    const ssize_t count = ::read(fd.get(), buffer, size);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) throw FileError("read", what, errno);
  }
}

namespace {

Fd try_open(const fs::path& path, int flags, unsigned mode) {
  for (;;) {
    Fd fd(::open(path.c_str(), flags | O_CLOEXEC, mode));
    if (fd || errno != EINTR) return fd;
  }
}

std::string read_all(const Fd& fd, const fs::path& path, std::uint64_t limit) {
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) throw FileError("read", path, errno);
  if (S_ISDIR(status.st_mode)) throw FileError("read", path, EISDIR);
  if (static_cast<std::uint64_t>(status.st_size) > limit) throw FileError("read", path, EFBIG);
  std::string content;
  // One byte more than the size: the read that fills it less is the one that sees the end.
  std::size_t filled = 0;
  content.resize(static_cast<std::size_t>(status.st_size) + 1);
  for (;;) {
    if (filled > limit) throw FileError("read", path, EFBIG);
    if (filled == content.size()) content.resize(content.size() * 2);
    const std::size_t count = read_some(fd, content.data() + filled, content.size() - filled, path);
    if (count == 0) break;
    filled += count;
  }
  content.resize(filled);
  return content;
}

void sync_fd(const Fd& fd, const fs::path& path) {
  if (::fsync(fd.get()) != 0) throw FileError("sync", path, errno);
}

fs::path parent_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

Fd open_file(const fs::path& path, int flags, unsigned mode) {
  Fd fd = try_open(path, flags, mode);
  if (!fd) throw FileError("open", path, errno);
  return fd;
}

std::string read_file(const fs::path& path, std::uint64_t limit) {
  return read_all(open_file(path, O_RDONLY), path, limit);
}

std::optional<std::string> read_file_if_present(const fs::path& path, std::uint64_t limit) {
  const Fd fd = try_open(path, O_RDONLY, 0);
  if (!fd && errno == ENOENT) return std::nullopt;
  if (!fd) throw FileError("open", path, errno);
  return read_all(fd, path, limit);
}

namespace {

void replace_file(const fs::path& path, std::string_view bytes, unsigned mode, bool synced) {
  std::string temporary = path.string() + ".new-XXXXXX";
  Fd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) throw FileError("create a file beside", path, errno);
  try {
    write_all(fd, bytes, path);
    if (::fchmod(fd.get(), mode) != 0) throw FileError("set the mode of", path, errno);
    if (synced) sync_fd(fd, path);
    fd.close();
    if (::rename(temporary.c_str(), path.c_str()) != 0) throw FileError("replace", path, errno);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  if (synced) sync_path(parent_of(path));
}

}  // namespace

void write_file_atomically(const fs::path& path, std::string_view bytes, unsigned mode) {
  replace_file(path, bytes, mode, true);
}

void write_cache_file(const fs::path& path, std::string_view bytes) {
  replace_file(path, bytes, 0644, false);
}

void sync_path(const fs::path& path) {
  sync_fd(open_file(path, O_RDONLY), path);
}

void sync_file_system(const fs::path& path) {
  const Fd fd = open_file(path, O_RDONLY);
  if (::syncfs(fd.get()) != 0) throw FileError("sync the file system of", path, errno);
}

void make_directories(const fs::path& path, unsigned mode) {
  std::error_code unreadable;  // reported by mkdir below
  if (path.empty() || fs::is_directory(path, unreadable)) return;
  if (path.has_parent_path() && path.parent_path() != path) make_directories(path.parent_path(), mode);
  if (::mkdir(path.c_str(), mode) != 0) {
    // A trailing slash comes here twice, and another process may have made it meanwhile.
    const int error_number = errno;
    if (error_number == EEXIST && fs::is_directory(path, unreadable)) return;
    throw FileError("make the directory", path, error_number);
  }
  if (::chmod(path.c_str(), mode) != 0) throw FileError("set the mode of", path, errno);
}

void remove_tree(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) throw FileError("remove", path, error.value());
}

bool remove_file(const fs::path& path) {
  if (::unlink(path.c_str()) == 0) return true;
  if (errno == ENOENT) return false;
  throw FileError("remove", path, errno);
}

TemporaryDirectory::TemporaryDirectory(std::string_view prefix, const fs::path& parent) {
  fs::path base = parent;
  if (base.empty()) {
    const char* variable = std::getenv("TMPDIR");
    base = variable != nullptr && *variable != '\0' ? variable : "/tmp";
  }
  std::string name = (base / (std::string(prefix) + "XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) throw FileError("make a temporary directory in", base, errno);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  // Nothing useful can be done about a directory that resists: it is temporary, and we may be unwinding.
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

DiskSpace disk_space(const fs::path& path) {
  fs::path existing = fs::absolute(path);
  std::error_code ignored;
  while (!fs::exists(existing, ignored) && existing.has_relative_path()) existing = existing.parent_path();
  struct statvfs result {};
  if (::statvfs(existing.c_str(), &result) != 0)
    throw FileError("ask for the disk space of", existing, errno);
  return {static_cast<std::uint64_t>(result.f_blocks) * result.f_frsize,
          static_cast<std::uint64_t>(result.f_bavail) * result.f_frsize};
}

namespace {

// Returns false when LOCK_NB found the lock taken.
bool lock(const Fd& fd, int operation, const fs::path& path) {
  while (::flock(fd.get(), operation) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) throw FileError("lock", path, errno);
  }
  return true;
}

}  // namespace

FileLock FileLock::acquire(const fs::path& path, Mode mode) {
  Fd fd = open_file(path, O_RDWR | O_CREAT, 0600);
  lock(fd, mode == Mode::shared ? LOCK_SH : LOCK_EX, path);
  return FileLock(std::move(fd));
}

std::optional<FileLock> FileLock::try_acquire(const fs::path& path, Mode mode) {
  Fd fd = open_file(path, O_RDWR | O_CREAT, 0600);
  if (!lock(fd, (mode == Mode::shared ? LOCK_SH : LOCK_EX) | LOCK_NB, path)) return std::nullopt;
  return FileLock(std::move(fd));
}

}  // namespace base
