// Errors that a server answers a batch with: those that pass are tried again, of the others one line says
// what is wrong, and what was committed before stays.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/format.hpp"
#include "pipeline/sync.hpp"
#include "support/sync_scenario.hpp"

namespace pipeline {
namespace {

using advisory::Source;
using support::counts;
using support::osv_record;
using support::SyncScenario;
using testing::HasSubstr;

constexpr int records = 60;

void put_records(SyncScenario& world) {
  for (int i = 0; i < records; ++i) {
    const std::string id = base::format("GO-2024-{}", 1000 + i);
    world.osv[id] = osv_record(id, "2024-01-01T00:00:00Z");
  }
  world.options.batch_size = 5;
}

// From now on the server fails the `first`th batch to the `last`th with these errors, in turn. A sequence
// counts them, because no rollback takes it back.
void let_batches_fail(SyncScenario& world, int first, int last, const std::string& states) {
  pg::Connection(world.database())
      .exec(base::format("CREATE SEQUENCE public.batches;"
                         "CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS $$"
                         " DECLARE n bigint := nextval('public.batches'); states text[] := '{{{}}}';"
                         " BEGIN"
                         "  IF n BETWEEN {} AND {} THEN"
                         "   RAISE EXCEPTION 'made up' USING ERRCODE = states[1 + n % cardinality(states)];"
                         "  END IF;"
                         "  RETURN NULL;"
                         " END $$;"
                         "CREATE TRIGGER fail AFTER INSERT ON vulnerabilities"
                         " FOR EACH STATEMENT EXECUTE FUNCTION public.fail()",
                         states, first, last));
}

TEST(ServerFaults, DeadlocksAndSerializationFailuresAreTriedAgain) {
  SyncScenario world;
  put_records(world);
  let_batches_fail(world, 2, 5, "40P01,40001");
  const Report report = world.sync();
  EXPECT_EQ(report.state, "succeeded");
  EXPECT_EQ(counts(report, Source::osv), "full 60 60 0 0 0 0 0");
  EXPECT_EQ(world.value("SELECT last_value FROM public.batches"), "16");  // 12 batches, 4 of them again
  EXPECT_EQ(world.value("SELECT max(cursor) FROM changes"), "60");
  EXPECT_EQ(world.digest(), world.digest_of_fresh_sync());
}

TEST(ServerFaults, AFullDiskIsSaidAndTheNextSyncGoesOnFromThere) {
  SyncScenario world;
  put_records(world);
  world.options.writers = 1;  // or a batch at work may be given up as well
  let_batches_fail(world, 7, 1000, "53100");
  const Report full = world.sync();
  EXPECT_EQ(full.state, "failed");
  EXPECT_THAT(*full.sources.at(Source::osv).error, HasSubstr("made up"));
  EXPECT_EQ(world.value("SELECT count(*) FROM vulnerabilities"), "30");
  EXPECT_EQ(world.value("SELECT count(*) FROM source_state WHERE fingerprint IS NOT NULL"), "0");

  pg::Connection(world.database()).exec("DROP TRIGGER fail ON vulnerabilities");
  const Report report = world.sync_again();
  EXPECT_EQ(report.state, "succeeded");
  EXPECT_EQ(counts(report, Source::osv), "full 60 30 0 30 0 0 0");
  EXPECT_EQ(world.digest(), world.digest_of_fresh_sync());
}

}  // namespace
}  // namespace pipeline
