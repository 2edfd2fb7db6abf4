#include "pg/connection.hpp"

#include <gtest/gtest.h>

#include "support/postgres.hpp"

namespace pg {
namespace {

TEST(Connection, AnswersAQuery) {
  const support::TestDatabase database;
  Connection connection = database.connect();
  EXPECT_EQ(connection.query("SELECT $1 + 1", 41).one().get<std::int32_t>(0), 42);
}

}  // namespace
}  // namespace pg
