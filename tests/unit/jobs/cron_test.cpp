#include "jobs/cron.hpp"

#include <gtest/gtest.h>

#include "base/rfc3339.hpp"

namespace jobs {
namespace {

Seconds at(std::string_view text) {
  return base::parse_rfc3339(text)->seconds;
}

void expect_next(std::string_view spec, std::string_view from, std::string_view next) {
  EXPECT_EQ(Cron::parse(spec).after(at(from)), at(next)) << spec << " after " << from;
}

TEST(Cron, Names) {
  expect_next("@hourly", "2026-03-01T10:59:59Z", "2026-03-01T11:00:00Z");
  expect_next("@hourly", "2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z");
  expect_next("@daily", "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z");
  expect_next("@midnight", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z");
  expect_next("@weekly", "2026-11-26T01:00:00Z", "2026-11-29T00:00:00Z");  // a Sunday
  expect_next("@monthly", "2026-01-31T12:00:00Z", "2026-02-01T00:00:00Z");
  expect_next("@yearly", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
}

TEST(Cron, EveryCountsFromTheTimeGiven) {
  expect_next("@every 90m", "2026-03-01T10:00:07Z", "2026-03-01T11:30:07Z");
  expect_next("@every 1h0m5s", "2026-03-01T10:00:00Z", "2026-03-01T11:00:05Z");
}

TEST(Cron, Fields) {
  expect_next("*/15 * * * *", "2026-03-01T10:14:59Z", "2026-03-01T10:15:00Z");
  expect_next("5/20 * * * *", "2026-03-01T10:45:00Z", "2026-03-01T11:05:00Z");
  expect_next("0 6-8,20 * * *", "2026-03-01T08:00:00Z", "2026-03-01T20:00:00Z");
  expect_next("30 4 * * MON-fri", "2026-11-27T04:30:00Z", "2026-11-30T04:30:00Z");
  expect_next("0 0 29 feb *", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z");
  expect_next("0 0 31 * ?", "2026-04-01T00:00:00Z", "2026-05-31T00:00:00Z");
}

TEST(Cron, EitherDayFieldMatchesWhereBothAreRestricted) {
  expect_next("0 0 13 * 5", "2026-11-01T00:00:00Z", "2026-11-06T00:00:00Z");
  expect_next("0 0 13 * 5", "2026-12-11T00:00:00Z", "2026-12-13T00:00:00Z");
  // A step makes a restriction of a star.
  expect_next("0 0 */31 * 0", "2026-11-02T00:00:00Z", "2026-11-08T00:00:00Z");
}

TEST(Cron, ADateThatNeverComesHasNoNext) {
  EXPECT_EQ(Cron::parse("0 0 30 2 *").after(0), std::nullopt);
}

TEST(Cron, WhatIsNoSchedule) {
  for (const char* text : {"",
                           "hourly",
                           "@fortnightly",
                           "* * * *",
                           "* * * * * *",
                           "60 * * * *",
                           "* 24 * * *",
                           "* * 0 * *",
                           "* * * 13 *",
                           "* * * * 7",
                           "5-1 * * * *",
                           "*/0 * * * *",
                           "a * * * *",
                           "1, * * * *",
                           "@every",
                           "@every x",
                           "@every 0s",
                           "@every -1h",
                           "@every 5",
                           "@every 1h 5m",
                           "-1 * * * *",
                           "TZ=Europe/Berlin 0 0 * * *"})
    EXPECT_THROW(Cron::parse(text), CronError) << text;
}

}  // namespace
}  // namespace jobs
