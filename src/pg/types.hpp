// The C++ side of PostgreSQL's types.
//
// bool, int2, int4, int8, float8  bool, std::int16_t, std::int32_t, std::int64_t, double
// text, enums, numeric, json(b)   std::string; parameters std::string_view, Enum, Numeric, Json
// bytea                           std::string; parameters Bytes
// timestamptz, date               Timestamp, Date
// text[], bytea[], int4[], int8[] std::vector; parameters any span of elements, BytesArray
// anything nullable               std::optional of the above
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace pg {

using Oid = unsigned int;

/// Object ids of built-in types: fixed for ever in PostgreSQL's catalog (src/include/catalog/pg_type.dat).
namespace oid {
inline constexpr Oid unknown = 0;  // the server infers the type
inline constexpr Oid boolean = 16, bytea = 17, name = 19, int8 = 20, int2 = 21, int4 = 23, text = 25;
inline constexpr Oid json = 114, float8 = 701, bpchar = 1042, varchar = 1043, date = 1082;
inline constexpr Oid timestamptz = 1184, numeric = 1700, jsonb = 3802;
inline constexpr Oid bytea_array = 1001, int4_array = 1007, text_array = 1009, int8_array = 1016;
inline constexpr Oid first_user_defined = 16384;
}  // namespace oid

/// timestamptz: microseconds since 1970-01-01 UTC. PostgreSQL's -infinity and infinity are min() and max().
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;
using Date = std::chrono::sys_days;

/// A bytea parameter.
struct Bytes {
  std::string_view view;
  explicit Bytes(std::string_view bytes) : view(bytes) {}
  template <std::size_t N>
  explicit Bytes(const std::array<std::uint8_t, N>& bytes)
      : view(reinterpret_cast<const char*>(bytes.data()), N) {}
};

/// A bytea[] parameter.
struct BytesArray {
  std::span<const std::string_view> items;
};

/// A parameter whose type the server knows better than we do: an enum's label.
struct Enum {
  std::string_view label;
};

/// A jsonb parameter, as JSON text.
struct Json {
  std::string_view text;
};

/// A numeric parameter, as decimal text.
struct Numeric {
  std::string_view text;
};

}  // namespace pg
