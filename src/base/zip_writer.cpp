#include "base/zip_writer.hpp"

#include <fcntl.h>
#include <libdeflate.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/rfc3339.hpp"

namespace base {

namespace {

constexpr std::uint16_t version_deflate = 20;
constexpr std::uint16_t version_zip64 = 45;
constexpr std::uint16_t utf8_names = 1U << 11U;
constexpr std::uint16_t method_deflate = 8;
constexpr std::uint64_t max16 = std::numeric_limits<std::uint16_t>::max();  // "see the Zip64 field"
constexpr std::uint64_t max32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint16_t zip64_field = 1;

/// Little-endian integers of a header.
class Header {
 public:
  explicit Header(std::string_view signature) : bytes_(signature) {}
  Header& u16(std::uint64_t value) { return put(value, 2); }
  Header& u32(std::uint64_t value) { return put(value, 4); }
  Header& u64(std::uint64_t value) { return put(value, 8); }
  std::string_view bytes() const { return bytes_; }

 private:
  Header& put(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes_ += static_cast<char>(value >> (8 * i) & 0xFF);
    return *this;
  }
  std::string bytes_;
};

/// What the header of an entry and its line of the directory have in common.
void put_entry(Header& header, std::string_view name, const Packed& content, DosTime time,
               bool sizes_elsewhere, const std::string& extra) {
  header.u16(extra.empty() ? version_deflate : version_zip64).u16(utf8_names).u16(method_deflate);
  header.u16(time.time).u16(time.date).u32(content.crc);
  header.u32(sizes_elsewhere ? max32 : content.deflated.size()).u32(sizes_elsewhere ? max32 : content.size);
  header.u16(name.size()).u16(extra.size());
}

/// The extra field of Zip64 with these numbers; none without them.
std::string zip64_extra(std::string_view numbers) {
  if (numbers.empty()) return {};
  std::string field(Header("").u16(zip64_field).u16(numbers.size()).bytes());
  return field += numbers;
}

std::filesystem::path directory_path(const std::filesystem::path& archive) {
  return archive.parent_path() / (archive.filename().string() + ".directory");
}

}  // namespace

struct Packer::Handle {
  libdeflate_compressor* compressor;
  explicit Handle(int level) : compressor(libdeflate_alloc_compressor(level)) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { libdeflate_free_compressor(compressor); }
};

Packer::Packer(int level) : handle_(std::make_unique<Handle>(level)) {
  if (handle_->compressor == nullptr) throw Error("zip: no memory for a compressor");
}
Packer::~Packer() = default;

Packed Packer::pack(std::string_view content) {
  const std::size_t bound = libdeflate_deflate_compress_bound(handle_->compressor, content.size());
  if (bound >= max32) throw Error("zip: a record of 4 GiB or more cannot be an entry");
  Packed packed;
  packed.size = static_cast<std::uint32_t>(content.size());
  packed.crc = libdeflate_crc32(0, content.data(), content.size());
  packed.deflated.resize(bound);
  packed.deflated.resize(libdeflate_deflate_compress(handle_->compressor, content.data(), content.size(),
                                                     packed.deflated.data(), bound));
  packed.deflated.shrink_to_fit();
  return packed;
}

DosTime dos_time(std::int64_t seconds_since_1970) {
  using namespace std::chrono;
  const sys_seconds time{seconds(seconds_since_1970)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const int year = static_cast<int>(date.year());
  if (year < 1980) return {};
  constexpr DosTime last{(23U << 11U) | (59U << 5U) | 29U, (127U << 9U) | (12U << 5U) | 31U};
  if (year > 2107) return last;
  const hh_mm_ss<seconds> clock(time - day);
  const auto in_time = static_cast<unsigned>((clock.hours().count() << 11) | (clock.minutes().count() << 5) |
                                             (clock.seconds().count() / 2));
  const unsigned in_date = (static_cast<unsigned>(year - 1980) << 9U) |
                           (static_cast<unsigned>(date.month()) << 5U) | static_cast<unsigned>(date.day());
  return {static_cast<std::uint16_t>(in_time), static_cast<std::uint16_t>(in_date)};
}

DosTime dos_time(std::string_view timestamp) {
  const auto time = parse_rfc3339(timestamp);
  return time ? dos_time(time->seconds) : DosTime();
}

ZipWriter::ZipWriter(const std::filesystem::path& path, Zip64 zip64)
    : zip64_(zip64), archive_(path), directory_(directory_path(path)) {}

void ZipWriter::add(std::string_view name, const Packed& content, DosTime time) {
  const std::uint64_t offset = archive_.size();
  const bool always = zip64_ == Zip64::always;
  const bool is_far = always || offset >= max32;
  Header numbers("");
  if (always) numbers.u64(content.size).u64(content.deflated.size());
  const std::string sizes = zip64_extra(numbers.bytes());
  if (is_far) numbers.u64(offset);
  const std::string all = zip64_extra(numbers.bytes());

  Header local("PK\x03\x04");
  put_entry(local, name, content, time, always, sizes);
  archive_.write(local.bytes());
  archive_.write(name);
  archive_.write(sizes);
  archive_.write(content.deflated);

  Header line("PK\x01\x02");
  line.u16(is_far ? version_zip64 : version_deflate);  // made by
  put_entry(line, name, content, time, always, all);
  line.u16(0).u16(0).u16(0).u32(0);  // comment, disk, internal and external attributes
  line.u32(is_far ? max32 : offset);
  directory_.write(line.bytes());
  directory_.write(name);
  directory_.write(all);
  ++entries_;
}

void ZipWriter::finish() {
  const std::uint64_t offset = archive_.size();
  directory_.close();
  const std::uint64_t size = directory_.size();
  const Fd lines = open_file(directory_.path(), O_RDONLY);
  read_pieces(lines, directory_.path().string(), [&](std::string_view piece) { archive_.write(piece); });
  remove_file(directory_.path());

  const bool always = zip64_ == Zip64::always;
  if (always || entries_ >= max16 || offset >= max32 || size >= max32) {
    const std::uint64_t end = archive_.size();
    Header record("PK\x06\x06");
    record.u64(44).u16(version_zip64).u16(version_zip64).u32(0).u32(0);
    record.u64(entries_).u64(entries_).u64(size).u64(offset);
    archive_.write(record.bytes());
    archive_.write(Header("PK\x06\x07").u32(0).u64(end).u32(1).bytes());
  }
  Header end("PK\x05\x06");
  const std::uint64_t entries = always ? max16 : std::min(entries_, max16);
  end.u16(0).u16(0).u16(entries).u16(entries);
  end.u32(always ? max32 : std::min(size, max32)).u32(always ? max32 : std::min(offset, max32)).u16(0);
  archive_.write(end.bytes());
  archive_.close();
}

}  // namespace base
