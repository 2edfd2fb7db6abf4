#include "base/zstd_stream.hpp"

#include <zstd.h>

#include "base/error.hpp"

namespace base {

namespace {

// Fixed, because zstd's output depends on how its input is cut.
constexpr std::size_t block = std::size_t{128} << 10;

[[noreturn]] void fail(const char* what, std::size_t code) {
  throw Error(std::string("zstd: cannot ") + what + ": " + ZSTD_getErrorName(code));
}

}  // namespace

struct ZstdWriter::Context {
  ZSTD_CCtx* handle = ZSTD_createCCtx();
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { ZSTD_freeCCtx(handle); }
};

ZstdWriter::ZstdWriter(int level, Sink sink)
    : sink_(std::move(sink)), output_(ZSTD_CStreamOutSize(), '\0'), context_(std::make_unique<Context>()) {
  if (context_->handle == nullptr) throw Error("zstd: no memory for a compressor");
  ZSTD_CCtx_setParameter(context_->handle, ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context_->handle, ZSTD_c_checksumFlag, 1);
  input_.reserve(block);
}

ZstdWriter::~ZstdWriter() = default;

void ZstdWriter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, block - input_.size());
    input_ += part;
    bytes.remove_prefix(part.size());
    if (input_.size() == block) compress(false);
  }
}

void ZstdWriter::finish() {
  compress(true);
}

void ZstdWriter::compress(bool last) {
  ZSTD_inBuffer in{input_.data(), input_.size(), 0};
  std::size_t left = 0;
  do {
    ZSTD_outBuffer out{output_.data(), output_.size(), 0};
    left = ZSTD_compressStream2(context_->handle, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(left) != 0) fail("compress", left);
    if (out.pos > 0) sink_(std::string_view(output_).substr(0, out.pos));
  } while (last ? left != 0 : in.pos < in.size);
  input_.clear();
}

void zstd_read(const std::function<std::string_view()>& read,
               const std::function<void(std::string_view)>& take) {
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  if (!context) throw Error("zstd: no memory for a decompressor");
  std::string output(ZSTD_DStreamOutSize(), '\0');
  std::size_t left = 0;  // 0: between two frames
  for (std::string_view piece = read(); !piece.empty(); piece = read()) {
    ZSTD_inBuffer in{piece.data(), piece.size(), 0};
    bool output_full = false;
    while (in.pos < in.size || output_full) {
      ZSTD_outBuffer out{output.data(), output.size(), 0};
      left = ZSTD_decompressStream(context.get(), &out, &in);
      if (ZSTD_isError(left) != 0) fail("decompress", left);
      output_full = out.pos == out.size;
      if (out.pos > 0) take(std::string_view(output).substr(0, out.pos));
    }
  }
  if (left != 0) throw Error("zstd: cannot decompress: the end is missing");
}

}  // namespace base
