#include "base/zstd.hpp"

#define ZDICT_STATIC_LINKING_ONLY  // for the fastCover trainer with fixed parameters
#include <zdict.h>
#include <zstd.h>

#include <cstring>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace base {

namespace {

// The lowest level with a dictionary: higher ones cost a cold sync half a second for one per cent less space.
constexpr int level = 1;

[[noreturn]] void fail(const char* what, std::size_t code) {
  throw Error(std::string("zstd: cannot ") + what + ": " + ZSTD_getErrorName(code));
}

}  // namespace

struct ZstdDictionary::Handles {
  ZSTD_CDict* compression = nullptr;
  ZSTD_DDict* decompression = nullptr;
  Handles() = default;
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    ZSTD_freeCDict(compression);
    ZSTD_freeDDict(decompression);
  }
};

ZstdDictionary::ZstdDictionary(std::string bytes)
    : bytes_(std::move(bytes)),
      id_(ZSTD_getDictID_fromDict(bytes_.data(), bytes_.size())),
      handles_(std::make_unique<Handles>()) {
  if (id_ == 0) throw Error("zstd: these bytes are no dictionary");
  handles_->compression = ZSTD_createCDict(bytes_.data(), bytes_.size(), level);
  handles_->decompression = ZSTD_createDDict(bytes_.data(), bytes_.size());
  if (handles_->compression == nullptr || handles_->decompression == nullptr)
    throw Error("zstd: dictionary " + std::to_string(id_) + " is damaged, or there is no memory for it");
}

ZstdDictionary::~ZstdDictionary() = default;

std::string ZstdDictionary::train(std::span<const std::string_view> samples, std::size_t max_size,
                                  std::uint32_t id) {
  std::string all;
  std::vector<std::size_t> sizes;
  for (const std::string_view sample : samples) {
    all += sample;
    sizes.push_back(sample.size());
  }
  ZDICT_fastCover_params_t parameters{};
  parameters.k = 512;  // fixed: searching for the best takes many times as long and gains about 2 %
  parameters.d = 8;
  parameters.f = 20;
  parameters.accel = 4;
  parameters.steps = 1;
  parameters.splitPoint = 1.0;
  parameters.zParams.compressionLevel = level;
  parameters.zParams.dictID = id;
  std::string dictionary(max_size, '\0');
  const std::size_t size =
      ZDICT_trainFromBuffer_fastCover(dictionary.data(), dictionary.size(), all.data(), sizes.data(),
                                      static_cast<unsigned>(sizes.size()), parameters);
  if (ZDICT_isError(size) != 0) return {};
  dictionary.resize(size);
  return dictionary;
}

struct ZstdCompressor::Context {
  ZSTD_CCtx* handle = ZSTD_createCCtx();
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { ZSTD_freeCCtx(handle); }
};

ZstdCompressor::ZstdCompressor() : context_(std::make_unique<Context>()) {
  if (context_->handle == nullptr) throw Error("zstd: no memory for a compressor");
}
ZstdCompressor::~ZstdCompressor() = default;
ZstdCompressor::ZstdCompressor(ZstdCompressor&&) noexcept = default;
ZstdCompressor& ZstdCompressor::operator=(ZstdCompressor&&) noexcept = default;

void ZstdCompressor::compress(std::string_view bytes, const ZstdDictionary* dictionary, std::string& out) {
  const std::size_t before = out.size();
  const std::size_t bound = ZSTD_compressBound(bytes.size());
  out.resize(before + bound);
  const std::size_t size =
      dictionary != nullptr
          ? ZSTD_compress_usingCDict(context_->handle, out.data() + before, bound, bytes.data(), bytes.size(),
                                     dictionary->handles_->compression)
          : ZSTD_compressCCtx(context_->handle, out.data() + before, bound, bytes.data(), bytes.size(),
                              level);
  if (ZSTD_isError(size) != 0) fail("compress a record", size);
  out.resize(before + size);
}

struct ZstdDecompressor::Context {
  ZSTD_DCtx* handle = ZSTD_createDCtx();
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { ZSTD_freeDCtx(handle); }
};

ZstdDecompressor::ZstdDecompressor() : context_(std::make_unique<Context>()) {
  if (context_->handle == nullptr) throw Error("zstd: no memory for a decompressor");
}
ZstdDecompressor::~ZstdDecompressor() = default;
ZstdDecompressor::ZstdDecompressor(ZstdDecompressor&&) noexcept = default;
ZstdDecompressor& ZstdDecompressor::operator=(ZstdDecompressor&&) noexcept = default;

std::uint32_t ZstdDecompressor::dictionary_id(std::string_view frame) {
  return ZSTD_getDictID_fromFrame(frame.data(), frame.size());
}

void ZstdDecompressor::decompress(std::string_view frame, const ZstdDictionary* dictionary,
                                  std::size_t max_size, std::string& out) {
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > max_size)
    throw Error("zstd: a stored frame is damaged: it has no plausible content size");
  out.resize(static_cast<std::size_t>(size));
  const std::size_t written =
      dictionary != nullptr
          ? ZSTD_decompress_usingDDict(context_->handle, out.data(), out.size(), frame.data(), frame.size(),
                                       dictionary->handles_->decompression)
          : ZSTD_decompressDCtx(context_->handle, out.data(), out.size(), frame.data(), frame.size());
  if (ZSTD_isError(written) != 0) fail("decompress a stored record", written);
  if (written != out.size())
    throw Error("zstd: a stored frame is damaged: its content is shorter than it says");
}

}  // namespace base
