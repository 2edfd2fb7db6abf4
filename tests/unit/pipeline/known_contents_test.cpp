#include "pipeline/known_contents.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/files.hpp"

namespace pipeline {
namespace {

ContentMark mark(int packed, int content) {
  return content_mark(base::fast128(std::to_string(packed)), base::fast128(std::to_string(content)));
}

class KnownContentsTest : public testing::Test {
 protected:
  std::filesystem::path file() const { return place_.path() / "osv" / "contents"; }

  void keep(int count) const {
    std::vector<ContentMark> marks;
    for (int i = 0; i < count; ++i) marks.push_back(mark(i, i));
    KnownContents().replace(file(), std::move(marks));
  }

 private:
  base::TemporaryDirectory place_;
};

TEST_F(KnownContentsTest, KnowsNothingWithoutAFile) {
  const KnownContents known = KnownContents::load(file());
  EXPECT_EQ(known.size(), 0U);
  EXPECT_FALSE(known.knows(mark(1, 1)));
}

TEST_F(KnownContentsTest, KnowsWhatWasKeptAndNothingElse) {
  keep(100'000);
  const KnownContents known = KnownContents::load(file());
  EXPECT_EQ(known.size(), 100'000U);
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(known.knows(mark(i, i))) << i;
    ASSERT_FALSE(known.knows(mark(i, i + 1))) << i;
  }
}

TEST_F(KnownContentsTest, TakesTheSameMarkOnce) {
  KnownContents().replace(file(), {mark(2, 2), mark(1, 1), mark(2, 2)});
  EXPECT_EQ(KnownContents::load(file()).size(), 2U);
}

TEST_F(KnownContentsTest, ForgetsWhatIsNotKeptAgain) {
  keep(3);
  KnownContents::load(file()).replace(file(), {mark(1, 1)});
  const KnownContents known = KnownContents::load(file());
  EXPECT_EQ(known.size(), 1U);
  EXPECT_TRUE(known.knows(mark(1, 1)));
}

TEST_F(KnownContentsTest, LeavesTheFileWhereNothingIsNew) {
  keep(3);
  const auto written = std::filesystem::last_write_time(file());
  KnownContents::load(file()).replace(file(), {mark(2, 2), mark(0, 0), mark(1, 1)});
  EXPECT_EQ(std::filesystem::last_write_time(file()), written);
}

TEST_F(KnownContentsTest, BelievesNoDamagedFile) {
  keep(3);
  const std::string whole = base::read_file(file());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    support::write_file(file(), damaged);
    EXPECT_EQ(KnownContents::load(file()).size(), 0U) << "byte " << i;
    support::write_file(file(), whole.substr(0, i));
    EXPECT_EQ(KnownContents::load(file()).size(), 0U) << "cut at " << i;
  }
}

}  // namespace
}  // namespace pipeline
