// Errors that a server answers a batch with: those that pass are tried again, of the others one line says
// what is wrong, and what was committed before stays.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/format.hpp"
#include "pipeline/sync.hpp"
#include "support/eventually.hpp"
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

// Stops a batch in mid-transaction, lets its COMMIT take effect and no answer come: it waits for a standby
// that there is not, and its server process is told to end.
class LostAnswer {
 public:
  explicit LostAnswer(SyncScenario& world) : database_(world.database()), control_(world.database()) {
    control_.exec(
        "CREATE FUNCTION public.wait() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;"
        "CREATE TRIGGER wait AFTER INSERT OR UPDATE ON source_records"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.wait();"
        "SELECT pg_advisory_lock(1)");
    control_.exec("ALTER DATABASE " + name() + " SET synchronous_commit = on");
  }
  ~LostAnswer() { answer_again(); }

  // Returns once the batch has committed and lost its connection.
  void happen() {
    EXPECT_TRUE(support::eventually(
        [this] { return count("wait_event_type = 'Lock' AND wait_event = 'advisory'") == 1; }));
    control_.exec("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    control_.exec("SELECT pg_reload_conf()");
    std::jthread probe([this] {
      try {
        pg::Connection(database_).exec("CREATE TABLE public.probe ()");
      } catch (const pg::Error&) {
      }
    });
    EXPECT_TRUE(support::eventually(
        [this] { return count("query LIKE 'CREATE TABLE%' AND wait_event = 'SyncRep'") == 1; }));
    control_.exec("SELECT pg_advisory_unlock(1)");
    EXPECT_TRUE(
        support::eventually([this] { return count("query = 'COMMIT' AND wait_event = 'SyncRep'") == 1; }));
    control_.exec(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        " AND wait_event = 'SyncRep'");
    answer_again();
  }

 private:
  std::string name() { return control_.query("SELECT current_database()::text").value<std::string>(); }
  std::int64_t count(const std::string& condition) {
    return control_
        .query("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND " + condition)
        .value<std::int64_t>();
  }
  void answer_again() {
    control_.exec("ALTER SYSTEM RESET synchronous_standby_names");
    control_.exec("SELECT pg_reload_conf()");
  }

  pg::Settings database_;
  pg::Connection control_;
};

TEST(ServerFaults, ABatchWhoseCommitWasNotAnsweredIsNotDoneTwice) {
  SyncScenario world;
  put_records(world);
  EXPECT_EQ(world.sync().state, "succeeded");
  world.osv.erase("GO-2024-1000");
  world.osv["GO-2024-1001"] = osv_record("GO-2024-1001", "2024-02-01T00:00:00Z");
  world.osv["GO-2024-2000"] = osv_record("GO-2024-2000", "2024-02-01T00:00:00Z");
  world.options.batch_size = 100;
  world.options.writers = 1;
  LostAnswer lost(world);
  Report report;
  {
    std::jthread syncing([&] { report = world.sync(); });
    lost.happen();
  }
  EXPECT_EQ(report.state, "succeeded");
  EXPECT_EQ(counts(report, Source::osv), "full 60 1 1 58 0 1 0");
  EXPECT_EQ(world.value("SELECT records FROM source_state WHERE source = 'osv'"), "60");
  EXPECT_EQ(world.value("SELECT vulnerabilities FROM feed"), "60");
  EXPECT_EQ(world.digest(), world.digest_of_fresh_sync());
}

}  // namespace
}  // namespace pipeline
