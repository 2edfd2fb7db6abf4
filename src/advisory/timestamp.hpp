// Instants as the sources write them. Real data holds years 0001, 2999 and 9999, up to nine fraction digits,
// offsets, no zone at all (CVE: means UTC) and bare dates (GitLab), so an instant is seconds and nanoseconds
// since 1970 in UTC, valid from year 0001 to 9999, and never a string that is compared.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace advisory {

struct Instant {
  std::int64_t seconds = 0;  // since 1970-01-01T00:00:00Z, negative before
  std::uint32_t nanos = 0;   // 0 to 999,999,999
  friend auto operator<=>(const Instant&, const Instant&) = default;
};

/// Reads RFC 3339 date-times ("2024-01-02T03:04:05.678Z", "+02:00"; 't', 'z' and a blank between date and
/// time are taken too), the same without a zone (UTC, CVE record format 5.x) and bare dates (00:00Z). A leap
/// second counts as the second after it. Returns nothing for every other text, an impossible date or a year
/// outside 0001 to 9999. Fraction digits beyond nine are cut off.
std::optional<Instant> parse_instant(std::string_view text);

/// RFC 3339 in UTC with 'Z': no fraction when it is zero, else as many digits as needed.
std::string format_instant(Instant instant);

/// True from 1990-01-01 (included) to 2100-01-01 (excluded): placeholders such as year 0001 or 9999 are never
/// "the earliest" or "the latest". Constants, so that nothing depends on the clock.
bool is_plausible(Instant instant);

/// Microseconds since 1970, as PostgreSQL's timestamptz holds them (rounded down).
std::int64_t to_microseconds(Instant instant);

}  // namespace advisory
