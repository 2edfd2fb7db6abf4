#include "fetch/zip_directory.hpp"

#include <algorithm>

#include "base/format.hpp"
#include "fetch/error.hpp"
#include "fetch/path.hpp"
#include "fetch/zip_format.hpp"

namespace fetch {
namespace {

[[noreturn]] void refuse(std::string_view word, const File& file, const std::string& reason) {
  throw Error(word, base::format("cannot read {}: {}", file.path().native(), reason));
}

[[noreturn]] void refuse_entry(std::string_view word, const File& file, std::string_view name,
                               const std::string& reason) {
  refuse(word, file, base::format("entry {} {}; nothing of the archive is taken", printable(name), reason));
}

/// Where the directory lies and how many entries it announces.
struct End {
  std::uint64_t start = 0;
  std::uint64_t size = 0;
  std::uint64_t count = 0;
  bool count_is_exact = false;  // else modulo 65536: writers without Zip64 let the field wrap
};

/// The offset of the end record, which is followed by a comment of at most 65,535 bytes.
std::uint64_t find_end(const File& file) {
  const auto length =
      static_cast<std::size_t>(std::min<std::uint64_t>(file.size(), zip::end_size + zip::in_zip64_16));
  const std::uint64_t from = file.size() - length;
  std::string tail(length, '\0');
  file.read_at(from, tail.data(), length);
  for (std::size_t at = length < zip::end_size ? 0 : length - zip::end_size + 1; at-- > 0;) {
    if (zip::u32(tail, at) == zip::end_signature && at + zip::end_size + zip::u16(tail, at + 20) <= length)
      return from + at;
  }
  std::string head(std::min<std::size_t>(length, 4), '\0');
  file.read_at(0, head.data(), head.size());
  if (head.size() == 4 && zip::u32(head, 0) == zip::local_header_signature)
    refuse("truncated", file, "the archive is cut off, its directory is missing; fetch it again");
  if (length == 0) refuse("not_a_zip", file, "the file is empty");
  std::string begin(std::min<std::size_t>(length, 40), '\0');
  file.read_at(0, begin.data(), begin.size());
  refuse("not_a_zip", file, base::format("it is not a zip archive, it begins with \"{}\"", printable(begin)));
}

/// Replaces what the end record at `at` leaves to the Zip64 end record before it.
void read_zip64_end(const File& file, std::uint64_t at, End& end) {
  std::string locator(zip::zip64_locator_size, '\0');
  if (at >= locator.size()) file.read_at(at - locator.size(), locator.data(), locator.size());
  if (zip::u32(locator, 0) != zip::zip64_locator_signature) return;
  const std::uint64_t record_at = zip::u64(locator, 8);
  if (record_at > at - locator.size() || at - locator.size() - record_at < zip::zip64_end_size)
    refuse("corrupt", file, "its Zip64 end record lies outside the file; fetch it again");
  std::string record(zip::zip64_end_size, '\0');
  file.read_at(record_at, record.data(), record.size());
  if (zip::u32(record, 0) != zip::zip64_end_signature)
    refuse("corrupt", file, "its Zip64 end record is missing; fetch it again");
  if (end.count == zip::in_zip64_16) {
    end.count = zip::u64(record, 32);
    end.count_is_exact = true;
  }
  if (end.size == zip::in_zip64_32) end.size = zip::u64(record, 40);
  if (end.start == zip::in_zip64_32) end.start = zip::u64(record, 48);
}

End read_end(const File& file) {
  const std::uint64_t at = find_end(file);
  std::string record(zip::end_size, '\0');
  file.read_at(at, record.data(), record.size());
  const std::uint16_t disk = zip::u16(record, 4);
  if (disk != 0 && disk != zip::in_zip64_16)
    refuse("unsupported", file, "the archive is split over several files");
  End end;
  end.count = zip::u16(record, 10);
  end.size = zip::u32(record, 12);
  end.start = zip::u32(record, 16);
  read_zip64_end(file, at, end);
  if (end.start > at || end.size > at - end.start)
    refuse("truncated", file, "its directory lies outside the file, so a part is missing; fetch it again");
  return end;
}

}  // namespace

/// The fields of one central header, Zip64 resolved.
struct ZipDirectory::Header {
  std::string_view name;
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t crc32 = 0;
  std::uint64_t compressed = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;

