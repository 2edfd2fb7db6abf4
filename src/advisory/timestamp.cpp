#include "advisory/timestamp.hpp"

#include "base/rfc3339.hpp"

namespace advisory {

namespace {

constexpr std::int64_t seconds_per_day = 86400;
constexpr std::int64_t plausible_from = base::days_from_civil(1990, 1, 1) * seconds_per_day;
constexpr std::int64_t plausible_until = base::days_from_civil(2100, 1, 1) * seconds_per_day;

struct Date {
  std::int64_t year;
  int month;
  int day;
};

// The inverse of base::days_from_civil (same source, civil_from_days).
constexpr Date civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  const int month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

void put(std::string& out, std::int64_t value, int width) {
  char digits[20];
  for (int i = width; i-- > 0; value /= 10) digits[i] = static_cast<char>('0' + value % 10);
  out.append(digits, static_cast<std::size_t>(width));
}

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

}  // namespace

std::optional<Instant> parse_instant(std::string_view text) {
  const auto time = base::parse_rfc3339(text);
  if (!time) return std::nullopt;
  return Instant{time->seconds, time->nanos};
}

std::string format_instant(Instant instant) {
  const std::int64_t days = floor_divide(instant.seconds, seconds_per_day);
  const std::int64_t time = instant.seconds - days * seconds_per_day;
  const Date date = civil_from_days(days);
  std::string out;
  out.reserve(30);
  put(out, date.year, 4);
  put(out += '-', date.month, 2);
  put(out += '-', date.day, 2);
  put(out += 'T', time / 3600, 2);
  put(out += ':', time / 60 % 60, 2);
  put(out += ':', time % 60, 2);
  if (instant.nanos != 0) {
    put(out += '.', instant.nanos, 9);
    out.resize(out.find_last_not_of('0') + 1);
  }
  out += 'Z';
  return out;
}

bool is_plausible(Instant instant) {
  return instant.seconds >= plausible_from && instant.seconds < plausible_until;
}

std::int64_t to_microseconds(Instant instant) {
  return instant.seconds * 1'000'000 + instant.nanos / 1000;
}

}  // namespace advisory
