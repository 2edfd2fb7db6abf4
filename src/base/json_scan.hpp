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

/// The first special byte from `at` on, or `end`. Eight bytes at a time, in plain integer arithmetic: most
/// strings of a record are shorter than what wider registers need to pay off, and it is the same everywhere.
inline const char* find_special(const char* at, const char* end) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t high = 0x8080808080808080;
  // The high bit of every byte that is less than n (n <= 128), and some above the first such byte:
  // "Determine if a word has a byte less than n", Bit Twiddling Hacks by S. E. Anderson.
  const auto less = [](std::uint64_t word, std::uint64_t n) { return (word - ones * n) & ~word & high; };
  for (; end - at >= 8; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    const std::uint64_t found =
        less(word, 0x20) | less(word ^ (ones * '"'), 1) | less(word ^ (ones * '\\'), 1);
    if (found == 0) continue;
    if constexpr (std::endian::native == std::endian::little) return at + std::countr_zero(found) / 8;
    break;
  }
  while (at != end && !is_special(*at)) ++at;
  return at;
}

}  // namespace base::json