  Header(const File& file, std::string_view record) {
    const std::size_t name_length = zip::u16(record, 28);
    name = record.substr(zip::central_header_size, name_length);
    flags = zip::u16(record, 8);
    method = zip::u16(record, 10);
    crc32 = zip::u32(record, 16);
    compressed = zip::u32(record, 20);
    size = zip::u32(record, 24);
    offset = zip::u32(record, 42);
    if (compressed == zip::in_zip64_32 || size == zip::in_zip64_32 || offset == zip::in_zip64_32)
      read_zip64(file, record.substr(zip::central_header_size + name_length, zip::u16(record, 30)));
  }

  /// The extra field is a list of (id, length, data); in the one of Zip64 stand those of size, compressed
  /// size and offset that the header leaves out, in this order.
  void read_zip64(const File& file, std::string_view extra) {
    while (extra.size() >= 4) {
      const std::uint16_t id = zip::u16(extra, 0);
      const std::size_t length = zip::u16(extra, 2);
      std::string_view data = extra.substr(4, length);
      if (id == zip::zip64_extra_id) {
        for (std::uint64_t* field : {&size, &compressed, &offset}) {
          if (*field != zip::in_zip64_32) continue;
          if (data.size() < 8) break;
          *field = zip::u64(data, 0);
          data.remove_prefix(8);
        }
        return;
      }
      extra.remove_prefix(std::min(extra.size(), 4 + length));
    }
    refuse_entry("corrupt", file, name, "lacks its Zip64 sizes");
  }
};

ZipDirectory::ZipDirectory(const File& file, const ZipSelect& select, const ZipLimits& limits) {
  const End end = read_end(file);
  const std::uint64_t stop = end.start + end.size;
  start_ = end.start;
  const std::uint64_t expected = std::min(end.count, end.size / zip::central_header_size);
  slots_.reserve(static_cast<std::size_t>(expected));
  names_.reserve(static_cast<std::size_t>(end.size - expected * zip::central_header_size));

  Window window(file);
  std::uint64_t count = 0;
  for (std::uint64_t at = start_; at < stop; ++count) {
    if (stop - at < zip::central_header_size)
      refuse("corrupt", file, "its directory is cut off; fetch it again");
    const std::string_view fixed = window.at(at, zip::central_header_size, stop);
    if (zip::u32(fixed, 0) != zip::central_header_signature)
      refuse("corrupt", file, "its directory is not where its end record says; fetch it again");
    const std::size_t length = zip::central_header_size + std::size_t{zip::u16(fixed, 28)} +
                               zip::u16(fixed, 30) + zip::u16(fixed, 32);
    if (stop - at < length) refuse("corrupt", file, "its directory is cut off; fetch it again");
    add(file, Header(file, window.at(at, length, stop)), select, limits);
    at += length;
  }
  if (count != end.count && (end.count_is_exact || count % 65536 != end.count))
    refuse("corrupt", file,
           base::format("it announces {} entries and holds {}; fetch it again", end.count, count));

  const auto by_offset = [](const Slot& a, const Slot& b) { return a.offset() < b.offset(); };
  if (!std::is_sorted(slots_.begin(), slots_.end(), by_offset))
    std::sort(slots_.begin(), slots_.end(), by_offset);
  refuse_overlaps(file);
  std::erase_if(slots_, [](const Slot& slot) { return !slot.wanted(); });
  refuse_bomb(file, limits);
}

void ZipDirectory::add(const File& file, const Header& header, const ZipSelect& select,
                       const ZipLimits& limits) {
  if (const std::string_view reason = hostile_path(header.name); !reason.empty())
    refuse_entry("hostile_path", file, header.name, base::format("has a path that {}", reason));
  const std::uint64_t fixed = zip::local_header_size + header.name.size();
  if (header.offset > start_ || fixed > start_ - header.offset ||
      header.compressed > start_ - header.offset - fixed)
    refuse_entry("truncated", file, header.name, "lies outside the file, so a part is missing");
  if (header.name.back() == '/') return;

  const bool wanted = select(header.name);
  if (wanted) {
    if ((header.flags & zip::encryption_flags) != 0)
      refuse_entry("unsupported", file, header.name, "is encrypted");
    if (header.method != zip::method_stored && header.method != zip::method_deflated)
      refuse_entry("unsupported", file, header.name,
                   base::format("uses compression method {}", header.method));
    if (header.size > limits.entry || header.compressed > limits.entry)
      refuse_entry("bomb", file, header.name,
                   base::format("unpacks to {} bytes, more than the {} allowed", header.size, limits.entry));
    if (header.method == zip::method_stored && header.size != header.compressed)
      refuse_entry("corrupt", file, header.name, "is stored with two different sizes");
  }
  // The place of an unwanted entry only serves the search for overlaps; its name is not kept.
  const auto clamp = [](std::uint64_t value) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, UINT32_MAX));
  };
  Slot slot = {};
  slot.offset_and_flags =
      header.offset << 2 | (wanted ? 2U : 0U) | (header.method == zip::method_stored ? 1U : 0U);
  slot.compressed = clamp(header.compressed);
  slot.size = clamp(header.size);
  slot.crc32 = header.crc32;
  if (wanted && is_printable(header.name))
    put_name(slot, header.name);
  else if (wanted)
    put_name(slot, printable(header.name));
  if (names_.size() > UINT32_MAX) refuse("unsupported", file, "its entry names fill more than 4 GiB");
  slots_.push_back(slot);
}

