#include "jobs/cron.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string>
#include <vector>

#include "base/ascii.hpp"
#include "base/format.hpp"

namespace jobs {

namespace {

constexpr Seconds day_seconds = 86400;
// The calendar's weekdays and leap days repeat within so many days, but for skipped leap years.
constexpr std::int64_t most_days_ahead = 366L * 9;

struct Field {
  const char* name;
  unsigned low;
  unsigned high;
  std::vector<std::string_view> words;  // for low, low + 1, ...
};

const std::array<Field, 5>& fields() {
  static const std::array<Field, 5> all{{
      {"minute", 0, 59, {}},
      {"hour", 0, 23, {}},
      {"day of month", 1, 31, {}},
      {"month", 1, 12, {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
      {"day of week", 0, 6, {"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
  }};
  return all;
}

unsigned read_number(std::string_view text, const Field& field) {
  const auto word = std::find(field.words.begin(), field.words.end(), base::lowered(text));
  if (word != field.words.end()) return field.low + static_cast<unsigned>(word - field.words.begin());
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw CronError(base::format("'{}' is no {}", text, field.name));
  return value;
}

struct Bits {
  std::uint64_t bits = 0;
  bool any = false;
};

// One part of a list: "*", "7", "1-5", each with or without "/step".
Bits read_part(std::string_view part, const Field& field) {
  const auto slash = part.find('/');
  const std::string_view range = part.substr(0, slash);
  const bool has_step = slash != std::string_view::npos;
  const bool star = range == "*" || range == "?";
  const auto dash = range.find('-');
  unsigned low = field.low;
  unsigned high = field.high;
  if (!star) {
    low = read_number(range.substr(0, dash), field);
    if (dash != std::string_view::npos)
      high = read_number(range.substr(dash + 1), field);
    else if (!has_step)
      high = low;
  }
  const unsigned step = has_step ? read_number(part.substr(slash + 1), {field.name, 0, 0, {}}) : 1;
  if (low < field.low || high > field.high || low > high || step == 0)
    throw CronError(
        base::format("'{}' is out of the range of a {}, {} to {}", part, field.name, field.low, field.high));
  Bits result{0, star && step == 1};
  for (std::uint64_t value = low; value <= high; value += step) result.bits |= std::uint64_t{1} << value;
  return result;
}

Bits read_field(std::string_view text, const Field& field) {
  Bits result;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const Bits part = read_part(text.substr(at, comma - at), field);
    result.bits |= part.bits;
    result.any = result.any || part.any;
    at = comma + 1;
  }
  return result;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; (at = text.find_first_not_of(" \t", at)) != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

// Format: Go's time.ParseDuration, as far as it gives whole hours, minutes and seconds.
Seconds read_duration(std::string_view text) {
  Seconds total = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    Seconds value = 0;
    const auto [after, error] = std::from_chars(at, end, value);
    const char unit = after == end ? ' ' : *after;
    const Seconds seconds = unit == 'h' ? 3600 : unit == 'm' ? 60 : unit == 's' ? 1 : 0;
    if (error != std::errc() || seconds == 0 || value < 0 || value > day_seconds * 3660)
      throw CronError(base::format("'{}' is no duration; write it as in 1h30m", text));
    total += value * seconds;
    at = after + 1;
  }
  if (total < 1) throw CronError(base::format("'{}' is less than a second", text));
  return total;
}

std::string_view fields_of(std::string_view name) {
  constexpr std::array<std::array<std::string_view, 2>, 7> names{{{"@yearly", "0 0 1 1 *"},
                                                                  {"@annually", "0 0 1 1 *"},
                                                                  {"@monthly", "0 0 1 * *"},
                                                                  {"@weekly", "0 0 * * 0"},
                                                                  {"@daily", "0 0 * * *"},
                                                                  {"@midnight", "0 0 * * *"},
                                                                  {"@hourly", "0 * * * *"}}};
  for (const auto& [known, meaning] : names)
    if (known == name) return meaning;
  throw CronError(base::format("there is no '{}'", name));
}

}  // namespace

Cron Cron::parse(std::string_view text) {
  Cron cron;
  std::vector<std::string_view> words = words_of(text);
  if (words.size() == 2 && words[0] == "@every") {
    cron.every_ = read_duration(words[1]);
    return cron;
  }
  if (words.size() == 1 && words[0].starts_with('@')) words = words_of(fields_of(words[0]));
  if (words.size() != fields().size())
    throw CronError(
        base::format("'{}' has {} fields instead of the five of a cron expression", text, words.size()));
  cron.minutes_ = read_field(words[0], fields()[0]).bits;
  cron.hours_ = read_field(words[1], fields()[1]).bits;
  const Bits days = read_field(words[2], fields()[2]);
  cron.days_ = days.bits;
  cron.any_day_ = days.any;
  cron.months_ = read_field(words[3], fields()[3]).bits;
  const Bits weekdays = read_field(words[4], fields()[4]);
  cron.weekdays_ = weekdays.bits;
  cron.any_weekday_ = weekdays.any;
  return cron;
}

// `day` counts from 1970-01-01.
bool Cron::matches_day(std::int64_t day) const {
  const std::chrono::sys_days date{std::chrono::days(day)};
  const std::chrono::year_month_day civil(date);
  if ((months_ >> static_cast<unsigned>(civil.month()) & 1) == 0) return false;
  const bool by_day = (days_ >> static_cast<unsigned>(civil.day()) & 1) != 0;
  const bool by_weekday = (weekdays_ >> std::chrono::weekday(date).c_encoding() & 1) != 0;
  return any_day_ || any_weekday_ ? by_day && by_weekday : by_day || by_weekday;
}

std::optional<Seconds> Cron::after(Seconds time) const {
  if (every_ > 0) return time + every_;
  const auto first = std::chrono::floor<std::chrono::minutes>(std::chrono::seconds(time)).count() + 1;
  const auto first_day = std::chrono::floor<std::chrono::days>(std::chrono::minutes(first)).count();
  for (std::int64_t day = first_day; day < first_day + most_days_ahead; ++day) {
    if (!matches_day(day)) continue;
    const std::int64_t midnight = day * (day_seconds / 60);
    for (std::int64_t minute = std::max(first, midnight); minute < midnight + day_seconds / 60; ++minute) {
      const auto of_day = minute - midnight;
      if ((hours_ >> (of_day / 60) & 1) != 0 && (minutes_ >> (of_day % 60) & 1) != 0) return minute * 60;
    }
  }
  return std::nullopt;
}

}  // namespace jobs
