#include "advisory/timestamp.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace advisory {
namespace {

std::string canonical(std::string_view text) {
  const auto instant = parse_instant(text);
  return instant ? format_instant(*instant) : "nothing";
}

TEST(Timestamp, ReadsEveryShapeOfTheSources) {
  EXPECT_EQ(canonical("2024-01-02T03:04:05Z"), "2024-01-02T03:04:05Z");
  EXPECT_EQ(canonical("2024-01-02T03:04:05.678Z"), "2024-01-02T03:04:05.678Z");
  EXPECT_EQ(canonical("2024-01-02T03:04:05.123456789Z"), "2024-01-02T03:04:05.123456789Z");
  EXPECT_EQ(canonical("2024-01-02t03:04:05z"), "2024-01-02T03:04:05Z");
  EXPECT_EQ(canonical("2024-01-02 03:04:05Z"), "2024-01-02T03:04:05Z");
  EXPECT_EQ(canonical("2024-01-02T03:04:05"), "2024-01-02T03:04:05Z");
  EXPECT_EQ(canonical("2024-01-02T03:04:05.5"), "2024-01-02T03:04:05.5Z");
  EXPECT_EQ(canonical("2024-01-02"), "2024-01-02T00:00:00Z");
}

TEST(Timestamp, ZonesAreOffsetsFromUtc) {
  EXPECT_EQ(canonical("2024-01-01T00:30:00+02:00"), "2023-12-31T22:30:00Z");
  EXPECT_EQ(canonical("2023-12-31T22:30:00-05:45"), "2024-01-01T04:15:00Z");
  EXPECT_EQ(canonical("2024-01-01T00:00:00+00:00"), "2024-01-01T00:00:00Z");
  EXPECT_EQ(canonical("2024-01-01T00:00:00-00:00"), "2024-01-01T00:00:00Z");
}

TEST(Timestamp, FractionsAreCutAfterNineDigitsAndLoseTrailingZeros) {
  EXPECT_EQ(canonical("2024-01-02T03:04:05.1234567899Z"), "2024-01-02T03:04:05.123456789Z");
  EXPECT_EQ(canonical("2024-01-02T03:04:05.1200Z"), "2024-01-02T03:04:05.12Z");
  EXPECT_EQ(canonical("2024-01-02T03:04:05.000Z"), "2024-01-02T03:04:05Z");
}

TEST(Timestamp, TheFirstAndTheLastYear) {
  EXPECT_EQ(parse_instant("0001-01-01T00:00:00Z"), (Instant{-62135596800, 0}));
  EXPECT_EQ(parse_instant("9999-12-31T23:59:59Z"), (Instant{253402300799, 0}));
  EXPECT_EQ(canonical("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00Z");
  EXPECT_EQ(canonical("9999-12-31T23:59:59.999999999Z"), "9999-12-31T23:59:59.999999999Z");
  EXPECT_EQ(canonical("0001-01-01T00:00:00+00:01"), "nothing");
  EXPECT_EQ(canonical("9999-12-31T23:59:59-00:01"), "nothing");
  EXPECT_EQ(canonical("0000-12-31T00:00:00Z"), "nothing");
}

TEST(Timestamp, LeapYearsAndLeapSeconds) {
  EXPECT_EQ(canonical("2024-02-29"), "2024-02-29T00:00:00Z");
  EXPECT_EQ(canonical("2000-02-29"), "2000-02-29T00:00:00Z");
  EXPECT_EQ(canonical("1900-02-29"), "nothing");
  EXPECT_EQ(canonical("2023-02-29"), "nothing");
  EXPECT_EQ(canonical("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
  EXPECT_EQ(canonical("2016-12-31T15:59:60.5-08:00"), "2017-01-01T00:00:00.5Z");
  EXPECT_EQ(canonical("2016-12-31T23:58:60Z"), "nothing");
}

TEST(Timestamp, EverythingElseIsNothing) {
  for (const char* text : {"",
                           "2024",
                           "2024-01",
                           "2024-1-2",
                           "2024-00-01",
                           "2024-13-01",
                           "2024-01-00",
                           "2024-01-32",
                           "2024-04-31",
                           "2024-01-02T",
                           "2024-01-02T03",
                           "2024-01-02T03:04",
                           "2024-01-02T24:00:00Z",
                           "2024-01-02T03:60:00Z",
                           "2024-01-02T03:04:61Z",
                           "2024-01-02T03:04:05.Z",
                           "2024-01-02T03:04:05,5Z",
                           "2024-01-02T03:04:05+0200",
                           "2024-01-02T03:04:05+24:00",
                           "2024-01-02T03:04:05+02:60",
                           "2024-01-02T03:04:05ZZ",
                           "2024-01-02T03:04:05Z ",
                           " 2024-01-02T03:04:05Z",
                           "2024-01-02X03:04:05Z",
                           "20240102T030405Z",
                           "-024-01-02",
                           "2024-01-02T03:04:05+02",
                           "2024-01-02Z",
                           "n/a"})
    EXPECT_EQ(canonical(text), "nothing") << text;
}

TEST(Timestamp, PlausibleIsFrom1990To2100) {
  EXPECT_FALSE(is_plausible(*parse_instant("1989-12-31T23:59:59.999999999Z")));
  EXPECT_TRUE(is_plausible(*parse_instant("1990-01-01")));
  EXPECT_TRUE(is_plausible(*parse_instant("2099-12-31T23:59:59Z")));
  EXPECT_FALSE(is_plausible(*parse_instant("2100-01-01")));
}

TEST(Timestamp, MicrosecondsAreRoundedDown) {
  EXPECT_EQ(to_microseconds({1, 999'999'999}), 1'999'999);
  EXPECT_EQ(to_microseconds({-1, 500}), -1'000'000);
  EXPECT_EQ(to_microseconds(*parse_instant("9999-12-31T23:59:59.9Z")), 253402300799900000);
}

TEST(Timestamp, WritingAndReadingGiveTheSameInstant) {
  EXPECT_TRUE(rc::check([] {
    const Instant instant{*rc::gen::inRange<std::int64_t>(-62135596800, 253402300800),
                          *rc::gen::inRange<std::uint32_t>(0, 1'000'000'000)};
    RC_ASSERT(parse_instant(format_instant(instant)) == instant);
  }));
}

TEST(Timestamp, LaterInstantsCompareGreaterWhateverTheirText) {
  // As strings these stand the other way round, because '.' sorts before 'Z'.
  EXPECT_LT(*parse_instant("2024-01-01T00:00:00Z"), *parse_instant("2024-01-01T00:00:00.5Z"));
}

}  // namespace
}  // namespace advisory
