// Random access to the entries of a zip archive: Zip64, stored and deflated entries, checksums verified.
#pragma once

#include <libdeflate.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/hash.hpp"
#include "fetch/file.hpp"
#include "fetch/zip_directory.hpp"

namespace fetch {

struct ZipEntry {
  std::string name;
  std::uint64_t size = 0;
  std::uint64_t compressed_size = 0;
  std::uint32_t crc32 = 0;
};

/// Where the compressed bytes of an entry lie in the file.
struct ZipData {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool stored = false;
};

/// An open archive. Entries stand in the order of their data, so that ascending indices read the file
/// forwards; a name may occur twice. Safe to share between threads.
class ZipArchive {
 public:
  /// Opens the archive in `file` and keeps the entries that `select` wants. Throws Error: `not_a_zip`,
  /// `truncated`, `corrupt`, `hostile_path`, `bomb`, `unsupported`, `unreadable`.
  ZipArchive(File file, const ZipSelect& select, const ZipLimits& limits = {})
      : file_(std::move(file)), directory_(file_, select, limits) {}

  std::size_t size() const { return directory_.size(); }
  ZipEntry entry(std::size_t index) const;
  /// The part of its name behind the last slash.
  std::string_view base_name(std::size_t index) const { return directory_.base_name(directory_[index]); }
  /// Reads the local header of entry `index`. Throws Error `corrupt` when it contradicts the directory.
  ZipData data(std::size_t index, Window& window) const;
  const File& file() const { return file_; }

 private:
  friend class ZipReader;

  [[noreturn]] void corrupt(std::size_t index, std::string_view reason) const;

  File file_;
  ZipDirectory directory_;
};

/// Reads entries, one thread at a time; the archive must outlive it.
class ZipReader {
 public:
  explicit ZipReader(const ZipArchive& archive);

  /// The content of entry `index`, valid until the next call. Throws Error `corrupt` when the data do not
  /// unpack to the announced size and checksum, and what File::read_at() throws.
  std::string_view read(std::size_t index);

  /// XXH3-128 of the packed bytes of entry `index`, and of the method, size and checksum that its directory
  /// gives. Throws as read(), but finds no damage of the data.
  base::Fast128 packed_hash(std::size_t index);

 private:
  struct Free {
    void operator()(libdeflate_decompressor* handle) const { libdeflate_free_decompressor(handle); }
  };

  std::string_view packed(std::size_t index);
  std::string_view inflate(std::size_t index, std::string_view data);

  const ZipArchive* archive_;
  Window window_;
  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
  std::unique_ptr<char[]> output_;
  std::size_t capacity_ = 0;
};

}  // namespace fetch
