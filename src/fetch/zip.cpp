#include "fetch/zip.hpp"

#include <algorithm>
#include <new>

#include "base/format.hpp"
#include "fetch/error.hpp"
#include "fetch/zip_format.hpp"

namespace fetch {

ZipEntry ZipArchive::entry(std::size_t index) const {
  const ZipDirectory::Slot& slot = directory_[index];
  return {directory_.name(slot), slot.size, slot.compressed, slot.crc32};
}

ZipData ZipArchive::data(std::size_t index, Window& window) const {
  const ZipDirectory::Slot& slot = directory_[index];
  // The directory made sure that a header and the compressed bytes fit before the next entry; how long the
  // local name and extra field are is known only here.
  const std::string_view header = window.at(slot.offset(), zip::local_header_size, directory_.data_end());
  if (zip::u32(header, 0) != zip::local_header_signature)
    corrupt(index, "has no header where its directory says");
  if (zip::u16(header, 8) != (slot.stored() ? zip::method_stored : zip::method_deflated))
    corrupt(index, "has another compression method than its directory says");
  ZipData data;
  data.begin = slot.offset() + zip::local_header_size + zip::u16(header, 26) + zip::u16(header, 28);
  data.end = data.begin + slot.compressed;
  data.stored = slot.stored();
  if (data.end > directory_.room_end(index)) corrupt(index, "runs into the next entry");
  return data;
}

void ZipArchive::corrupt(std::size_t index, std::string_view reason) const {
  throw Error("corrupt",
              base::format("cannot read {}: entry {} {}; nothing of it is taken, fetch the archive again",
                           file_.path().native(), directory_.name(directory_[index]), reason));
}

ZipReader::ZipReader(const ZipArchive& archive)
    : archive_(&archive), window_(archive.file()), decompressor_(libdeflate_alloc_decompressor()) {
  if (!decompressor_) throw std::bad_alloc();
}

std::string_view ZipReader::read(std::size_t index) {
  const std::string_view bytes = packed(index);
  const ZipDirectory::Slot& slot = archive_->directory_[index];
  const std::string_view content = slot.stored() ? bytes : inflate(index, bytes);
  if (libdeflate_crc32(0, content.data(), content.size()) != slot.crc32)
    archive_->corrupt(index, "has a wrong checksum");
  return content;
}

base::Fast128 ZipReader::packed_hash(std::size_t index) {
  struct {
    base::Fast128 packed;
    std::uint32_t stored;
    std::uint32_t size;
    std::uint32_t crc32;
  } all;
  static_assert(sizeof(all) == sizeof(base::Fast128) + 12, "padding would be hashed");
  const ZipDirectory::Slot& slot = archive_->directory_[index];
  all = {base::fast128(packed(index)), slot.stored() ? 1U : 0U, slot.size, slot.crc32};
  return base::fast128({reinterpret_cast<const char*>(&all), sizeof(all)});
}

std::string_view ZipReader::packed(std::size_t index) {
  const ZipData data = archive_->data(index, window_);
  return window_.at(data.begin, static_cast<std::size_t>(data.end - data.begin),
                    archive_->directory_.data_end());
}

std::string_view ZipReader::inflate(std::size_t index, std::string_view data) {
  const std::size_t size = archive_->directory_[index].size;
  if (size == 0 && data.empty()) return {};

  constexpr std::size_t ordinary = std::size_t{1} << 20;
  // One large record must not keep its memory for the rest of the run.
  if (size > capacity_ || (capacity_ > ordinary && size <= ordinary) || !output_) {
    capacity_ = std::max(size, ordinary);
    output_.reset();
    output_ = std::make_unique_for_overwrite<char[]>(capacity_);
  }
  switch (libdeflate_deflate_decompress(decompressor_.get(), data.data(), data.size(), output_.get(), size,
                                        nullptr)) {
    case LIBDEFLATE_SUCCESS:
      return {output_.get(), size};
    case LIBDEFLATE_SHORT_OUTPUT:
      archive_->corrupt(index, "unpacks to less than announced");
    case LIBDEFLATE_INSUFFICIENT_SPACE:
      archive_->corrupt(index, "unpacks to more than announced");
    default:
      archive_->corrupt(index, "has damaged data");
  }
}

}  // namespace fetch
