#include "jobs/queue_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jobs {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

TEST(QueueOrder, FirstPlacesFollowTheWeights) {
  QueueOrder order({{"critical", 6}, {"default", 3}, {"low", 1}}, false, 1);
  std::map<std::string, int> first;
  for (int i = 0; i < 10000; ++i) {
    const auto names = order.next();
    EXPECT_THAT(names, UnorderedElementsAre("critical", "default", "low"));
    ++first[names.front()];
  }
  EXPECT_NEAR(first["critical"], 6000, 200);
  EXPECT_NEAR(first["default"], 3000, 200);
  EXPECT_NEAR(first["low"], 1000, 200);
}

TEST(QueueOrder, StrictIsByWeight) {
  QueueOrder order({{"a", 1}, {"b", 3}, {"c", 2}}, true);
  EXPECT_THAT(order.next(), ElementsAre("b", "c", "a"));
  EXPECT_THAT(order.next(), ElementsAre("b", "c", "a"));
}

}  // namespace
}  // namespace jobs
