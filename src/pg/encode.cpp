#include "pg/encode.hpp"

#include <algorithm>
#include <limits>

namespace pg::encode {

std::int32_t checked_length(std::size_t size) {
  if (size > max_value_size)
    throw Error("a value of " + std::to_string(size) + " bytes is larger than PostgreSQL can hold (1 GB)");
  return static_cast<std::int32_t>(size);
}

std::int64_t timestamp(Timestamp time) {
  using namespace std::chrono;
  static constexpr Timestamp first = sys_days(year(1) / January / 1);
  static constexpr Timestamp last = sys_days(year(10000) / January / 1) - microseconds(1);
  if (time == Timestamp::min()) return std::numeric_limits<std::int64_t>::min();
  if (time == Timestamp::max()) return std::numeric_limits<std::int64_t>::max();
  return std::clamp(time, first, last).time_since_epoch().count() - epoch_difference_us;
}

void array_header(std::string& out, Oid element_type, std::size_t count) {
  integer<std::int32_t>(out, count == 0 ? 0 : 1);  // dimensions
  integer<std::int32_t>(out, 0);                   // no element is null
  integer<std::uint32_t>(out, element_type);
  if (count == 0) return;
  integer<std::int32_t>(out, checked_length(count));
  integer<std::int32_t>(out, 1);  // index of the first element
}

void numeric_tenths(std::string& out, std::int32_t tenths) {
  // Base-10000 digits, the first of which counts units of 10000^weight (numeric_send, adt/numeric.c).
  const auto magnitude = static_cast<std::uint32_t>(tenths < 0 ? -static_cast<std::int64_t>(tenths) : tenths);
  std::int16_t digits[4];
  std::int16_t count = 0;
  std::int16_t weight = 0;
  const std::uint32_t whole = magnitude / 10;
  if (whole >= 100'000'000) digits[count++] = static_cast<std::int16_t>(whole / 100'000'000);
  if (whole >= 10'000) digits[count++] = static_cast<std::int16_t>(whole / 10'000 % 10'000);
  if (whole > 0) digits[count++] = static_cast<std::int16_t>(whole % 10'000);
  weight = static_cast<std::int16_t>(count - 1);
  if (magnitude % 10 != 0) digits[count++] = static_cast<std::int16_t>(magnitude % 10 * 1000);
  integer<std::int16_t>(out, count);
  integer<std::int16_t>(out, count == 0 ? std::int16_t{0} : weight);
  integer<std::uint16_t>(out, tenths < 0 ? 0x4000 : 0x0000);
  integer<std::int16_t>(out, 1);  // decimals shown
  for (std::int16_t i = 0; i < count; ++i) integer(out, digits[i]);
}

}  // namespace pg::encode
