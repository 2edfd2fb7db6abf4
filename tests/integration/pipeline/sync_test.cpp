#include "pipeline/sync.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/process_identity.hpp"
#include "pg/migrations.hpp"
#include "store/deferred_indexes.hpp"
#include "store/lease.hpp"
#include "support/files.hpp"
#include "support/sync_scenario.hpp"

namespace pipeline {
namespace {

using advisory::Source;
using support::counts;
using support::cve_record;
using support::osv_record;
using support::SyncScenario;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view some_day = "2024-01-01T00:00:00Z";

// Two records that are one vulnerability, one that stands alone, and a CVE for the first two.
void three_records(SyncScenario& world) {
  world.osv["GHSA-aaaa-bbbb-cccc"] =
      osv_record("GHSA-aaaa-bbbb-cccc", some_day, R"("aliases":["CVE-2024-0001"],"summary":"From GHSA")");
  world.osv["PYSEC-2024-1"] = osv_record("PYSEC-2024-1", some_day, R"("aliases":["CVE-2024-0001"])");
  world.osv["GO-2024-0007"] = osv_record("GO-2024-0007", some_day, R"("summary":"Alone")");
  world.cve["CVE-2024-0001"] = cve_record("CVE-2024-0001", "From the CVE Project.");
}

TEST(Sync, AColdSyncMergesWhatBelongsTogether) {
  SyncScenario world;
  three_records(world);
  const Report report = world.sync();
  EXPECT_EQ(report.state, "succeeded");
  EXPECT_EQ(counts(report, Source::osv), "full 3 3 0 0 0 0 0");
  EXPECT_EQ(counts(report, Source::cve), "full 1 1 0 0 0 0 0");
  EXPECT_EQ(counts(report, Source::gitlab), "absent 0 0 0 0 0 0 0");
  EXPECT_EQ(report.vulnerabilities.created, 2U);
  EXPECT_EQ(report.vulnerabilities.total, 2U);
  EXPECT_THAT(world.column("SELECT id FROM vulnerabilities ORDER BY id COLLATE \"C\""),
              ElementsAre("CVE-2024-0001", "GO-2024-0007"));
  EXPECT_EQ(world.value("SELECT summary FROM vulnerabilities WHERE id = 'CVE-2024-0001'"), "\"From GHSA\"");
  EXPECT_THAT(world.column("SELECT alias || ' ' || kind FROM vulnerability_aliases ORDER BY 1"),
              ElementsAre("\"CVE-2024-0001 id\"", "\"GHSA-aaaa-bbbb-cccc alias\"", "\"GO-2024-0007 id\"",
                          "\"PYSEC-2024-1 alias\""));
  EXPECT_THAT(world.column("SELECT cursor, kind, id FROM changes ORDER BY cursor"), testing::SizeIs(2));
}

TEST(Sync, TheSameAgainWritesNothing) {
  SyncScenario world;
  three_records(world);
  world.sync();
  const std::string digest = world.digest();
  const std::string rows =
      world.value("SELECT string_agg(ctid::text, ' ' ORDER BY uid) FROM vulnerabilities");

  EXPECT_EQ(counts(world.sync_again(), Source::osv), "unchanged 0 0 0 0 0 0 0");
  world.options.full = true;
  const Report report = world.sync_again();
  EXPECT_EQ(counts(report, Source::osv), "full 3 0 0 3 0 0 0");
  EXPECT_EQ(world.digest(), digest);
  EXPECT_EQ(world.value("SELECT string_agg(ctid::text, ' ' ORDER BY uid) FROM vulnerabilities"), rows);
  EXPECT_EQ(world.value("SELECT count(*) FROM changes"), "2");
}

TEST(Sync, AChangeIsFoundMergedAndTold) {
  SyncScenario world;
  three_records(world);
  world.sync();
  world.osv["GO-2024-0007"] = osv_record("GO-2024-0007", "2024-06-01T00:00:00Z", R"("summary":"Not alone")");
  const Report report = world.sync();
  EXPECT_EQ(counts(report, Source::osv), "full 3 0 1 2 0 0 0");
  EXPECT_EQ(report.vulnerabilities.updated, 1U);
  EXPECT_EQ(world.value("SELECT kind, fields FROM changes WHERE cursor = 3"),
            "updated,\"{database_specific,modified,summary}\"");
  EXPECT_EQ(world.digest(), world.digest_of_fresh_sync());
}

TEST(Sync, OtherBytesWithTheSameContentAreUnchanged) {
  SyncScenario world;
  three_records(world);
  world.sync();
  world.osv["GO-2024-0007"] =
      R"({ "summary":"Alone", "modified":"2024-01-01T00:00:00Z", "id":"GO-2024-0007" })";
  EXPECT_EQ(counts(world.sync(), Source::osv), "full 3 0 0 3 0 0 0");
  EXPECT_EQ(world.value("SELECT count(*) FROM changes"), "2");
}

TEST(Sync, ANewAliasMergesAndItsRemovalTakesTheMergeBack) {
  SyncScenario world;
  three_records(world);
  world.sync();
  const std::string before = world.digest();
  const std::string go = world.osv["GO-2024-0007"];
  world.osv["GO-2024-0007"] =
      osv_record("GO-2024-0007", some_day, R"("summary":"Alone","aliases":["CVE-2024-0001"])");
  const Report merged = world.sync();
  EXPECT_EQ(merged.vulnerabilities.merged, 1U);
  EXPECT_EQ(merged.vulnerabilities.total, 1U);
  EXPECT_EQ(world.digest(), world.digest_of_fresh_sync());
  EXPECT_EQ(world.value("SELECT other_ids FROM changes WHERE kind = 'merged'"), "{GO-2024-0007}");

  world.osv["GO-2024-0007"] = go;
  const Report split = world.sync();
  EXPECT_EQ(split.vulnerabilities.split, 1U);
  EXPECT_EQ(world.digest(), before);
  EXPECT_EQ(world.value("SELECT other_ids FROM changes WHERE kind = 'split'"), "{GO-2024-0007}");
}

TEST(Sync, AVanishedRecordContributesNothingButStaysStored) {
  SyncScenario world;
  three_records(world);
  world.sync();
  world.osv.erase("GO-2024-0007");
  const Report report = world.sync();
  EXPECT_EQ(counts(report, Source::osv), "full 2 0 0 2 0 1 0");
  EXPECT_EQ(report.vulnerabilities.removed, 1U);
  EXPECT_EQ(world.value("SELECT uid IS NULL, removed_at IS NOT NULL FROM source_records WHERE record_id ="
                        " 'GO-2024-0007'"),
            "t,t");
  EXPECT_EQ(world.digest(), world.digest_of_fresh_sync());

  three_records(world);
  EXPECT_EQ(counts(world.sync(), Source::osv), "full 3 1 0 2 0 0 0");
  EXPECT_EQ(world.digest(), world.digest_of_fresh_sync());
}

TEST(Sync, AMassDeletionIsRefusedUntilAllowed) {
  SyncScenario world;
  for (int i = 0; i < 120; ++i) {
    const std::string id = "GO-2024-" + std::to_string(1000 + i);
    world.osv[id] = osv_record(id, some_day);
  }
  world.cve["CVE-2024-0001"] = cve_record("CVE-2024-0001", "One.");
  world.sync();
  for (int i = 0; i < 51; ++i) world.osv.erase("GO-2024-" + std::to_string(1000 + i));
  world.cve["CVE-2024-0001"] = cve_record("CVE-2024-0001", "Two.");
  const Report refused = world.sync();
  EXPECT_EQ(refused.state, "partial");
  EXPECT_EQ(refused.sources.at(Source::osv).state, "failed");
  EXPECT_THAT(*refused.sources.at(Source::osv).error, HasSubstr("51 of 120 records are gone"));
  EXPECT_THAT(*refused.sources.at(Source::osv).error, HasSubstr("--allow-mass-delete"));
  EXPECT_EQ(counts(refused, Source::cve), "full 1 0 1 0 0 0 0");
  EXPECT_EQ(world.value("SELECT count(*) FROM vulnerabilities"), "121");

  world.options.allow_mass_delete = true;
  EXPECT_EQ(world.sync().state, "succeeded");
  EXPECT_EQ(world.value("SELECT count(*) FROM vulnerabilities"), "70");
}

TEST(Sync, ABadRecordIsQuarantinedAndTheRestGoesOn) {
  SyncScenario world;
  three_records(world);
  world.osv["GO-2024-0008"] = R"({"id":"GO-2024-0008")";
  const Report report = world.sync();
  EXPECT_EQ(report.state, "succeeded");
  EXPECT_EQ(counts(report, Source::osv), "full 4 3 0 0 1 0 0");
  EXPECT_EQ(world.value("SELECT record_id, reason FROM quarantine"), "GO-2024-0008,invalid-json");

  world.options.full = true;
  EXPECT_EQ(counts(world.sync(), Source::osv), "full 4 0 0 3 1 0 0");
  world.osv["GO-2024-0008"] = osv_record("GO-2024-0008", some_day);
  EXPECT_EQ(counts(world.sync(), Source::osv), "full 4 1 0 3 0 0 0");
  EXPECT_EQ(world.value("SELECT count(*) FROM quarantine"), "0");
}

TEST(Sync, ARecordThatTurnsBadKeepsItsLastGoodVersion) {
  SyncScenario world;
  three_records(world);
  world.sync();
  const std::string before = world.digest();
  const std::string good = world.osv["GO-2024-0007"];
  world.osv["GO-2024-0007"] = "not json at all";
  EXPECT_EQ(counts(world.sync(), Source::osv), "full 3 0 0 2 1 0 0");
  EXPECT_EQ(
      world.value("SELECT summary, document #> '{database_specific,vuln_datasync,sources,0,stale}' AS stale"
                  " FROM vulnerabilities WHERE id = 'GO-2024-0007'"),
      "Alone,true");
  world.osv["GO-2024-0007"] = good;
  EXPECT_EQ(counts(world.sync(), Source::osv), "full 3 0 1 2 0 0 0");
  EXPECT_EQ(world.digest(), before);
}

TEST(Sync, OfTwoCopiesTheLaterWins) {
  SyncScenario world;
  three_records(world);
  world.extra_osv_entries["old/GO-2024-0007.json"] =
      osv_record("GO-2024-0007", "2023-01-01T00:00:00Z", R"("summary":"Old")");
  world.extra_osv_entries["zzz/GO-2024-0007.json"] =
      osv_record("GO-2024-0007", "2024-09-01T00:00:00Z", R"("summary":"New")");
  EXPECT_EQ(counts(world.sync(), Source::osv), "full 3 3 0 0 0 0 2");
  EXPECT_EQ(world.value("SELECT summary FROM vulnerabilities WHERE id = 'GO-2024-0007'"), "New");
  world.options.full = true;
  EXPECT_EQ(counts(world.sync(), Source::osv), "full 3 0 0 3 0 0 2");
}

TEST(Sync, ABrokenArchiveChangesNothing) {
  SyncScenario world;
  three_records(world);
  world.sync();
  const std::string before = world.digest();
  support::write_file(world.mirror() / "osv/all.zip", "PK\x03\x04 and nothing more");
  world.options.sources = {Source::osv};
  const Report report = world.sync_again();
  EXPECT_EQ(report.state, "failed");
  EXPECT_TRUE(report.sources.at(Source::osv).error.has_value());
  EXPECT_EQ(world.digest(), before);
  EXPECT_EQ(world.value("SELECT failures FROM source_state WHERE source = 'osv'"), "1");
}

TEST(Sync, ADryRunCountsAndWritesNothing) {
  SyncScenario world;
  three_records(world);
  world.options.dry_run = true;
  const Report report = world.sync();
  EXPECT_EQ(counts(report, Source::osv), "full 3 3 0 0 0 0 0");
  EXPECT_EQ(report.vulnerabilities.created, 2U);
  EXPECT_FALSE(report.run_id.has_value());
  EXPECT_EQ(world.value("SELECT count(*) FROM source_records"), "0");
  EXPECT_EQ(world.value("SELECT count(*) FROM sync_runs"), "0");

  world.options.database.reset();
  EXPECT_EQ(world.sync_again().vulnerabilities.created, 2U);
}

// What lies in a new archive as it lay in the old one is not unpacked again; damage is found all the same.
TEST(Sync, FindsDamageInARecordThatDidNotChange) {
  SyncScenario world;
  three_records(world);
  world.sync();
  const std::string digest = world.digest();
  world.osv["GO-2024-0008"] = osv_record("GO-2024-0008", some_day);
  world.sync();
  world.osv.erase("GO-2024-0008");
  world.sync();
  EXPECT_EQ(world.digest(), digest);

  const auto archive = world.mirror() / "osv" / "all.zip";
  const std::string whole = base::read_file(archive);
  const std::size_t first_byte = whole.find("GHSA-aaaa-bbbb-cccc.json") + 40;
  for (std::size_t byte = first_byte; byte < first_byte + 50; byte += 7) {
    std::string damaged = whole;
    damaged[byte] = static_cast<char>(damaged[byte] ^ 4);
    support::write_file(archive, damaged);
    const Report report = world.sync_again();
    EXPECT_EQ(report.sources.at(Source::osv).state, "failed") << "byte " << byte;
    EXPECT_EQ(world.digest(), digest);
  }
}

TEST(Sync, TheDigestDependsOnTheDataAlone) {
  SyncScenario world;
  three_records(world);
  world.options.sources = {Source::cve};
  world.sync();
  world.options.sources = {Source::osv};
  world.sync_again();
  const std::string digest = world.digest();
  world.options.sources = {Source::osv, Source::cve};
  world.options.batch_size = 1;
  EXPECT_EQ(world.digest_of_fresh_sync(), digest);
  world.options.batch_size = 1000;
  world.options.writers = 1;
  EXPECT_EQ(world.digest_of_fresh_sync(), digest);
}

TEST(Sync, TheOrderInWhichContestedClaimsArriveLeavesNoTrace) {
  SyncScenario world;
  world.osv["PYSEC-2024-2"] =
      osv_record("PYSEC-2024-2", some_day, R"("aliases":["CVE-2024-0001","X-2024-9"])");
  world.osv["PYSEC-2024-3"] =
      osv_record("PYSEC-2024-3", some_day, R"("aliases":["CVE-2024-0002","X-2024-9"])");
  world.sync();
  world.osv["PYSEC-2024-1"] =
      osv_record("PYSEC-2024-1", some_day, R"("aliases":["CVE-2024-0001","X-2024-9"])");
  world.sync();
  EXPECT_EQ(world.value("SELECT count(*) FROM source_disagreements WHERE id = 'CVE-2024-0001'"), "1");
  EXPECT_EQ(world.digest(), world.digest_of_fresh_sync());
}

TEST(Sync, IndexesPutAsideAreBuiltByTheNextStart) {
  SyncScenario world;
  pg::Connection connection(world.database());
  const char* const definitions =
      "SELECT md5(string_agg(indexdef, ';' ORDER BY indexname)) FROM pg_indexes WHERE schemaname = 'vulndb'";
  const std::string all = world.value(definitions);
  ASSERT_TRUE(store::defer_indexes(connection));
  EXPECT_NE(world.value(definitions), all);
  three_records(world);
  world.sync();
  EXPECT_EQ(world.value(definitions), all);
  EXPECT_EQ(world.value("SELECT count(*) FROM deferred_indexes"), "0");
}

// Lookups read such a list from end to end, each of them: five milliseconds instead of a few microseconds.
TEST(Sync, LooksIdsUpInAnIndexWithoutAListOfPendingEntries) {
  support::SyncScenario world;
  world.osv["GO-2024-0001"] = support::osv_record("GO-2024-0001", "2024-01-01T00:00:00Z");
  ASSERT_EQ(world.sync().state, "succeeded");
  EXPECT_EQ(world.value("SELECT reloptions[1] FROM pg_class WHERE relname = 'source_records_claims'"),
            "fastupdate=off");
}

TEST(Sync, ASecondWriterIsToldWhoHoldsTheLease) {
  SyncScenario world;
  three_records(world);
  pg::Connection connection(world.database());
  connection.exec("UPDATE feed SET holder = 'other:42', heartbeat_at = clock_timestamp()");
  try {
    world.sync();
    FAIL() << "two writers at once";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("other:42"));
  }
  for (const std::string sign : {"-", "+"}) {  // long ago, or before the server's clock was set back
    connection.exec("UPDATE feed SET holder = 'other:42', heartbeat_at = clock_timestamp() " + sign +
                    " interval '1 minute'");
    EXPECT_EQ(world.sync().state, "succeeded");
  }
}

TEST(Sync, AWriterThatWasKilledOnThisMachineIsNotWaitedFor) {
  SyncScenario world;
  three_records(world);
  pg::Connection connection(world.database());
  const auto holds = [&connection](const std::string& process) {
    connection.exec("UPDATE feed SET holder = 'here:42', heartbeat_at = clock_timestamp(), process = '" +
                    process + "'");
  };
  holds(base::process_identity());
  EXPECT_THROW(world.sync(), store::LeaseError);
  holds(base::process_identity() + "1");  // had this process's number before it
  EXPECT_EQ(world.sync().state, "succeeded");
  EXPECT_EQ(world.value("SELECT coalesce(holder, process, 'nobody') FROM feed"), "nobody");
}

}  // namespace
}  // namespace pipeline
