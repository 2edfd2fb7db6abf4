#include "support/zip_builder.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

namespace support {
namespace {

void put(std::string& to, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) to += i < 8 ? static_cast<char>(value >> (8 * i) & 0xff) : '\0';
}

std::string deflated(std::string_view content) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
      libdeflate_alloc_compressor(6), libdeflate_free_compressor);
  std::string result(libdeflate_deflate_compress_bound(compressor.get(), content.size()), '\0');
  result.resize(libdeflate_deflate_compress(compressor.get(), content.data(), content.size(), result.data(),
                                            result.size()));
  if (result.empty()) throw std::runtime_error("libdeflate could not compress a test entry");
  return result;
}

struct Fields {
  std::string_view name;
  std::uint16_t flags;
  std::uint16_t method;
  std::uint32_t crc32;
  std::uint64_t compressed;
  std::uint64_t size;
};

/// What local and central header have in common, APPNOTE 4.3.7 from "version needed" to "uncompressed size".
void put_common(std::string& to, const Fields& fields, bool sizes_elsewhere) {
  put(to, 45, 2);
  put(to, fields.flags, 2);
  put(to, fields.method, 2);
  put(to, 0x00215021, 4);  // 1980-01-01
  put(to, fields.crc32, 4);
  put(to, sizes_elsewhere ? UINT32_MAX : fields.compressed, 4);
  put(to, sizes_elsewhere ? UINT32_MAX : fields.size, 4);
  put(to, fields.name.size(), 2);
}

std::string central_header(const Fields& fields, std::uint64_t offset, bool zip64) {
  std::string extra;
  if (zip64) {
    put(extra, 0xcafe, 2);  // a foreign field in front
    put(extra, 3, 2);
    extra += "abc";
    put(extra, 1, 2);
    put(extra, 24, 2);
    put(extra, fields.size, 8);
    put(extra, fields.compressed, 8);
    put(extra, offset, 8);
  }
  std::string header = "PK\x01\x02";
  put(header, 45, 2);
  put_common(header, fields, zip64);
  put(header, extra.size(), 2);
  put(header, 0, 2 + 2 + 2 + 4);
  put(header, zip64 ? UINT32_MAX : offset, 4);
  header += fields.name;
  return header + extra;
}

}  // namespace

std::uint64_t ZipBuilder::add(std::string_view name, std::string_view content,
                              const ZipEntryOptions& options) {
  const std::uint64_t offset = starts_at_ + data_.size();
  const std::string body = options.stored ? std::string(content) : deflated(content);
  Fields fields = {};
  fields.name = name;
  fields.flags = static_cast<std::uint16_t>(options.flags | (options.descriptor ? 8U : 0U));
  fields.method = options.method.value_or(static_cast<std::uint16_t>(options.stored ? 0U : 8U));
  const std::uint32_t crc32 = options.crc32.value_or(libdeflate_crc32(0, content.data(), content.size()));
  if (!options.descriptor) {
    fields.crc32 = crc32;
    fields.compressed = body.size();
    fields.size = content.size();
  }
  data_ += "PK\x03\x04";
  put_common(data_, fields, false);
  put(data_, options.local_extra.size(), 2);
  data_ += name;
  data_ += options.local_extra;
  data_ += body;
  if (options.descriptor) {
    data_ += "PK\x07\x08";
    put(data_, crc32, 4);
    put(data_, body.size(), 4);
    put(data_, content.size(), 4);
  }
  fields.crc32 = crc32;
  fields.compressed = options.compressed_size.value_or(body.size());
  fields.size = options.size.value_or(content.size());
  headers_.push_back(central_header(fields, options.offset.value_or(offset), options.zip64));
  return offset;
}

void ZipBuilder::reverse_directory() {
  std::reverse(headers_.begin(), headers_.end());
}

std::string ZipBuilder::finish(const ZipEndOptions& options) const {
  std::string result = data_;
  for (const std::string& header : headers_) result += header;
  const std::uint64_t start = options.directory_offset.value_or(starts_at_ + data_.size());
  const std::uint64_t size = result.size() - data_.size();
  const std::uint64_t count = options.count.value_or(headers_.size());
  if (options.zip64) {
    const std::uint64_t record = starts_at_ + result.size();
    result += "PK\x06\x06";
    put(result, 44, 8);
    put(result, 45, 2);
    put(result, 45, 2);
    put(result, 0, 4 + 4);
    put(result, count, 8);
    put(result, count, 8);
    put(result, size, 8);
    put(result, start, 8);
    result += "PK\x06\x07";
    put(result, 0, 4);
    put(result, record, 8);
    put(result, 1, 4);
  }
  result += "PK\x05\x06";
  put(result, 0, 2 + 2);
  put(result, options.zip64 ? UINT16_MAX : count, 2);
  put(result, options.zip64 ? UINT16_MAX : count, 2);
  put(result, options.zip64 ? UINT32_MAX : size, 4);
  put(result, options.zip64 ? UINT32_MAX : start, 4);
  put(result, options.comment.size(), 2);
  return result + options.comment;
}

std::string zip_of(const std::vector<std::pair<std::string, std::string>>& entries) {
  ZipBuilder builder;
  for (const auto& [name, content] : entries) builder.add(name, content);
  return builder.finish();
}

}  // namespace support
