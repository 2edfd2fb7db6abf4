#include "base/arena.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace base {
namespace {

constexpr std::size_t mib = std::size_t{1024} * 1024;

TEST(Arena, HandsOutBytesThatAreNobodyElses) {
  Arena arena;
  for (int round = 0; round < 3; ++round) {
    std::vector<std::pair<unsigned char*, std::size_t>> held;
    for (std::size_t i = 0; i < 300; ++i) {
      const std::size_t size = (i * 7919) % 30'000 + 1;
      auto* bytes = static_cast<unsigned char*>(arena.allocate(size, 8));
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(bytes) % 8, 0U);
      std::memset(bytes, static_cast<int>(i % 251), size);
      held.emplace_back(bytes, size);
    }
    for (std::size_t i = 0; i < held.size(); ++i)
      for (std::size_t k = 0; k < held[i].second; ++k) ASSERT_EQ(held[i].first[k], i % 251);
    arena.reset();
  }
}

TEST(Arena, UsesItsMemoryAgainAfterAReset) {
  Arena arena;
  const auto fill = [&arena] {
    for (int i = 0; i < 100; ++i) arena.allocate(100'000);
  };
  fill();
  const std::size_t after_first = arena.capacity();
  for (int i = 0; i < 10; ++i) {
    arena.reset();
    fill();
  }
  EXPECT_EQ(arena.capacity(), after_first);
}

TEST(Arena, DoesNotHoldTheMemoryOfOneEnormousUse) {
  Arena arena;
  arena.allocate(1000);
  arena.allocate(100 * mib);
  arena.allocate(8 * mib);
  EXPECT_GT(arena.capacity(), 100 * mib);
  arena.reset();
  EXPECT_LE(arena.capacity(), 32 * mib);
  EXPECT_NE(arena.allocate(1000), nullptr);
}

TEST(Arena, IsEmptyAndUsableAfterItWasMovedFrom) {
  Arena first;
  const std::string_view text = first.copy("kept");
  Arena second = std::move(first);
  EXPECT_EQ(first.capacity(), 0U);  // NOLINT(bugprone-use-after-move): the promise under test
  EXPECT_EQ(first.copy("another"), "another");
  EXPECT_EQ(text, "kept");
  second = std::move(first);
  EXPECT_EQ(second.copy("third"), "third");
}

}  // namespace
}  // namespace base
