#include "pg/decode.hpp"

#include <bit>
#include <cstring>
#include <initializer_list>
#include <limits>

#include "pg/encode.hpp"
#include "pg/error.hpp"

namespace pg {
namespace {

[[noreturn]] void refuse(const Field& field, const std::string& why) {
  const std::string column = field.name != nullptr ? "\"" + std::string(field.name) + "\""
                                                   : "number " + std::to_string(field.column + 1);
  throw Error("result column " + column + " " + why);
}

[[noreturn]] void refuse_type(const Field& field, const char* wanted) {
  refuse(field, "has the type with object id " + std::to_string(field.type) + " and " +
                    std::to_string(field.size) + " bytes, and cannot be read as " + wanted);
}

/// `field` is not null, is one of `types` where the type is known, and has `size` bytes (-1: any number).
void require(const Field& field, const char* wanted, std::initializer_list<Oid> types, std::int32_t size) {
  if (field.is_null()) refuse(field, std::string("is null where ") + wanted + " was expected");
  bool fits = field.type == oid::unknown && types.size() > 0;
  for (const Oid type : types) fits = fits || field.type == type;
  if (!fits || (size >= 0 && field.size != size)) refuse_type(field, wanted);
}

template <typename Integer>
Integer read_integer(const char* data) {
  Integer value;
  std::memcpy(&value, data, sizeof(Integer));
  return encode::network_order(value);
}

/// Reads a value front to back, and never beyond its end.
class Reader {
 public:
  explicit Reader(const Field& field) : field_(field), left_(field.bytes()) {}

  template <typename Integer>
  Integer integer() {
    return read_integer<Integer>(bytes(sizeof(Integer)).data());
  }
  std::string_view bytes(std::size_t count) {
    if (count > left_.size()) refuse(field_, "ends too early");
    const std::string_view taken = left_.substr(0, count);
    left_.remove_prefix(count);
    return taken;
  }

