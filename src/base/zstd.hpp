// zstd (RFC 8878) with dictionaries: records of a few KB compress less than half as well alone as with the
// phrases of their source at hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace base {

/// A dictionary made ready for compression and decompression; immutable and shared between threads.
class ZstdDictionary {
 public:
  /// `bytes` as train() made them. Throws Error when they are no dictionary.
  explicit ZstdDictionary(std::string bytes);
  ~ZstdDictionary();
  ZstdDictionary(const ZstdDictionary&) = delete;
  ZstdDictionary& operator=(const ZstdDictionary&) = delete;

  /// The number that stands in every frame compressed with it; never 0.
  std::uint32_t id() const { return id_; }
  std::string_view bytes() const { return bytes_; }

  /// Trains a dictionary of at most `max_size` bytes from `samples`, with `id` as its number. Returns an
  /// empty string when the samples are too few or too alike for one: then compress without.
  static std::string train(std::span<const std::string_view> samples, std::size_t max_size, std::uint32_t id);

 private:
  friend class ZstdCompressor;
  friend class ZstdDecompressor;
  struct Handles;
  std::string bytes_;
  std::uint32_t id_ = 0;
  std::unique_ptr<Handles> handles_;
};

/// Reusable; one per thread.
class ZstdCompressor {
 public:
  ZstdCompressor();
  ~ZstdCompressor();
  ZstdCompressor(ZstdCompressor&&) noexcept;
  ZstdCompressor& operator=(ZstdCompressor&&) noexcept;

  /// Appends one frame holding `bytes` (with its content size and, given one, the dictionary's id) to `out`.
  void compress(std::string_view bytes, const ZstdDictionary* dictionary, std::string& out);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// Reusable; one per thread.
class ZstdDecompressor {
 public:
  ZstdDecompressor();
  ~ZstdDecompressor();
  ZstdDecompressor(ZstdDecompressor&&) noexcept;
  ZstdDecompressor& operator=(ZstdDecompressor&&) noexcept;

  /// The dictionary that `frame` was compressed with, or 0.
  static std::uint32_t dictionary_id(std::string_view frame);

  /// Replaces `out` by the content of `frame`. Throws Error when the frame is damaged, names another
  /// dictionary, or holds more than `max_size` bytes.
  void decompress(std::string_view frame, const ZstdDictionary* dictionary, std::size_t max_size,
                  std::string& out);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace base
