#include "snapshot/retention.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace snapshot {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Versions = std::vector<std::string>;

Versions removed(const Versions& versions, std::string_view rule) {
  return to_remove(versions, parse_retention(rule).value());
}

TEST(RetentionRule, IsReadInAnyOrderOrNotAtAll) {
  const auto rule = parse_retention(" 12 monthly,7 daily , 0 weekly, 2 yearly");
  ASSERT_TRUE(rule);
  EXPECT_EQ(rule->daily, 7U);
  EXPECT_EQ(rule->weekly, 0U);
  EXPECT_EQ(rule->monthly, 12U);
  EXPECT_EQ(rule->yearly, 2U);
  for (const char* const text :
       {"", "7", "daily", "7 daily,", "7 hourly", "-1 daily", "0 daily", "7 daily 4 weekly"})
    EXPECT_FALSE(parse_retention(text)) << text;
}

TEST(Retention, KeepsTheNewestOfEachDay) {
  const Versions versions{"20240101T010000Z", "20240101T020000Z", "20240102T010000Z", "20240105T010000Z",
                          "20240105T235959Z"};
  EXPECT_THAT(removed(versions, "3 daily"), ElementsAre("20240101T010000Z", "20240105T010000Z"));
  EXPECT_THAT(removed(versions, "2 daily"),
              ElementsAre("20240101T010000Z", "20240101T020000Z", "20240105T010000Z"));
}

TEST(Retention, WeeksBeginOnMonday) {
  // A Sunday, the Monday after it, the Sunday after that.
  const Versions versions{"20231231T120000Z", "20240101T120000Z", "20240107T120000Z"};
  EXPECT_THAT(removed(versions, "2 weekly"), ElementsAre("20240101T120000Z"));
}

TEST(Retention, ASnapshotStaysAsLongAsOneRuleWantsIt) {
  const Versions versions{"20221115T000000Z", "20230901T000000Z", "20230930T000000Z", "20231001T000000Z",
                          "20231002T000000Z"};
  EXPECT_THAT(removed(versions, "1 daily, 2 monthly"),
              ElementsAre("20221115T000000Z", "20230901T000000Z", "20231001T000000Z"));
  EXPECT_THAT(removed(versions, "1 daily, 2 yearly"),
              ElementsAre("20230901T000000Z", "20230930T000000Z", "20231001T000000Z"));
  EXPECT_THAT(removed({"20231002T000000Z"}, "1 daily"), IsEmpty());
  EXPECT_THAT(removed({}, "1 daily"), IsEmpty());
}

}  // namespace
}  // namespace snapshot