 private:
  const Field& field_;
  std::string_view left_;
};

/// Calls `take(bytes)` for each element of a one-dimensional array without nulls (array_send,
/// adt/arrayfuncs.c).
template <typename Take>
void read_array(const Field& field, Oid element_type, const Take& take) {
  Reader reader(field);
  const auto dimensions = reader.integer<std::int32_t>();
  reader.integer<std::int32_t>();  // whether there are nulls
  const auto type = reader.integer<Oid>();
  const bool texts =
      element_type == oid::text && (type == oid::text || type == oid::bytea || type == oid::varchar ||
                                    type == oid::name || type >= oid::first_user_defined);
  if (type != element_type && !texts)
    refuse(field, "is an array of the type with object id " + std::to_string(type));
  if (dimensions > 1) refuse(field, "is an array of several dimensions");
  const auto count = dimensions == 0 ? 0 : reader.integer<std::int32_t>();
  if (dimensions > 0) reader.integer<std::int32_t>();  // index of the first element
  for (std::int32_t i = 0; i < count; ++i) {
    const auto size = reader.integer<std::int32_t>();
    if (size < 0) refuse(field, "is an array with a null element");
    take(reader.bytes(static_cast<std::size_t>(size)));
  }
}

template <typename Text>
std::vector<Text> read_texts(const Field& field) {
  if (field.is_null()) refuse(field, "is null where an array was expected");
  std::vector<Text> texts;
  read_array(field, oid::text, [&](std::string_view bytes) { texts.emplace_back(bytes); });
  return texts;
}

template <typename Integer>
std::vector<Integer> read_integers(const Field& field, Oid array_type, Oid element_type) {
  require(field, "an array of integers", {array_type}, -1);
  std::vector<Integer> values;
  read_array(field, element_type, [&](std::string_view bytes) {
    if (bytes.size() != sizeof(Integer)) refuse(field, "has an element of the wrong size");
    values.push_back(read_integer<Integer>(bytes.data()));
  });
  return values;
}

/// Decimal text of a numeric: base-10000 digits, the first of which counts units of 10000^weight
/// (numeric_send, adt/numeric.c).
std::string read_numeric(const Field& field) {
  Reader reader(field);
  const auto count = reader.integer<std::int16_t>();
  const auto weight = reader.integer<std::int16_t>();
  const auto sign = reader.integer<std::uint16_t>();
  const auto decimals = reader.integer<std::int16_t>();
  if (count < 0 || decimals < 0) refuse(field, "is no numeric");
  if (sign == 0xC000) return "NaN";
  if (sign == 0xD000) return "Infinity";
  if (sign == 0xF000) return "-Infinity";
  std::string whole;
  std::string fraction;
  for (int i = 0; i < -weight - 1; ++i) fraction += "0000";
  for (int i = 0; i < count; ++i) {
    const auto digit = reader.integer<std::int16_t>();
    if (digit < 0 || digit > 9999) refuse(field, "is no numeric");
    std::string digits = std::to_string(digit);
    digits.insert(0, 4 - digits.size(), '0');
    (i <= weight ? whole : fraction) += digits;
  }
  for (int i = count; i <= weight; ++i) whole += "0000";
  whole.erase(0, whole.find_first_not_of('0'));
  if (whole.empty()) whole = "0";
  fraction.resize(static_cast<std::size_t>(decimals), '0');
  return (sign == 0x4000 ? "-" : "") + whole + (fraction.empty() ? "" : "." + fraction);
}

}  // namespace

template <>
bool decode<bool>(const Field& field) {
  require(field, "a boolean", {oid::boolean}, 1);
  return field.data[0] != 0;
}

template <>
std::int16_t decode<std::int16_t>(const Field& field) {
  require(field, "a two-byte integer", {oid::int2}, 2);
  return read_integer<std::int16_t>(field.data);
}

template <>
std::int32_t decode<std::int32_t>(const Field& field) {
  if (field.size == 2) return decode<std::int16_t>(field);
  require(field, "a four-byte integer", {oid::int4}, 4);
  return read_integer<std::int32_t>(field.data);
}

template <>
std::int64_t decode<std::int64_t>(const Field& field) {
  if (field.size == 2 || field.size == 4) return decode<std::int32_t>(field);
  require(field, "an eight-byte integer", {oid::int8}, 8);
  return read_integer<std::int64_t>(field.data);
}

template <>
double decode<double>(const Field& field) {
  require(field, "a floating-point number", {oid::float8}, 8);
  return std::bit_cast<double>(read_integer<std::int64_t>(field.data));
}

template <>
std::string_view decode<std::string_view>(const Field& field) {
  if (field.is_null()) refuse(field, "is null where text was expected");
  if (field.type == oid::jsonb && field.size > 0)
    return field.bytes().substr(1);  // after the format's version
  if (field.type < oid::first_user_defined)
    require(field, "text", {oid::text, oid::bytea, oid::varchar, oid::bpchar, oid::name, oid::json}, -1);
  return field.bytes();
}

template <>
std::string decode<std::string>(const Field& field) {
  if (field.type == oid::numeric && !field.is_null()) return read_numeric(field);
  return std::string(decode<std::string_view>(field));
}

template <>
Timestamp decode<Timestamp>(const Field& field) {
  require(field, "a time", {oid::timestamptz}, 8);
  const auto since_2000 = read_integer<std::int64_t>(field.data);
  if (since_2000 == std::numeric_limits<std::int64_t>::min()) return Timestamp::min();
  if (since_2000 > std::numeric_limits<std::int64_t>::max() - encode::epoch_difference_us)
    return Timestamp::max();
  return Timestamp(std::chrono::microseconds(since_2000 + encode::epoch_difference_us));
}

template <>
Date decode<Date>(const Field& field) {
  require(field, "a date", {oid::date}, 4);
  return Date(std::chrono::days(read_integer<std::int32_t>(field.data)) +
              std::chrono::days(encode::epoch_difference_days));
}

template <>
std::vector<std::string> decode<std::vector<std::string>>(const Field& field) {
  return read_texts<std::string>(field);
}

template <>
std::vector<std::string_view> decode<std::vector<std::string_view>>(const Field& field) {
  return read_texts<std::string_view>(field);
}

template <>
std::vector<std::int32_t> decode<std::vector<std::int32_t>>(const Field& field) {
  return read_integers<std::int32_t>(field, oid::int4_array, oid::int4);
}

template <>
std::vector<std::int64_t> decode<std::vector<std::int64_t>>(const Field& field) {
  return read_integers<std::int64_t>(field, oid::int8_array, oid::int8);
}

}  // namespace pg
