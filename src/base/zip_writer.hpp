// Zip archives of any size, written as a stream (PKWARE's APPNOTE.TXT 6.3.10, with Zip64 where an archive
// needs it). The central directory waits in a file of its own, so that millions of entries take no memory.
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
  /// `level` as libdeflate counts: 1 is fastest, 12 smallest. 7 to 9 take twice the time of 6 and more for
  /// one or two per cent.
  explicit Packer(int level = 6);
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

/// That of an RFC 3339 timestamp; 1980-01-01 for a text that is none.
DosTime dos_time(std::string_view timestamp);

/// When the fields of Zip64 are used: where the numbers do not fit otherwise, or in every entry.
enum class Zip64 { as_needed, always };

class ZipWriter {
 public:
  /// Makes the archive `path`, which must not be there yet. Throws FileError.
  explicit ZipWriter(const std::filesystem::path& path, Zip64 zip64 = Zip64::as_needed);

  /// Appends an entry. Throws FileError.
  void add(std::string_view name, const Packed& content, DosTime time);
  /// Writes the directory and closes the archive.
  void finish();

 private:
  Zip64 zip64_;
  FileWriter archive_;
  FileWriter directory_;
  std::uint64_t entries_ = 0;
};

}  // namespace base
