// Connections that several share, on a server that has few of them.
#include "pg/pool.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "support/eventually.hpp"
#include "support/postgres.hpp"

namespace pg {
namespace {

class PoolTest : public testing::Test {
 protected:
  PoolTest() { database_.connect().exec("CREATE ROLE " + role_ + " LOGIN CONNECTION LIMIT 6"); }
  ~PoolTest() override {
    others_.clear();
    // Servers end a moment after their clients.
    support::eventually([this] {
      return database_.connect()
                 .query("SELECT count(*) FROM pg_stat_activity WHERE usename = $1", role_)
                 .value<std::int64_t>() == 0;
    });
    database_.connect().exec("DROP ROLE " + role_);
  }
  Pool pool(std::chrono::milliseconds crowded_for) {
    PoolSettings limits;
    limits.acquire_timeout = std::chrono::milliseconds(10);
    limits.crowded_for = crowded_for;
    return {[this] { return database_.settings(role_); }, limits};
  }
  void others_take(int connections) {
    for (int i = 0; i < connections; ++i) others_.emplace_back(database_.settings(role_));
  }
  static bool can_acquire(Pool& pool) {
    try {
      pool.acquire();
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  support::TestDatabase database_;
  const std::string role_ = database_.name() + "_few";
  std::vector<Connection> others_;
};

TEST_F(PoolTest, LearnsWhatTheServerAllows) {
  Pool few = pool(std::chrono::hours(1));
  { const Pool::Lease one = few.acquire(); }
  EXPECT_EQ(few.use().ceiling, 3);  // of six, half of it for others
}

TEST_F(PoolTest, MakesDoWithWhatIsOpenOnceTheServerHasNoMore) {
  Pool few = pool(std::chrono::hours(1));
  others_take(5);
  const Pool::Lease one = few.acquire();
  EXPECT_FALSE(can_acquire(few));
  EXPECT_EQ(few.use().ceiling, 1);
}

TEST_F(PoolTest, AsksAgainLaterWhetherTheServerHasMore) {
  Pool few = pool(std::chrono::milliseconds(1));
  others_take(5);
  const Pool::Lease one = few.acquire();
  EXPECT_FALSE(can_acquire(few));
  others_.clear();
  EXPECT_TRUE(support::eventually([&few] { return can_acquire(few); }));
  EXPECT_TRUE(support::eventually([&few] { return few.use().ceiling == 3; }));
}

}  // namespace
}  // namespace pg
