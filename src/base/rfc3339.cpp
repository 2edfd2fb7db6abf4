#include "base/rfc3339.hpp"

#include "base/ascii.hpp"

namespace base {

namespace {

constexpr std::int64_t seconds_per_day = 86400;
constexpr std::int64_t first_second = days_from_civil(1, 1, 1) * seconds_per_day;
constexpr std::int64_t end_of_time = days_from_civil(10000, 1, 1) * seconds_per_day;

constexpr int days_in_month(int year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : days[month - 1];
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

}  // namespace

std::optional<UtcTime> parse_rfc3339(std::string_view text) {
  Reader reader(text);
  const auto date = read_date(reader);
  if (!date) return std::nullopt;
  if (reader.done()) return UtcTime{*date, 0};
  if (!reader.take('T') && !reader.take('t') && !reader.take(' ')) return std::nullopt;
  const auto time = read_time(reader);
  if (!time) return std::nullopt;
  const auto offset = read_zone(reader);
  if (!offset || !reader.done()) return std::nullopt;
  const UtcTime instant{*date + time->seconds - *offset, time->nanos};
  if (instant.seconds < first_second || instant.seconds >= end_of_time) return std::nullopt;
  // Leap seconds are inserted at the end of a UTC day and nowhere else.
  if (time->leap && instant.seconds % seconds_per_day != 0) return std::nullopt;
  return instant;
}

}  // namespace base
