// The grammar of date-times in data of every source, as generous as that data needs.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace base {

struct UtcTime {
  std::int64_t seconds = 0;  // since 1970-01-01T00:00:00Z, negative before
  std::uint32_t nanos = 0;   // 0 to 999,999,999
};

/// Reads RFC 3339 date-times ("2024-01-02T03:04:05.678Z", "+02:00"; 't', 'z' and a blank between date and
/// time are taken too), the same without a zone (UTC, CVE record format 5.x) and bare dates (00:00Z). A leap
/// second counts as the second after it. Returns nothing for every other text, an impossible date or a year
/// outside 0001 to 9999. Fraction digits beyond nine are cut off.
std::optional<UtcTime> parse_rfc3339(std::string_view text);

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar, by counting in 400-year cycles that
/// begin in March (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil).
constexpr std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

}  // namespace base
