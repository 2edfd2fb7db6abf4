#include "fetch/zip_unpack.hpp"

#define ZLIB_CONST  // zlib then says in its types that it does not write to its input

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>

#include "base/files.hpp"
#include "base/format.hpp"
#include "fetch/error.hpp"

namespace fetch {
namespace {

constexpr std::size_t piece = std::size_t{256} << 10;

/// Takes the pieces of an entry as they come, and knows at the end whether they are all of it.
class Output {
 public:
  Output(base::Fd file, const std::filesystem::path& directory, const ZipEntry& entry)
      : file_(std::move(file)), directory_(directory), entry_(entry) {}

  bool write(std::string_view bytes) {
    size_ += bytes.size();
    if (size_ > entry_.size) return false;
    crc32_ = libdeflate_crc32(crc32_, bytes.data(), bytes.size());
    base::write_all(file_, bytes, directory_.native());
    return true;
  }
  bool complete() const { return size_ == entry_.size && crc32_ == entry_.crc32; }
  base::Fd take() { return std::move(file_); }

 private:
  base::Fd file_;
  const std::filesystem::path& directory_;
  const ZipEntry& entry_;
  std::uint64_t size_ = 0;
  std::uint32_t crc32_ = 0;
};

/// zlib, because libdeflate only knows whole buffers.
class Inflater {
 public:
  Inflater() {
    if (inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Inflates `bytes` into `to`; false when they are damaged or `to` has had enough.
  bool feed(std::string_view bytes, Output& to) {
    stream_.next_in = reinterpret_cast<const Bytef*>(bytes.data());
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.get());
      stream_.avail_out = static_cast<uInt>(piece);
      const int result = ::inflate(&stream_, Z_NO_FLUSH);
      if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return false;
      if (!to.write({buffer_.get(), piece - stream_.avail_out})) return false;
      if (result == Z_STREAM_END) return stream_.avail_in == 0;
    } while (stream_.avail_out == 0);
    return true;
  }

 private:
  z_stream stream_ = {};
  std::unique_ptr<char[]> buffer_ = std::make_unique_for_overwrite<char[]>(piece);
};

}  // namespace

File unpack_to_file(const ZipArchive& archive, std::size_t index, const std::filesystem::path& directory) {
  const ZipEntry entry = archive.entry(index);
  const std::filesystem::path& path = archive.file().path();
  if (base::disk_space(directory).available < entry.size)
    throw base::FileError(base::format("unpack {} into", path.native()), directory, ENOSPC);
  Output output(nameless_file(directory), directory, entry);
  Inflater inflater;
  Window window(archive.file());
  const ZipData data = archive.data(index, window);
  bool good = true;
  for (std::uint64_t at = data.begin; good && at < data.end;) {
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(piece, data.end - at));
    const std::string_view bytes = window.at(at, length, data.end);
    good = data.stored ? output.write(bytes) : inflater.feed(bytes, output);
    at += length;
  }
  if (!good || !output.complete())
    throw Error("corrupt", base::format("cannot read {}: entry {} is damaged; fetch the archive again",
                                        path.native(), entry.name));
  return {output.take(), path};
}

}  // namespace fetch
