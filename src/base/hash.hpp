// Hashes: SHA-256 where a hash is a promise to others (content, documents, snapshots), XXH3-128 where it only
// has to tell "the same bytes as last time" quickly.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace base {

using Sha256 = std::array<std::uint8_t, 32>;
using Fast128 = std::array<std::uint8_t, 16>;

/// SHA-256 (FIPS 180-4) of `bytes`.
Sha256 sha256(std::string_view bytes);

/// SHA-256 of a stream that arrives in pieces.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;
  void update(std::string_view bytes);
  Sha256 finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// MD5 (RFC 1321) and SHA-1 (RFC 3174) of `bytes`, where a protocol wants them: neither is safe against an
/// adversary.
std::array<std::uint8_t, 16> md5(std::string_view bytes);
std::array<std::uint8_t, 20> sha1(std::string_view bytes);

/// XXH3-128 of `bytes` (https://github.com/Cyan4973/xxHash, canonical big-endian form). Not collision
/// resistant against an adversary; use it only where a collision costs a missed change of that adversary's
/// own record.
Fast128 fast128(std::string_view bytes);

/// XXH3-64 of `bytes`, for hash tables.
std::uint64_t fast64(std::string_view bytes);

/// The bytes of an array, to concatenate, compare or hash.
template <std::size_t N>
std::string_view bytes_of(const std::array<std::uint8_t, N>& array) {
  return {reinterpret_cast<const char*>(array.data()), N};
}

/// Lower-case hexadecimal digits of `bytes`.
std::string to_hex(std::string_view bytes);

template <std::size_t N>
std::string to_hex(const std::array<std::uint8_t, N>& bytes) {
  return to_hex(bytes_of(bytes));
}

}  // namespace base
