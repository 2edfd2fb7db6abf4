// Zip archives of any size, written as a stream (PKWARE's APPNOTE.TXT, with Zip64 where an archive needs it).
// The central directory waits in a file of its own, so that millions of entries take no memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/file_writer.hpp"

namespace base {

/// The content of an entry, compressed once for every archive that holds it.
struct Packed {
  std::string deflated;
  std::uint32_t size = 0;  // of the content
  std::uint32_t crc = 0;   // CRC-32 of the content
};

/// Compresses; one per thread.
class Packer {
 public:
  Packer();
  ~Packer();
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;
  /// Throws Error for content of 4 GiB and more.
  Packed pack(std::string_view content);

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

/// When an entry was changed, as zip stores it: two seconds of resolution, 1980 to 2107.
struct DosTime {
  std::uint16_t time = 0;
  std::uint16_t date = (1U << 5U) | 1U;  // 1980-01-01
};

/// The nearest time that zip can hold, in UTC; `seconds` since 1970.
DosTime dos_time(std::int64_t seconds);

class ZipWriter {
 public:
  /// Makes the archive `path`, which must not be there yet. Throws FileError.
  explicit ZipWriter(const std::filesystem::path& path);

  /// Appends an entry. Throws FileError.
  void add(std::string_view name, const Packed& content, DosTime time);
  /// Writes the directory and closes the archive.
  void finish();

 private:
  FileWriter archive_;
  FileWriter directory_;
  std::uint64_t entries_ = 0;
};

}  // namespace base
