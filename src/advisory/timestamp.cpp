#include "advisory/timestamp.hpp"

namespace advisory {

namespace {

constexpr std::int64_t seconds_per_day = 86400;

// Days from 1970-01-01 to a date of the proleptic Gregorian calendar, by counting in 400-year cycles that
// begin in March (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil).
constexpr std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

struct Date {
  std::int64_t year;
  int month;
  int day;
};

// The inverse of days_from_civil (same source, civil_from_days).
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

constexpr std::int64_t first_second = days_from_civil(1, 1, 1) * seconds_per_day;
constexpr std::int64_t end_of_time = days_from_civil(10000, 1, 1) * seconds_per_day;
constexpr std::int64_t plausible_from = days_from_civil(1990, 1, 1) * seconds_per_day;
constexpr std::int64_t plausible_until = days_from_civil(2100, 1, 1) * seconds_per_day;

constexpr int days_in_month(int year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : days[month - 1];
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes fixed-width pieces off the front of a text; once something is missing, everything after is too.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool ok() const { return ok_; }
  bool done() const { return text_.empty(); }
  bool next_is(char c) const { return !text_.empty() && text_.front() == c; }

  int digits(std::size_t count) {
    if (text_.size() < count) return fail();
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(text_[i])) return fail();
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return value;
  }

  void expect(char c) {
    if (!take(c)) fail();
  }

  bool take(char c) {
    if (!next_is(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  std::uint32_t fraction() {
    if (text_.empty() || !is_digit(text_.front())) return static_cast<std::uint32_t>(fail());
    std::uint32_t nanos = 0;
    std::uint32_t unit = 100'000'000;
    for (; !text_.empty() && is_digit(text_.front()); text_.remove_prefix(1), unit /= 10)
      nanos += unit * static_cast<std::uint32_t>(text_.front() - '0');
    return nanos;
  }

 private:
  int fail() {
    ok_ = false;
    text_ = {};
    return 0;
  }

  std::string_view text_;
  bool ok_ = true;
};

std::optional<std::int64_t> read_date(Reader& reader) {
  const int year = reader.digits(4);
  reader.expect('-');
  const int month = reader.digits(2);
  reader.expect('-');
  const int day = reader.digits(2);
  if (!reader.ok() || year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
    return std::nullopt;
  return days_from_civil(year, month, day) * seconds_per_day;
}

struct TimeOfDay {
  std::int64_t seconds = 0;
  std::uint32_t nanos = 0;
  bool leap = false;
};

std::optional<TimeOfDay> read_time(Reader& reader) {
  const int hour = reader.digits(2);
  reader.expect(':');
  const int minute = reader.digits(2);
  reader.expect(':');
  const int second = reader.digits(2);
  TimeOfDay time;
  if (reader.take('.')) time.nanos = reader.fraction();
  if (!reader.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  time.seconds = hour * 3600 + minute * 60 + second;
  time.leap = second == 60;
  return time;
}

// Seconds east of UTC. No zone at all means UTC.
std::optional<std::int64_t> read_zone(Reader& reader) {
  if (reader.done() || reader.take('Z') || reader.take('z')) return 0;
  const bool west = reader.next_is('-');
  if (!west && !reader.next_is('+')) return std::nullopt;
  reader.take(west ? '-' : '+');
  const int hours = reader.digits(2);
  reader.expect(':');
  const int minutes = reader.digits(2);
  if (!reader.ok() || hours > 23 || minutes > 59) return std::nullopt;
  const std::int64_t offset = hours * 3600 + minutes * 60;
  return west ? -offset : offset;
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
  Reader reader(text);
  const auto date = read_date(reader);
  if (!date) return std::nullopt;
  if (reader.done()) return Instant{*date, 0};
  if (!reader.take('T') && !reader.take('t') && !reader.take(' ')) return std::nullopt;
  const auto time = read_time(reader);
  if (!time) return std::nullopt;
  const auto offset = read_zone(reader);
  if (!offset || !reader.done()) return std::nullopt;
  const Instant instant{*date + time->seconds - *offset, time->nanos};
  if (instant.seconds < first_second || instant.seconds >= end_of_time) return std::nullopt;
  // Leap seconds are inserted at the end of a UTC day and nowhere else.
  if (time->leap && instant.seconds % seconds_per_day != 0) return std::nullopt;
  return instant;
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
