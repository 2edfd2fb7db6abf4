#include "snapshot/retention.hpp"

#include <charconv>
#include <chrono>
#include <functional>

#include "base/ascii.hpp"
#include "base/format.hpp"
#include "snapshot/directory.hpp"

namespace snapshot {

namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

std::string day_of(sys_days day) {
  return std::to_string(day.time_since_epoch().count());
}

// Weeks begin on Monday; 1970-01-01 was a Thursday.
std::string week_of(sys_days day) {
  constexpr int thursday = 3;
  return std::to_string(
      std::chrono::floor<std::chrono::weeks>(day.time_since_epoch() + days(thursday)).count());
}

std::string month_of(sys_days day) {
  const year_month_day date(day);
  return base::format("{}-{}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()));
}

std::string year_of(sys_days day) {
  return std::to_string(static_cast<int>(year_month_day(day).year()));
}

void keep(const std::vector<std::string>& versions, unsigned count, std::string (*period_of)(sys_days),
          std::set<std::string>& kept) {
  std::set<std::string> periods;
  for (auto version = versions.rbegin(); version != versions.rend() && periods.size() < count; ++version)
    if (periods.insert(period_of(std::chrono::floor<days>(*time_of_version(*version)))).second)
      kept.insert(*version);
}

bool read_rule(std::string_view rule, Retention& retention) {
  unsigned count = 0;
  const auto number = std::from_chars(rule.data(), rule.data() + rule.size(), count);
  if (number.ec != std::errc()) return false;
  const std::string_view word =
      base::trimmed(rule.substr(static_cast<std::size_t>(number.ptr - rule.data())), " ");
  unsigned* const target = word == "daily"     ? &retention.daily
                           : word == "weekly"  ? &retention.weekly
                           : word == "monthly" ? &retention.monthly
                           : word == "yearly"  ? &retention.yearly
                                               : nullptr;
  if (target == nullptr) return false;
  *target = count;
  return true;
}

}  // namespace

std::optional<Retention> parse_retention(std::string_view text) {
  Retention retention;
  for (;;) {
    const std::size_t comma = text.find(',');
    if (!read_rule(base::trimmed(text.substr(0, comma), " "), retention)) return std::nullopt;
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  if (retention.daily + retention.weekly + retention.monthly + retention.yearly == 0) return std::nullopt;
  return retention;
}

std::vector<std::string> to_remove(const std::vector<std::string>& versions, const Retention& retention) {
  std::set<std::string> kept;
  keep(versions, retention.daily, day_of, kept);
  keep(versions, retention.weekly, week_of, kept);
  keep(versions, retention.monthly, month_of, kept);
  keep(versions, retention.yearly, year_of, kept);
  if (!versions.empty()) kept.insert(versions.back());
  std::vector<std::string> result;
  for (const std::string& version : versions)
    if (!kept.contains(version)) result.push_back(version);
  return result;
}

}  // namespace snapshot
