#include "base/hash_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/files.hpp"
#include "support/files.hpp"

namespace base {
namespace {

constexpr std::string_view title = "squares 1";

Fast128 hash(int number) {
  return fast128(std::to_string(number));
}

class HashSetTest : public testing::Test {
 protected:
  std::filesystem::path file() const { return place_.path() / "osv" / "contents"; }

  void keep(int count) const {
    std::vector<Fast128> hashes;
    for (int i = 0; i < count; ++i) hashes.push_back(hash(i));
    HashSet(std::move(hashes)).save(file(), title);
  }

 private:
  TemporaryDirectory place_;
};

TEST_F(HashSetTest, KnowsNothingWithoutAFile) {
  const HashSet known = HashSet::load(file(), title);
  EXPECT_EQ(known.size(), 0U);
  EXPECT_FALSE(known.contains(hash(1)));
}

TEST_F(HashSetTest, KnowsWhatWasKeptAndNothingElse) {
  keep(100'000);
  const HashSet known = HashSet::load(file(), title);
  EXPECT_EQ(known.size(), 100'000U);
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(known.contains(hash(i))) << i;
    ASSERT_FALSE(known.contains(hash(-1 - i))) << i;
  }
}

TEST_F(HashSetTest, TakesTheSameHashOnce) {
  HashSet({hash(2), hash(1), hash(2)}).save(file(), title);
  EXPECT_EQ(HashSet::load(file(), title).size(), 2U);
}

TEST_F(HashSetTest, ForgetsWhatIsNotKeptAgain) {
  keep(3);
  HashSet({hash(1)}).save(file(), title);
  const HashSet known = HashSet::load(file(), title);
  EXPECT_EQ(known.size(), 1U);
  EXPECT_TRUE(known.contains(hash(1)));
}

TEST_F(HashSetTest, IsEqualToWhatWasKeptOfIt) {
  keep(3);
  EXPECT_EQ(HashSet::load(file(), title), HashSet({hash(2), hash(0), hash(1)}));
  EXPECT_FALSE(HashSet::load(file(), title) == HashSet({hash(2), hash(0)}));
}

TEST_F(HashSetTest, KnowsNothingUnderAnotherTitle) {
  keep(3);
  EXPECT_EQ(HashSet::load(file(), "squares 2").size(), 0U);
  EXPECT_EQ(HashSet::load(file(), "squares").size(), 0U);
  EXPECT_EQ(HashSet::load(file(), title).size(), 3U);
}

TEST_F(HashSetTest, IsInTheOrderOfBytes) {
  keep(1000);
  const HashSet known = HashSet::load(file(), title);
  EXPECT_TRUE(std::is_sorted(known.hashes().begin(), known.hashes().end()));
}

TEST_F(HashSetTest, BelievesNoDamagedFile) {
  keep(3);
  const std::string whole = read_file(file());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    support::write_file(file(), damaged);
    EXPECT_EQ(HashSet::load(file(), title).size(), 0U) << "byte " << i;
    support::write_file(file(), whole.substr(0, i));
    EXPECT_EQ(HashSet::load(file(), title).size(), 0U) << "cut at " << i;
  }
}

}  // namespace
}  // namespace base
