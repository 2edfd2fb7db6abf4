// What a cleanup may delete of the change feed.
#include <gtest/gtest.h>

#include "pg/migrations.hpp"
#include "store/generated/jobs.hpp"
#include "support/postgres.hpp"

namespace {

TEST(Cleanup, DeletesOnlyChangesThatASnapshotCoversWhichCanBeLoaded) {
  const support::TestDatabase database;
  pg::Connection connection = database.connect();
  pg::Migrator(connection).up();
  connection.exec(
      "INSERT INTO changes (cursor, uid, id, other_ids, kind, fields, run_id, at) "
      "SELECT n, n, 'GO-' || n, '{}', 'created', '{}', 1, now() - CASE WHEN n = 1 THEN 10 ELSE 200 END * "
      "interval '1 day' FROM generate_series(1, 9) n");
  EXPECT_EQ(store::sql::delete_old_changes(connection, 90, "/"), 0U);
  connection.exec(
      "INSERT INTO exports (version, state, formats, location, manifest, finished_at) "
      "SELECT state || directory, state, '{jsonl}', 'here:' || directory, "
      "jsonb_build_object('changes_cursor', at), now() "
      "FROM (VALUES ('published', '/', 4), ('failed', '/', 6), ('refused', '/', 7), ('removed', '/', 8), "
      "('published', '/elsewhere', 9)) e (state, directory, at)");
  EXPECT_EQ(store::sql::delete_old_changes(connection, 90, "/"), 3U);
  EXPECT_EQ(connection.query("SELECT min(cursor) FROM changes WHERE cursor > 1").value<std::int64_t>(), 5);
}

}  // namespace
