#include "zip/zip_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <new>

#include "base/files.hpp"
#include "base/rfc3339.hpp"

namespace zip {
namespace {

constexpr std::uint16_t version_deflate = 20;
constexpr std::uint16_t version_zip64 = 45;
constexpr std::uint16_t utf8_names = 1U << 11U;
constexpr std::uint16_t method_deflate = 8;
constexpr std::uint16_t zip64_extra = 1;
constexpr std::uint64_t most16 = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint64_t most32 = std::numeric_limits<std::uint32_t>::max();

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8U * static_cast<unsigned>(i))));
}

// The largest value of a field stands for "see the Zip64 record".
void put_or_most(std::string& out, std::uint64_t value, int bytes, bool elsewhere) {
  const std::uint64_t most = bytes == 2 ? most16 : most32;
  put(out, elsewhere ? most : std::min(value, most), bytes);
}

// What local and central headers share, from the version to the length of the extra field.
std::string shared_header(const Packed& entry, bool zip64, std::size_t extra_length) {
  std::string out;
  put(out, zip64 ? version_zip64 : version_deflate, 2);
  put(out, utf8_names, 2);
  put(out, method_deflate, 2);
  put(out, entry.time.time, 2);
  put(out, entry.time.date, 2);
  put(out, entry.crc32, 4);
  put_or_most(out, entry.data.size(), 4, zip64);
  put_or_most(out, entry.size, 4, zip64);
  put(out, entry.name.size(), 2);
  put(out, extra_length, 2);
  return out;
}

OutputFile create(const std::filesystem::path& path) {
  OutputFile file(std::fopen(path.c_str(), "w+be"));
  if (!file) throw base::FileError("create", path, errno);
  return file;
}

}  // namespace

DosTime dos_time(std::string_view timestamp) {
  const auto time = base::parse_rfc3339(timestamp);
  return time ? base::dos_time(time->seconds) : DosTime();
}

Packer::Packer(int level) : compressor_(libdeflate_alloc_compressor(level)) {
  if (!compressor_) throw std::bad_alloc();
}

Packed Packer::pack(std::string_view name, std::string_view bytes, DosTime time) {
  Packed entry;
  entry.name = name;
  entry.size = bytes.size();
  entry.crc32 = libdeflate_crc32(0, bytes.data(), bytes.size());
  entry.time = time;
  entry.data.resize(libdeflate_deflate_compress_bound(compressor_.get(), bytes.size()));
  entry.data.resize(libdeflate_deflate_compress(compressor_.get(), bytes.data(), bytes.size(),
                                                entry.data.data(), entry.data.size()));
  return entry;
}

Writer::Writer(const std::filesystem::path& path, Zip64 zip64)
    : path_(path),
      directory_path_(path.native() + ".directory"),
      zip64_(zip64),
      archive_(create(path_)),
      directory_(create(directory_path_)) {}

void Writer::write(std::FILE* to, std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), to) != bytes.size())
    throw base::FileError("write", path_, errno);
}

void Writer::add(const Packed& entry) {
  const bool always = zip64_ == Zip64::always;
  std::string local("PK\x03\x04");
  local += shared_header(entry, always, always ? 20 : 0) + entry.name;
  if (always) {
    put(local, zip64_extra, 2);
    put(local, 16, 2);
    put(local, entry.size, 8);
    put(local, entry.data.size(), 8);
  }
  const bool far = always || offset_ >= most32;
  std::string extra;
  if (far) {
    put(extra, zip64_extra, 2);
    put(extra, always ? 24 : 8, 2);
    if (always) put(extra, entry.size, 8);
    if (always) put(extra, entry.data.size(), 8);
    put(extra, offset_, 8);
  }
  std::string central("PK\x01\x02");
  put(central, far ? version_zip64 : version_deflate, 2);  // made by
  central += shared_header(entry, always, extra.size());
  put(central, 0, 2);  // comment
  put(central, 0, 2);  // disk
  put(central, 0, 2);  // internal attributes
  put(central, 0, 4);  // external attributes
  put_or_most(central, offset_, 4, far);
  central += entry.name + extra;
  write(archive_.get(), local);
  write(archive_.get(), entry.data);
  write(directory_.get(), central);
  offset_ += local.size() + entry.data.size();
  ++entries_;
}

std::uint64_t Writer::append_directory() {
  std::rewind(directory_.get());
  std::string piece(std::size_t{1} << 20U, '\0');
  std::uint64_t size = 0;
  while (const std::size_t length = std::fread(piece.data(), 1, piece.size(), directory_.get())) {
    write(archive_.get(), std::string_view(piece).substr(0, length));
    size += length;
  }
  if (std::ferror(directory_.get()) != 0) throw base::FileError("read", directory_path_, errno);
  directory_.reset();
  base::remove_file(directory_path_);
  return size;
}

void Writer::finish() {
  const std::uint64_t size = append_directory();
  const bool zip64 = zip64_ == Zip64::always || entries_ >= most16 || size >= most32 || offset_ >= most32;
  std::string end;
  if (zip64) {
    end += "PK\x06\x06";
    put(end, 44, 8);  // of what follows in this record
    put(end, version_zip64, 2);
    put(end, version_zip64, 2);
    put(end, 0, 4);  // this disk
    put(end, 0, 4);  // disk of the directory
    put(end, entries_, 8);
    put(end, entries_, 8);
    put(end, size, 8);
    put(end, offset_, 8);
    end += "PK\x06\x07";
    put(end, 0, 4);
    put(end, offset_ + size, 8);
    put(end, 1, 4);  // disks in all
  }
  end += "PK\x05\x06";
  put(end, 0, 2);
  put(end, 0, 2);
  put_or_most(end, entries_, 2, zip64);
  put_or_most(end, entries_, 2, zip64);
  put_or_most(end, size, 4, zip64);
  put_or_most(end, offset_, 4, zip64);
  put(end, 0, 2);  // comment
  write(archive_.get(), end);
  if (std::fflush(archive_.get()) != 0) throw base::FileError("write", path_, errno);
  archive_.reset();
}

}  // namespace zip
