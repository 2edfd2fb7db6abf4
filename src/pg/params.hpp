// The parameters $1, $2, ... of one statement, in binary format.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pg/encode.hpp"
#include "pg/types.hpp"

namespace pg {

class Params {
 public:
  template <typename... Values>
  static Params of(const Values&... values) {
    Params params;
    (params.add(values), ...);
    return params;
  }

  void add_null(Oid type = oid::unknown);
  void add(std::nullopt_t) { add_null(); }
  void add(double value);
  void add(std::string_view text) { add_text(oid::text, text); }
  void add(const char* text) { add(std::string_view(text)); }
  void add(const std::string& text) { add(std::string_view(text)); }
  void add(Bytes bytes) { add_text(oid::bytea, bytes.view); }
  void add(Enum value) { add_text(oid::unknown, value.label); }
  void add(Json value);
  void add(Numeric value);
  void add(Timestamp value) { add_integer(oid::timestamptz, encode::timestamp(value)); }
  void add(Date value);

  template <std::integral Integer>
  void add(Integer value) {
    if constexpr (std::same_as<Integer, bool>) {
      add_integer(oid::boolean, static_cast<std::int8_t>(value));
    } else {
      static_assert(std::is_signed_v<Integer>, "PostgreSQL has no unsigned integers: convert with care");
      static_assert(sizeof(Integer) >= 2);
      add_integer(sizeof(Integer) == 8 ? oid::int8 : sizeof(Integer) == 4 ? oid::int4 : oid::int2, value);
    }
  }

  void add(std::span<const std::string_view> texts) { add_array(oid::text_array, oid::text, texts); }
  void add(std::span<const std::string> texts) { add_array(oid::text_array, oid::text, texts); }
  void add(std::span<const std::int64_t> values) { add_integers(oid::int8_array, oid::int8, values); }
  void add(std::span<const std::int32_t> values) { add_integers(oid::int4_array, oid::int4, values); }
  void add(BytesArray bytes) { add_array(oid::bytea_array, oid::bytea, bytes.items); }
  template <typename Element>
  void add(const std::vector<Element>& values) {
    add(std::span<const Element>(values));
  }

  template <typename Value>
  void add(const std::optional<Value>& value) {
    if (value)
      add(*value);
    else
      add_null();
  }

  std::size_t size() const { return fields_.size(); }
  /// The object id of each parameter's type; 0 where the server is to infer it.
  const std::vector<Oid>& types() const { return types_; }

  /// The arrays that libpq takes; they point into this object.
  struct Arrays {
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
  };
  Arrays arrays() const;

 private:
  struct Place {
    std::size_t begin;
    int size;  // -1: null
    bool text_format;
  };

  /// Appends a value by calling `append` and notes where it stands.
  template <typename Append>
  void add_with(Oid type, const Append& append) {
    const std::size_t begin = buffer_.size();
    append();
    types_.push_back(type);
    fields_.push_back({begin, encode::checked_length(buffer_.size() - begin), false});
  }
  template <typename Integer>
  void add_integer(Oid type, Integer value) {
    add_with(type, [&] { encode::integer(buffer_, value); });
  }
  void add_text(Oid type, std::string_view bytes) {
    add_with(type, [&] { buffer_.append(bytes); });
  }
  template <typename Text>
  void add_array(Oid type, Oid element_type, std::span<const Text> texts) {
    add_with(type, [&] {
      encode::array_header(buffer_, element_type, texts.size());
      for (const Text& text : texts) encode::field(buffer_, text);
    });
  }
  template <typename Integer>
  void add_integers(Oid type, Oid element_type, std::span<const Integer> values) {
    add_with(type, [&] {
      encode::array_header(buffer_, element_type, values.size());
      for (const Integer value : values) {
        encode::integer<std::int32_t>(buffer_, sizeof(Integer));
        encode::integer(buffer_, value);
      }
    });
  }

  std::string buffer_;
  std::vector<Oid> types_;
  std::vector<Place> fields_;
};

}  // namespace pg
