// Writes zip archives of any size as a stream (APPNOTE.TXT of PKWARE 6.3.10, Zip64 where it is needed):
// memory does not grow with the archive.
#pragma once

#include <libdeflate.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/zip_writer.hpp"

namespace zip {

using base::DosTime;

/// Of an RFC 3339 timestamp in UTC; 1980-01-01 for what is earlier or no timestamp.
DosTime dos_time(std::string_view timestamp);

/// An entry, deflated and ready to be written.
struct Packed {
  std::string name;
  std::string data;
  std::uint64_t size = 0;
  std::uint32_t crc32 = 0;
  DosTime time;
};

/// Deflates entries; one per thread.
class Packer {
 public:
  /// `level` as libdeflate counts: 1 is fastest, 12 smallest.
  explicit Packer(int level);
  Packed pack(std::string_view name, std::string_view bytes, DosTime time);

 private:
  struct Free {
    void operator()(libdeflate_compressor* handle) const { libdeflate_free_compressor(handle); }
  };
  std::unique_ptr<libdeflate_compressor, Free> compressor_;
};

/// Closes a C stream.
struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using OutputFile = std::unique_ptr<std::FILE, CloseFile>;

/// When the fields of Zip64 are used: where the numbers do not fit otherwise, or in every entry.
enum class Zip64 { as_needed, always };

class Writer {
 public:
  /// Creates `path`, and until finish() a file beside it for the central directory. Throws base::FileError.
  explicit Writer(const std::filesystem::path& path, Zip64 zip64 = Zip64::as_needed);

  void add(const Packed& entry);
  /// Completes the archive. Throws base::FileError when not all of it could be written.
  void finish();

 private:
  void write(std::FILE* to, std::string_view bytes);
  std::uint64_t append_directory();

  std::filesystem::path path_;
  std::filesystem::path directory_path_;
  Zip64 zip64_;
  OutputFile archive_;
  OutputFile directory_;
  std::uint64_t offset_ = 0;  // where the next entry begins
  std::uint64_t entries_ = 0;
};

}  // namespace zip
