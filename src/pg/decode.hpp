// From PostgreSQL's binary format to C++ values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pg/types.hpp"

namespace pg {

/// One value as it came from the server; valid as long as the result or row that it is of.
struct Field {
  const char* data = nullptr;
  std::int32_t size = -1;      // -1: null
  Oid type = oid::unknown;     // unknown in COPY, which carries no types: then only lengths are checked
  const char* name = nullptr;  // the column's name, for messages
  int column = 0;

  bool is_null() const { return size < 0; }
  std::string_view bytes() const { return {data, size < 0 ? 0 : static_cast<std::size_t>(size)}; }
};

/// The value of `field`. Throws Error when it is null or of a type that does not read as the C++ type.
/// std::string reads text, enums, bytea (its bytes), json and jsonb (as text) and numeric (as decimal text);
/// std::string_view all of these but numeric.
template <typename Value>
Value decode(const Field& field);

template <>
bool decode<bool>(const Field& field);
template <>
std::int16_t decode<std::int16_t>(const Field& field);
/// Reads int2 too.
template <>
std::int32_t decode<std::int32_t>(const Field& field);
/// Reads int2 and int4 too.
template <>
std::int64_t decode<std::int64_t>(const Field& field);
template <>
double decode<double>(const Field& field);
template <>
std::string_view decode<std::string_view>(const Field& field);
template <>
std::string decode<std::string>(const Field& field);
template <>
Timestamp decode<Timestamp>(const Field& field);
template <>
Date decode<Date>(const Field& field);
/// text[], bytea[] and arrays of enums.
template <>
std::vector<std::string> decode<std::vector<std::string>>(const Field& field);
/// The same as views.
template <>
std::vector<std::string_view> decode<std::vector<std::string_view>>(const Field& field);
template <>
std::vector<std::int32_t> decode<std::vector<std::int32_t>>(const Field& field);
template <>
std::vector<std::int64_t> decode<std::vector<std::int64_t>>(const Field& field);

namespace detail {
template <typename Value>
struct Decoder {
  static Value read(const Field& field) { return decode<Value>(field); }
};
template <typename Value>
struct Decoder<std::optional<Value>> {
  static std::optional<Value> read(const Field& field) {
    if (field.is_null()) return std::nullopt;
    return decode<Value>(field);
  }
};
}  // namespace detail

/// decode(), where std::optional reads null as nullopt.
template <typename Value>
Value read_field(const Field& field) {
  return detail::Decoder<Value>::read(field);
}

}  // namespace pg
