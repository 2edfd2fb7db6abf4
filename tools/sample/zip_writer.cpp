#include "zip_writer.hpp"

#include <libdeflate.h>

#include <cstdio>
#include <limits>
#include <memory>

#include "base/error.hpp"

namespace sample {
namespace {

constexpr std::uint16_t version_needed = 20;  // deflate
constexpr std::uint16_t utf8_names = 1U << 11U;
constexpr std::uint16_t method_deflate = 8;

void put16(std::string& out, std::uint16_t value) {
  out.push_back(static_cast<char>(value & 0xFFU));
  out.push_back(static_cast<char>(value >> 8U));
}

void put32(std::string& out, std::size_t value) {
  if (value > std::numeric_limits<std::uint32_t>::max()) throw base::Error("zip: 4 GiB exceeded");
  put16(out, static_cast<std::uint16_t>(value & 0xFFFFU));
  put16(out, static_cast<std::uint16_t>(value >> 16U));
}

std::string deflate(std::string_view bytes) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(9), &libdeflate_free_compressor);
  std::string out(libdeflate_deflate_compress_bound(compressor.get(), bytes.size()), '\0');
  out.resize(
      libdeflate_deflate_compress(compressor.get(), bytes.data(), bytes.size(), out.data(), out.size()));
  return out;
}

}  // namespace

DosTime dos_time(std::string_view timestamp) {
  unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const std::string text(timestamp);
  const int fields =
      std::sscanf(text.c_str(), "%4u-%2u-%2uT%2u:%2u:%2u", &year, &month, &day, &hour, &minute, &second);
  if (fields != 6 || year < 1980) return {};
  return {static_cast<std::uint16_t>((hour << 11U) | (minute << 5U) | (second / 2)),
          static_cast<std::uint16_t>(((year - 1980) << 9U) | (month << 5U) | day)};
}

void ZipWriter::add(std::string_view name, std::string_view bytes, DosTime time) {
  const std::string packed = deflate(bytes);
  std::string common;  // the part of the header that both the entry and the directory carry
  put16(common, version_needed);
  put16(common, utf8_names);
  put16(common, method_deflate);
  put16(common, time.time);
  put16(common, time.date);
  put32(common, libdeflate_crc32(0, bytes.data(), bytes.size()));
  put32(common, packed.size());
  put32(common, bytes.size());
  put16(common, static_cast<std::uint16_t>(name.size()));
  put16(common, 0);  // extra field

  const std::size_t offset = archive_.size();
  archive_.append("PK\x03\x04").append(common).append(name).append(packed);

  directory_.append("PK\x01\x02");
  put16(directory_, version_needed);  // made by
  directory_.append(common);
  put16(directory_, 0);  // comment
  put16(directory_, 0);  // disk
  put16(directory_, 0);  // internal attributes
  put32(directory_, 0);  // external attributes
  put32(directory_, offset);
  directory_.append(name);
  ++entries_;
}

std::string ZipWriter::finish() {
  if (entries_ > std::numeric_limits<std::uint16_t>::max()) throw base::Error("zip: 65,535 entries exceeded");
  const std::size_t offset = archive_.size();
  const auto count = static_cast<std::uint16_t>(entries_);
  archive_.append(directory_).append("PK\x05\x06");
  put16(archive_, 0);  // this disk
  put16(archive_, 0);  // disk of the directory
  put16(archive_, count);
  put16(archive_, count);
  put32(archive_, directory_.size());
  put32(archive_, offset);
  put16(archive_, 0);  // comment
  return std::move(archive_);
}

}  // namespace sample
