#include "api/cache.hpp"

#include <gtest/gtest.h>

namespace api {
namespace {

FoundPtr leads_to(std::int64_t uid, std::size_t bytes = 100) {
  Found found;
  found.hits.push_back({uid, "CVE-2024-1", "id", std::string(bytes, 'x'), "hash"});
  return std::make_shared<const Found>(std::move(found));
}

TEST(Cache, GivesWhatItHasOnlyWhileThatIsKnownToBeTrue) {
  Cache cache(1 << 20);
  const auto now = Cache::Clock::now();
  cache.put("a", leads_to(1), cache.generation());
  EXPECT_EQ(cache.get("a", now), nullptr) << "nobody has said yet that it is true";
  cache.verified(now);
  EXPECT_NE(cache.get("a", now + std::chrono::milliseconds(800)), nullptr);
  EXPECT_EQ(cache.get("a", now + std::chrono::milliseconds(950)), nullptr);
}

TEST(Cache, ForgetsByVulnerabilityAndByIdentifier) {
  Cache cache(1 << 20);
  const auto now = Cache::Clock::now();
  cache.verified(now);
  cache.put("a", leads_to(1), cache.generation());
  cache.put("b", leads_to(1), cache.generation());
  cache.put("c", leads_to(2), cache.generation());
  cache.put("d", leads_to(3), cache.generation());
  const std::vector<std::int64_t> uids{1};
  const std::vector<std::string> identifiers{"c"};
  const std::uint64_t before = cache.generation();
  cache.forget(uids, identifiers);
  EXPECT_EQ(cache.get("a", now), nullptr);
  EXPECT_EQ(cache.get("b", now), nullptr);
  EXPECT_EQ(cache.get("c", now), nullptr);
  EXPECT_NE(cache.get("d", now), nullptr);
  cache.put("e", leads_to(5), before);
  EXPECT_EQ(cache.get("e", now), nullptr) << "it was read before the change that was told meanwhile";
}

TEST(Cache, KeepsToItsBytesAndDropsWhatWasAskedForLongestAgo) {
  Cache cache(20'000);
  const auto now = Cache::Clock::now();
  cache.verified(now);
  for (int i = 0; i < 100; ++i) {
    cache.put("id" + std::to_string(i), leads_to(i, 1000), cache.generation());
    EXPECT_NE(cache.get("id0", now), nullptr);
  }
  EXPECT_LE(cache.use().bytes, 20'000U);
  EXPECT_EQ(cache.get("id1", now), nullptr);
  EXPECT_NE(cache.get("id99", now), nullptr);
  cache.put("huge", leads_to(7, 10'000), cache.generation());
  EXPECT_EQ(cache.get("huge", now), nullptr);
}

}  // namespace
}  // namespace api
