// The central directory of a zip archive, held compactly: two million entries cost about 100 MB.
//
// Format: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.14
// to 4.3.16 (end records) and 4.5.3 (Zip64 extra field).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fetch/file.hpp"

namespace fetch {

/// Which entries of an archive are wanted, by their name.
using ZipSelect = std::function<bool(std::string_view name)>;

/// What no honest archive of records exceeds.
struct ZipLimits {
  /// Uncompressed bytes of one entry. The largest record ever seen has 700 KB; what lies between a parser's
  /// own limit and this is refused record by record.
  std::uint64_t entry = std::uint64_t{256} << 20;
  /// An archive that unpacks to less than this in all is never a bomb.
  std::uint64_t harmless = std::uint64_t{1} << 30;
  /// Beyond `harmless`, how many times its own size an archive may unpack to. Records of text reach 4 to 20,
  /// deflate 1032.
  std::uint64_t ratio = 50;
};

/// The wanted entries of an archive, in the order in which their data lie in the file.
class ZipDirectory {
 public:
  struct Slot {
    std::uint64_t offset_and_flags;  // offset of the local header << 2 | wanted << 1 | stored
    std::uint32_t compressed;
    std::uint32_t size;
    std::uint32_t crc32;
    // A name is a folder and a base name in names_; neighbours share the folder's text.
    std::uint32_t folder;
    std::uint32_t base;
    std::uint16_t folder_length;
    std::uint16_t base_length;

    std::uint64_t offset() const { return offset_and_flags >> 2; }
    bool wanted() const { return (offset_and_flags & 2) != 0; }
    bool stored() const { return (offset_and_flags & 1) != 0; }
  };

  /// Reads and checks the directory of `file`: every entry for hostile names and for overlap with another,
  /// the wanted ones for method, encryption and size. Directory entries are left out. Throws Error.
  ZipDirectory(const File& file, const ZipSelect& select, const ZipLimits& limits);

  std::size_t size() const { return slots_.size(); }
  const Slot& operator[](std::size_t index) const { return slots_[index]; }
  std::string name(const Slot& slot) const;
  /// The part of the name behind its last slash.
  std::string_view base_name(const Slot& slot) const;
  /// Where the data of all entries end and the central directory starts.
  std::uint64_t data_end() const { return start_; }
  /// Where the room of entry `index` ends: at the next entry or with the data.
  std::uint64_t room_end(std::size_t index) const {
    return index + 1 < slots_.size() ? slots_[index + 1].offset() : start_;
  }

 private:
  struct Header;

  void add(const File& file, const Header& header, const ZipSelect& select, const ZipLimits& limits);
  void put_name(Slot& slot, std::string_view name);
  std::string name_or_place(const Slot& slot) const;
  void refuse_overlaps(const File& file) const;
  void refuse_bomb(const File& file, const ZipLimits& limits) const;

  std::vector<Slot> slots_;
  std::string names_;
  std::uint64_t start_ = 0;  // of the central directory
};

}  // namespace fetch
