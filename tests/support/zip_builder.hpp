// Writes zip archives for tests, honest and dishonest ones: every field of the format can be made to lie.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace support {

/// How one entry deviates from a plain deflated one.
struct ZipEntryOptions {
  bool stored = false;
  bool descriptor = false;  // sizes and checksum follow the data
  bool zip64 = false;       // sizes and offset stand in the Zip64 extra field
  std::uint16_t flags = 0;
  std::optional<std::uint16_t> method = {};
  std::optional<std::uint32_t> crc32 = {};
  std::optional<std::uint64_t> size = {};             // announced in the central directory
  std::optional<std::uint64_t> compressed_size = {};  // announced in the central directory
  std::optional<std::uint64_t> offset = {};           // announced in the central directory
  std::string local_extra = {};
};

/// How the end of an archive deviates from a plain one.
struct ZipEndOptions {
  bool zip64 = false;
  std::optional<std::uint64_t> count = {};
  std::optional<std::uint64_t> directory_offset = {};
  std::string comment = {};
};

class ZipBuilder {
 public:
  ZipBuilder() = default;
  /// For bytes that will stand behind `starts_at` other ones in the file.
  explicit ZipBuilder(std::uint64_t starts_at) : starts_at_(starts_at) {}

  /// Appends an entry and returns the offset of its local header.
  std::uint64_t add(std::string_view name, std::string_view content, const ZipEntryOptions& options = {});

  /// Appends bytes that belong to no entry.
  void add_gap(std::string_view bytes) { data_ += bytes; }

  /// Central headers in the opposite order of the data.
  void reverse_directory();

  /// The whole archive.
  std::string finish(const ZipEndOptions& options = {}) const;

 private:
  std::uint64_t starts_at_ = 0;
  std::string data_;
  std::vector<std::string> headers_;
};

/// An archive with these entries, deflated.
std::string zip_of(const std::vector<std::pair<std::string, std::string>>& entries);

}  // namespace support
