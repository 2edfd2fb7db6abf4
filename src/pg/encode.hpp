// PostgreSQL's binary format for values, appended to a string: integers in network order, a value of variable
// length after its four-byte length. Source: the send/recv functions in src/backend/utils/adt.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "pg/error.hpp"
#include "pg/types.hpp"

namespace pg::encode {

template <typename Integer>
Integer network_order(Integer value) {
  static_assert(std::endian::native == std::endian::little);
  if constexpr (sizeof(Integer) == 1) return value;
  if constexpr (sizeof(Integer) == 2)
    return static_cast<Integer>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
  if constexpr (sizeof(Integer) == 4)
    return static_cast<Integer>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
  if constexpr (sizeof(Integer) == 8)
    return static_cast<Integer>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
}

template <typename Integer>
void integer(std::string& out, Integer value) {
  static_assert(std::is_integral_v<Integer>);
  const Integer swapped = network_order(value);
  char bytes[sizeof(Integer)];
  std::memcpy(bytes, &swapped, sizeof(Integer));
  out.append(bytes, sizeof(Integer));
}

/// PostgreSQL's limit for one value (MaxAllocSize, src/include/utils/memutils.h).
inline constexpr std::size_t max_value_size = 0x3fffffff;

/// `size` as a field's four-byte length. Throws Error for a value that PostgreSQL could not hold.
std::int32_t checked_length(std::size_t size);

/// A field: its four-byte length, then its bytes.
inline void field(std::string& out, std::string_view bytes) {
  integer(out, checked_length(bytes.size()));
  out.append(bytes);
}

/// Microseconds between 1970-01-01, our epoch, and 2000-01-01, PostgreSQL's.
inline constexpr std::int64_t epoch_difference_us = 946'684'800'000'000;
inline constexpr std::int32_t epoch_difference_days = 10'957;

/// A timestamptz's microseconds since 2000. Times outside the years 1 to 9999, which RFC 3339 cannot write,
/// become the nearest one inside; min() and max() become -infinity and infinity.
std::int64_t timestamp(Timestamp time);

/// The header of a one-dimensional array of `count` elements that are all present.
void array_header(std::string& out, Oid element_type, std::size_t count);

/// A numeric of one decimal, from tenths: 98 is 9.8.
void numeric_tenths(std::string& out, std::int32_t tenths);

}  // namespace pg::encode
