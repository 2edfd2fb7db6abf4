#include "api/cache.hpp"

#include <gtest/gtest.h>

#include "api/shared_cache.hpp"

namespace api {
namespace {

FoundPtr leads_to(std::int64_t uid, std::size_t bytes = 100) {
  Found found;
  found.hits.push_back({uid, "CVE-2024-1", "id", std::string(bytes, 'x'), "hash"});
  return std::make_shared<const Found>(std::move(found));
}

const store::FeedPosition then{"feed", 10};

// A cache that watches the feed, from `then` on.
struct Watched : Cache {
  explicit Watched(std::size_t bytes, Clock::time_point now = Clock::now()) : Cache(bytes) {
    forget_all(then);
    verified(now);
  }
};

TEST(Cache, GivesWhatItHasOnlyWhileThatIsKnownToBeTrue) {
  Cache cache(1 << 20);
  const auto now = Cache::Clock::now();
  cache.forget_all(then);
  cache.put("a", leads_to(1), then);
  EXPECT_EQ(cache.get("a", now), nullptr) << "nobody has said yet that it is true";
  cache.verified(now);
  EXPECT_NE(cache.get("a", now + std::chrono::milliseconds(800)), nullptr);
  EXPECT_EQ(cache.get("a", now + std::chrono::milliseconds(950)), nullptr);
}

TEST(Cache, ForgetsByVulnerabilityAndByIdentifier) {
  const auto now = Cache::Clock::now();
  Watched cache(1 << 20, now);
  cache.put("a", leads_to(1), then);
  cache.put("b", leads_to(1), then);
  cache.put("c", leads_to(2), then);
  cache.put("d", leads_to(3), then);
  const std::vector<std::int64_t> uids{1};
  const std::vector<std::string> identifiers{"c"};
  cache.forget(uids, identifiers, 12);
  EXPECT_EQ(cache.get("a", now), nullptr);
  EXPECT_EQ(cache.get("b", now), nullptr);
  EXPECT_EQ(cache.get("c", now), nullptr);
  EXPECT_NE(cache.get("d", now), nullptr);
}

TEST(Cache, TakesWhatWasReadUnlessItChangedSince) {
  const auto now = Cache::Clock::now();
  Watched cache(1 << 20, now);
  const std::vector<std::int64_t> uids{1};
  const std::vector<std::string> identifiers{"c"};
  cache.forget(uids, identifiers, 12);
  const auto is_taken = [&](const std::string& identifier, std::int64_t uid,
                            const store::FeedPosition& read) {
    cache.put(identifier, leads_to(uid), read);
    return cache.get(identifier, now) != nullptr;
  };
  EXPECT_FALSE(is_taken("a", 1, {"feed", 11})) << "the vulnerability changed";
  EXPECT_FALSE(is_taken("c", 2, {"feed", 11})) << "the identifier came to lead elsewhere too";
  EXPECT_FALSE(is_taken("b", 2, {"feed", 9})) << "so long ago that nothing is known";
  EXPECT_FALSE(is_taken("b", 2, {"another", 11}));
  EXPECT_TRUE(is_taken("b", 2, {"feed", 10}));
  EXPECT_TRUE(is_taken("a", 1, {"feed", 12}));
  EXPECT_TRUE(is_taken("c", 2, {"feed", 13})) << "read after the last look at the feed";
}

TEST(Cache, TakesAnotherReadersWordOnlyWhileItKnowsThatItIsTrue) {
  const auto now = Cache::Clock::now();
  Watched cache(0, now);
  const std::vector<std::int64_t> uids{1};
  cache.forget(uids, {}, 12);
  EXPECT_TRUE(cache.admit("a", leads_to(1), {"feed", 12}, now));
  EXPECT_FALSE(cache.admit("a", leads_to(1), {"feed", 11}, now));
  EXPECT_TRUE(cache.admit("b", leads_to(2), {"feed", 11}, now));
  EXPECT_FALSE(cache.admit("b", leads_to(2), {"feed", 11}, now + std::chrono::milliseconds(950)));
  EXPECT_EQ(cache.feed_id(now), "feed");
  EXPECT_EQ(cache.feed_id(now + std::chrono::milliseconds(950)), "");
}

TEST(Cache, DoesNotTrustCursorsThatARestoredDatabaseGivesOutAgain) {
  const auto now = Cache::Clock::now();
  Watched cache(1 << 20, now);
  cache.forget({}, {}, 50);
  cache.forget_all({"feed", 20});
  cache.verified(now);
  EXPECT_FALSE(cache.admit("a", leads_to(1), {"feed", 40}, now));
  cache.put("a", leads_to(1), {"feed", 40});
  EXPECT_NE(cache.get("a", now), nullptr) << "this process has read it itself";
  EXPECT_TRUE(cache.admit("b", leads_to(2), {"feed", 50}, now));
  cache.forget_all({"new", 20});
  EXPECT_TRUE(cache.admit("c", leads_to(3), {"new", 20}, now));
}

TEST(Cache, RemembersABoundedNumberOfChanges) {
  const auto now = Cache::Clock::now();
  Watched cache(1 << 20, now);
  std::vector<std::int64_t> uids(150'000);
  for (std::size_t i = 0; i < uids.size(); ++i) uids[i] = static_cast<std::int64_t>(i) + 1000;
  cache.forget(uids, {}, 20);
  EXPECT_TRUE(cache.admit("a", leads_to(1), {"feed", 15}, now));
  for (std::int64_t& uid : uids) uid += 1'000'000;
  cache.forget(uids, {}, 30);
  EXPECT_FALSE(cache.admit("a", leads_to(1), {"feed", 25}, now));
  EXPECT_TRUE(cache.admit("a", leads_to(1), {"feed", 30}, now));
}

TEST(SharedCache, ReadsBackItsOwnAnswersAndNothingElse) {
  Found found;
  found.hits.push_back({7, "CVE-2024-1", "related", std::string(1000, 'x'), std::string(32, '\xff')});
  found.hits.push_back({-8, "CVE-2024-2", "related", "{}", ""});
  const std::string bytes = encode_answer(found, std::int64_t{1} << 40);
  const auto back = decode_answer(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->cursor, std::int64_t{1} << 40);
  ASSERT_EQ(back->found->hits.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(back->found->hits[i].uid, found.hits[i].uid);
    EXPECT_EQ(back->found->hits[i].id, found.hits[i].id);
    EXPECT_EQ(back->found->hits[i].kind, found.hits[i].kind);
    EXPECT_EQ(back->found->hits[i].document, found.hits[i].document);
    EXPECT_EQ(back->found->hits[i].document_hash, found.hits[i].document_hash);
  }
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_answer(std::string_view(bytes).substr(0, size))) << size;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    EXPECT_FALSE(decode_answer(damaged)) << at;
  }
  EXPECT_FALSE(decode_answer(bytes + "x"));
  EXPECT_FALSE(decode_answer("not ours"));
  EXPECT_FALSE(decode_answer(encode_answer(Found{}, 1)));
}

TEST(Cache, KeepsToItsBytesAndDropsWhatWasAskedForLongestAgo) {
  const auto now = Cache::Clock::now();
  Watched cache(20'000, now);
  for (int i = 0; i < 100; ++i) {
    cache.put("id" + std::to_string(i), leads_to(i, 1000), then);
    EXPECT_NE(cache.get("id0", now), nullptr);
  }
  EXPECT_LE(cache.use().bytes, 20'000U);
  EXPECT_EQ(cache.get("id1", now), nullptr);
  EXPECT_NE(cache.get("id99", now), nullptr);
  cache.put("huge", leads_to(7, 10'000), then);
  EXPECT_EQ(cache.get("huge", now), nullptr);
}

}  // namespace
}  // namespace api
