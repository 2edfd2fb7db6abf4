// A file that is read at given offsets, and the read-ahead window over it. Archives are not mapped: mapped
// pages count as resident memory of the process, and two million records would fill it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/fd.hpp"

namespace fetch {

/// An open regular file. Reading is safe from several threads.
class File {
 public:
  /// Opens `path` for reading. Throws base::FileError when it cannot be opened, and Error `unreadable` when
  /// it is no regular file.
  explicit File(const std::filesystem::path& path);
  /// Takes over `descriptor`; `path` is for messages only.
  File(base::Fd descriptor, std::filesystem::path path);
  /// The same open file once more.
  File duplicate() const;

  const std::filesystem::path& path() const { return path_; }
  /// Bytes in the file when it was opened.
  std::uint64_t size() const { return size_; }

  /// What the system says of a file at some time. Equal texts: nobody has written to it between, unless
  /// within the granularity of its times.
  struct Stamp {
    std::string text;  // device, inode, size, mtime, ctime
    std::chrono::system_clock::time_point written;
  };
  /// Throws base::FileError.
  Stamp stamp() const;

  /// Fills `to` with `length` bytes from `offset`. Throws base::FileError when the system cannot read, and
  /// Error `truncated` when the file has become shorter than it was.
  void read_at(std::uint64_t offset, char* to, std::size_t length) const;

 private:
  base::Fd descriptor_;
  std::filesystem::path path_;
  std::uint64_t size_ = 0;
};

/// A new file in `directory` (made when missing) that has no name: it vanishes with its last descriptor,
/// whatever happens. Throws base::FileError.
base::Fd nameless_file(const std::filesystem::path& directory);

/// XXH3-128 over XXH3-128 of each MiB of `file`, in hexadecimal: the same content, the same text.
std::string content_fingerprint(const File& file);

/// A piece of a file in memory. Neighbouring requests are answered without a system call; scattered ones read
/// little more than they need.
class Window {
 public:
  explicit Window(const File& file) : file_(&file) {}

  /// `length` bytes from `offset`, valid until the next call. The caller has checked that they lie before
  /// `limit`, and that `limit` lies in the file; nothing beyond it is read.
  std::string_view at(std::uint64_t offset, std::size_t length, std::uint64_t limit);

 private:
  void load(std::uint64_t offset, std::size_t length, std::uint64_t limit);

  const File* file_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::uint64_t start_ = 0;
  std::size_t length_ = 0;
  std::size_t ahead_ = 0;
};

inline std::string_view Window::at(std::uint64_t offset, std::size_t length, std::uint64_t limit) {
  if (offset < start_ || offset + length > start_ + length_) load(offset, length, limit);
  return {buffer_.get() + (offset - start_), length};
}

}  // namespace fetch
