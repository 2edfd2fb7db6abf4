#include "fetch/cve_record.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/arena.hpp"
#include "base/ascii.hpp"
#include "base/format.hpp"
#include "base/json.hpp"

namespace fetch {
namespace {

constexpr std::string_view prefix = "CVE-";
constexpr std::string_view ending = ".json";

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), base::is_digit);
}

/// The number in text[at, at + length), or nothing.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t length) {
  if (text.size() < at + length || !all_digits(text.substr(at, length))) return std::nullopt;
  int value = 0;
  std::from_chars(text.data() + at, text.data() + at + length, value);
  return value;
}

/// Seconds that a zone ("", "Z", "+02:00", "-0530") is ahead of UTC.
std::optional<Seconds> zone_offset(std::string_view zone) {
  if (zone.empty() || zone == "Z" || zone == "z") return 0;
  if (zone.size() < 5 || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
  const bool colon = zone[3] == ':';
  const auto hours = digits(zone, 1, 2);
  const auto minutes = digits(zone, colon ? 4 : 3, 2);
  if (!hours || !minutes || zone.size() != (colon ? 6U : 5U)) return std::nullopt;
  const Seconds offset = *hours * 3600 + *minutes * 60;
  return zone[0] == '-' ? -offset : offset;
}

}  // namespace

std::optional<Seconds> read_time(std::string_view text) {
  namespace chrono = std::chrono;
  constexpr std::size_t whole = std::string_view("2024-02-03T04:05:06").size();
  if (text.size() < whole || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') ||
      text[13] != ':' || text[16] != ':')
    return std::nullopt;
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  const chrono::year_month_day date{chrono::year(*year), chrono::month(static_cast<unsigned>(*month)),
                                    chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  std::string_view rest = text.substr(whole);
  if (rest.starts_with('.'))
    rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
  const auto offset = zone_offset(rest);
  if (!offset) return std::nullopt;
  const Seconds days = chrono::sys_days(date).time_since_epoch().count();
  return days * 86400 + Seconds{*hour} * 3600 + Seconds{*minute} * 60 + *second - *offset;
}

std::string time_text(Seconds time) {
  namespace chrono = std::chrono;
  const chrono::sys_seconds instant{chrono::seconds(time)};
  const auto day = chrono::floor<chrono::days>(instant);
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss clock(instant - day);
  return base::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

bool is_cve_id(std::string_view id) {
  constexpr std::size_t number_at = std::string_view("CVE-2024-").size();
  if (!id.starts_with(prefix) || id.size() < number_at + 4 || id.size() > number_at + 19) return false;
  return all_digits(id.substr(prefix.size(), 4)) && id[number_at - 1] == '-' &&
         all_digits(id.substr(number_at));
}

// https://github.com/CVEProject/cvelistV5: a directory per year, below it one per thousand numbers.
std::string cve_location(std::string_view id) {
  const std::string_view year = id.substr(prefix.size(), 4);
  const std::string_view number = id.substr(prefix.size() + 5);
  return base::format("cves/{}/{}xxx/{}{}", year, number.substr(0, number.size() - 3), id, ending);
}

std::string_view cve_id_of(std::string_view path) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  if (!name.ends_with(ending)) return {};
  name.remove_suffix(ending.size());
  return is_cve_id(name) ? name : std::string_view();
}

std::optional<Seconds> cve_updated(std::string_view record) {
  base::Arena arena;
  const base::json::Parsed parsed = base::json::parse(record, arena);
  const base::json::Value* const metadata = parsed.error ? nullptr : parsed.value.find("cveMetadata");
  if (metadata == nullptr) return std::nullopt;
  for (const char* name : {"dateUpdated", "dateRejected", "datePublished"}) {
    const base::json::Value* const value = metadata->find(name);
    if (const auto time = value == nullptr ? std::nullopt : read_time(value->text())) return time;
  }
  return std::nullopt;
}

}  // namespace fetch
