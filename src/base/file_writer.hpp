// A new file, written from its beginning to its end through a buffer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/fd.hpp"

namespace base {

class FileWriter {
 public:
  /// Makes the file, which must not be there yet, with `mode`. Throws FileError.
  explicit FileWriter(std::filesystem::path path, unsigned mode = 0644);

  /// Throws FileError, with ENOSPC on a full disk.
  void write(std::string_view bytes);
  /// Hands everything to the system and closes the file. Without it the file is incomplete.
  void close();

  /// How many bytes were written.
  std::uint64_t size() const { return size_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  void flush();

  std::filesystem::path path_;
  Fd fd_;
  std::string buffer_;
  std::uint64_t size_ = 0;
};

/// Passes the content of a file to `take`, piece by piece. Throws FileError.
template <typename Take>
void read_pieces(const Fd& fd, const std::string& what, Take take) {
  std::string buffer(std::size_t{256} << 10, '\0');
  while (const std::size_t size = read_some(fd, buffer.data(), buffer.size(), what))
    take(std::string_view(buffer).substr(0, size));
}

}  // namespace base