void ZipDirectory::put_name(Slot& slot, std::string_view name) {
  const std::size_t folder_length = name.rfind('/') + 1;  // 0 where there is none
  const std::string_view folder = name.substr(0, folder_length);
  slot.folder_length = static_cast<std::uint16_t>(folder_length);
  slot.base_length = static_cast<std::uint16_t>(name.size() - folder_length);
  const Slot* previous = slots_.empty() ? nullptr : &slots_.back();
  if (previous != nullptr &&
      std::string_view(names_).substr(previous->folder, previous->folder_length) == folder) {
    slot.folder = previous->folder;
  } else {
    slot.folder = static_cast<std::uint32_t>(names_.size());
    names_ += folder;
  }
  slot.base = static_cast<std::uint32_t>(names_.size());
  names_ += name.substr(folder_length);
}

std::string_view ZipDirectory::base_name(const Slot& slot) const {
  return std::string_view(names_).substr(slot.base, slot.base_length);
}

std::string ZipDirectory::name(const Slot& slot) const {
  const std::string_view names = names_;
  std::string result;
  result.reserve(std::size_t{slot.folder_length} + slot.base_length);
  result += names.substr(slot.folder, slot.folder_length);
  result += base_name(slot);
  return result;
}

std::string ZipDirectory::name_or_place(const Slot& slot) const {
  return slot.wanted() ? name(slot) : base::format("at byte {}", slot.offset());
}

// Entries that share data unpack a small file to petabytes (D. Fifield, "A better zip bomb", 2019). An entry
// occupies its header and its compressed data at least; what its local name and extra field add is checked
// when it is read.
void ZipDirectory::refuse_overlaps(const File& file) const {
  for (std::size_t i = 0; i + 1 < slots_.size(); ++i) {
    const Slot& slot = slots_[i];
    const std::uint64_t end = slot.offset() + zip::local_header_size + slot.compressed;
    if (end > slots_[i + 1].offset())
      refuse_entry("bomb", file, name_or_place(slots_[i + 1]),
                   base::format("overlaps entry {}", name_or_place(slot)));
  }
}

void ZipDirectory::refuse_bomb(const File& file, const ZipLimits& limits) const {
  std::uint64_t total = 0;
  for (const Slot& slot : slots_) total += slot.size;
  if (total > limits.harmless && total / limits.ratio > file.size())
    refuse("bomb", file,
           base::format("its {} bytes unpack to {}, as no archive of records does; nothing of it is taken",
                        file.size(), total));
}

}  // namespace fetch
