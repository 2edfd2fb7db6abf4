// When something is due: cron expressions, as Asynq's scheduler reads them (github.com/robfig/cron/v3,
// standard parser), in UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "jobs/message.hpp"

namespace jobs {

/// A text that is no schedule; the message says what is wrong with it.
class CronError : public base::Error {
 public:
  using Error::Error;
};

class Cron {
 public:
  /// Five fields (minute hour day-of-month month day-of-week; names of months and days, "*", "?", lists,
  /// ranges, steps; where both day fields are restricted either may match), @yearly, @annually, @monthly,
  /// @weekly,
  /// @daily, @midnight, @hourly, or "@every 1h30m" (whole seconds, at least one). Throws CronError.
  static Cron parse(std::string_view text);

  /// The first time after `time` that matches, in Unix seconds. "@every" counts from `time` itself. Nothing
  /// for a date that never comes, as February 30.
  std::optional<Seconds> after(Seconds time) const;

 private:
  bool matches_day(std::int64_t day) const;

  Seconds every_ = 0;  // of "@every"; 0: the fields count
  std::uint64_t minutes_ = 0;
  std::uint64_t hours_ = 0;
  std::uint64_t days_ = 0;
  std::uint64_t months_ = 0;
  std::uint64_t weekdays_ = 0;
  bool any_day_ = false;  // "*": the other day field alone decides
  bool any_weekday_ = false;
};

}  // namespace jobs
