#include "pg/params.hpp"

namespace pg {

void Params::add_null(Oid type) {
  types_.push_back(type);
  fields_.push_back({0, -1, false});
}

void Params::add(double value) {
  add_integer(oid::float8, std::bit_cast<std::int64_t>(value));
}

void Params::add(Json value) {
  add_with(oid::jsonb, [&] {
    buffer_.push_back(1);  // version of jsonb's binary format (jsonb_recv, adt/jsonb.c)
    buffer_.append(value.text);
  });
}

void Params::add(Numeric value) {
  // As text: the server reads any decimal, and numeric parameters are rare.
  if (value.text.find('\0') != std::string_view::npos) throw Error("a numeric parameter contains a NUL");
  add_text(oid::numeric, value.text);
  buffer_.push_back('\0');
  fields_.back().text_format = true;
}

void Params::add(Date value) {
  const auto days = static_cast<std::int32_t>(value.time_since_epoch().count());
  add_integer(oid::date, days - encode::epoch_difference_days);
}

Params::Arrays Params::arrays() const {
  Arrays arrays;
  arrays.values.reserve(size());
  arrays.lengths.reserve(size());
  arrays.formats.reserve(size());
  for (const Place& place : fields_) {
    arrays.values.push_back(place.size < 0 ? nullptr : buffer_.data() + place.begin);
    arrays.lengths.push_back(place.size < 0 ? 0 : place.size);
    arrays.formats.push_back(place.text_format ? 0 : 1);
  }
  return arrays;
}

}  // namespace pg
