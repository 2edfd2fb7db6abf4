// Finding the bytes of a JSON string that mean something: shared by reading and writing.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace base::json {

/// True for the bytes that cannot stand for themselves in a JSON string: controls, '"' and '\\'
/// (RFC 8259 section 7).
inline bool is_special(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// Which bytes of a word of eight are special: the high bit of the first such byte is set, and of no byte
/// before it. Plain integer arithmetic: most strings of a record are shorter than what wider registers need
/// to pay off, and it is the same everywhere.
inline std::uint64_t special_bytes(std::uint64_t word) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t high = 0x8080808080808080;
  // The high bit of every byte that is less than n (n <= 128), and some above the first such byte:
  // "Determine if a word has a byte less than n", Bit Twiddling Hacks by S. E. Anderson.
  const auto less = [](std::uint64_t w, std::uint64_t n) { return (w - ones * n) & ~w & high; };
  return less(word, 0x20) | less(word ^ (ones * '"'), 1) | less(word ^ (ones * '\\'), 1);
}

/// The first special byte from `at` on, or `end`.
inline const char* find_special(const char* at, const char* end) {
  for (; end - at >= 8; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    const std::uint64_t found = special_bytes(word);
    if (found == 0) continue;
    if constexpr (std::endian::native == std::endian::little) return at + std::countr_zero(found) / 8;
    break;
  }
  while (at != end && !is_special(*at)) ++at;
  return at;
}

/// Copies what stands before the first special byte from `at` on to `to`, which moves behind it; returns
/// where that byte is, or `end`. Up to eight bytes behind what is copied are overwritten.
inline const char* copy_plain(const char* at, const char* end, char*& to) {
  for (; end - at >= 8; at += 8, to += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    std::memcpy(to, &word, 8);
    const std::uint64_t found = special_bytes(word);
    if (found == 0) continue;
    if constexpr (std::endian::native == std::endian::little) {
      const auto before = std::countr_zero(found) / 8;
      to += before;
      return at + before;
    }
    break;
  }
  while (at != end && !is_special(*at)) *to++ = *at++;
  return at;
}

}  // namespace base::json
