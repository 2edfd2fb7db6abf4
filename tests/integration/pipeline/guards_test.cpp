// What a run refuses, whom it gives way to, and what a list of changes cannot tell.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pg/migrations.hpp"
#include "pipeline/sync.hpp"
#include "store/lease.hpp"
#include "support/files.hpp"
#include "support/git_builder.hpp"
#include "support/sync_scenario.hpp"
#include "support/zip_builder.hpp"

namespace pipeline {
namespace {

using advisory::Source;
using support::counts;
using support::cve_record;
using support::osv_record;
using support::SyncScenario;
using testing::HasSubstr;

constexpr std::string_view some_day = "2024-01-01T00:00:00Z";

std::string go_id(int number) {
  return "GO-2024-" + std::to_string(1000 + number);
}

// So many OSV records, and one of CVE beside them.
void many_records(SyncScenario& world, int count) {
  for (int i = 0; i < count; ++i) world.osv[go_id(i)] = osv_record(go_id(i), some_day);
  world.cve["CVE-2024-0001"] = cve_record("CVE-2024-0001", "One.");
}

TEST(Guards, AMassQuarantineIsRefusedUntilAllowedAndTheOtherSourceIsCommitted) {
  SyncScenario world;
  many_records(world, 120);
  world.sync();
  const std::string before = world.digest();
  for (int i = 0; i < 51; ++i) world.osv[go_id(i)] = "not json";
  world.cve["CVE-2024-0001"] = cve_record("CVE-2024-0001", "Two.");
  const Report refused = world.sync();
  EXPECT_EQ(refused.state, "partial");
  EXPECT_THAT(*refused.sources.at(Source::osv).error, HasSubstr("51 of 120 records cannot be read"));
  EXPECT_THAT(*refused.sources.at(Source::osv).error, HasSubstr("--allow-mass-delete"));
  EXPECT_EQ(counts(refused, Source::cve), "full 1 0 1 0 0 0 0");
  EXPECT_EQ(world.value("SELECT count(*) FROM quarantine"), "0");
  EXPECT_NE(world.digest(), before) << "the CVE record's change is in";

  world.options.allow_mass_delete = true;
  const Report allowed = world.sync();
  EXPECT_EQ(allowed.state, "succeeded");
  EXPECT_EQ(counts(allowed, Source::osv), "full 120 0 0 69 51 0 0");
  EXPECT_EQ(world.value("SELECT count(*) FROM source_records WHERE stale"), "51");
}

TEST(Guards, AMassWithdrawalIsRefusedUntilAllowed) {
  SyncScenario world;
  many_records(world, 120);
  world.sync();
  for (int i = 0; i < 51; ++i)
    world.osv[go_id(i)] = osv_record(go_id(i), some_day, R"("withdrawn":"2024-02-01T00:00:00Z")");
  const Report refused = world.sync();
  EXPECT_THAT(*refused.sources.at(Source::osv).error, HasSubstr("51 of 120 records would be withdrawn"));
  EXPECT_EQ(world.value("SELECT count(*) FROM vulnerabilities WHERE withdrawn IS NOT NULL"), "0");
  world.options.allow_mass_delete = true;
  EXPECT_EQ(world.sync().vulnerabilities.withdrawn, 51U);
}

TEST(Guards, FiftyRecordsAreNoMass) {
  SyncScenario world;
  many_records(world, 120);
  world.sync();
  for (int i = 0; i < 50; ++i) world.osv.erase(go_id(i));
  EXPECT_EQ(world.sync().state, "succeeded");
}

TEST(Guards, AnArchiveWithoutARecordIsAFailureEvenWhereLittleIsStored) {
  SyncScenario world;
  many_records(world, 3);
  world.sync();
  const std::string before = world.digest();
  support::write_file(world.mirror() / "osv/all.zip", support::ZipBuilder().finish());
  world.options.sources = {Source::osv};
  world.options.allow_mass_delete = true;
  const Report report = world.sync_again();
  EXPECT_EQ(report.state, "failed");
  EXPECT_THAT(*report.sources.at(Source::osv).error, HasSubstr("holds no osv record"));
  EXPECT_EQ(world.digest(), before);
}

TEST(Fence, AWriterThatLostItsLeaseWritesNothing) {
  SyncScenario world;
  pg::Connection connection(world.database());
  connection.exec("UPDATE feed SET epoch = 7, holder = 'other:42', heartbeat_at = clock_timestamp()");
  const auto write = [](pg::Connection& fenced) {
    fenced.exec("UPDATE source_state SET fingerprint = 'late' WHERE source = 'osv'");
  };
  EXPECT_THROW(store::write_fenced(connection, 6, write), store::LeaseError);
  EXPECT_EQ(world.value("SELECT count(*) FROM source_state WHERE fingerprint = 'late'"), "0");
  store::write_fenced(connection, 7, write);
  EXPECT_EQ(world.value("SELECT count(*) FROM source_state WHERE fingerprint = 'late'"), "1");
}

// Takes the lease away while a sync is at work, as another host would.
class Usurper : public Progress {
 public:
  explicit Usurper(pg::Settings database) : database_(std::move(database)) {}
  void begin(std::string_view stage, std::string_view, std::uint64_t) override {
    if (stage == "store")
      pg::Connection(database_).exec("UPDATE feed SET epoch = epoch + 1, holder = 'other:42'");
  }
  void advance(std::uint64_t) override {}
  void note(std::string_view) override {}

 private:
  pg::Settings database_;
};

TEST(Fence, ASyncWhoseLeaseIsTakenOverFailsAndLeavesTheNextOneEverythingToDo) {
  SyncScenario world;
  many_records(world, 20);
  Usurper usurper(world.database());
  Progress* const silent = world.options.progress;
  world.options.progress = &usurper;
  const Report late = world.sync();
  EXPECT_EQ(late.state, "failed");
  EXPECT_THAT(*late.sources.at(Source::osv).error, HasSubstr("another writer took over"));
  EXPECT_EQ(world.value("SELECT count(*) FROM source_records"), "0");
  EXPECT_EQ(world.value("SELECT count(*) FROM source_state WHERE failures > 0 OR fingerprint <> ''"), "0");
  EXPECT_EQ(world.value("SELECT holder FROM feed"), "other:42") << "it is not given back by who lost it";

  pg::Connection(world.database()).exec("UPDATE feed SET heartbeat_at = clock_timestamp() - interval '1 h'");
  world.options.progress = silent;
  EXPECT_EQ(counts(world.sync(), Source::osv), "full 20 20 0 0 0 0 0");
  EXPECT_EQ(world.digest(), world.digest_of_fresh_sync());
}

// Ends every session of the database but those of the lease, once, when batches begin.
class Terminator : public Progress {
 public:
  Terminator(pg::Settings database, std::string at) : database_(std::move(database)), at_(std::move(at)) {}
  void begin(std::string_view stage, std::string_view, std::uint64_t) override {
    if (stage != at_ || done_) return;
    done_ = true;
    pg::Connection(database_).query(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()");
  }
  void advance(std::uint64_t) override {}
  void note(std::string_view) override {}
  bool done() const { return done_; }

 private:
  pg::Settings database_;
  std::string at_;
  bool done_ = false;
};

TEST(Faults, ATerminatedConnectionIsOpenedAgainInEveryStage) {
  for (const char* stage : {"fetch", "parse", "store", "index"}) {
    SyncScenario world;
    many_records(world, 20);
    Terminator terminator(world.database(), stage);
    world.options.progress = &terminator;
    const Report report = world.sync();
    EXPECT_TRUE(terminator.done());
    EXPECT_EQ(report.state, "succeeded") << stage;
    EXPECT_EQ(counts(report, Source::osv), "full 20 20 0 0 0 0 0") << stage;
    EXPECT_EQ(world.digest(), world.digest_of_fresh_sync()) << stage;
  }
}

std::string gitlab_file(std::string_view uuid, std::string_view identifier, std::string_view title) {
  return "---\nidentifier: \"" + std::string(identifier) + "\"\nidentifiers:\n- \"" +
         std::string(identifier) + "\"\npackage_slug: \"pypi/one\"\ntitle: \"" + std::string(title) +
         "\"\ndescription: \"Text.\"\ndate: \"2024-01-02\"\npubdate: \"2024-01-01\"\naffected_range: \"<2\"\n"
         "fixed_versions:\n- \"2\"\nurls: []\nuuid: \"" +
         std::string(uuid) + "\"\n";
}

constexpr std::string_view uuid_a = "11111111-1111-4111-8111-111111111111";
constexpr std::string_view uuid_b = "22222222-2222-4222-8222-222222222222";

// After a commit that Git tells as changes, the database is what a full load of it gives.
class GitlabChanges : public testing::Test {
 protected:
  GitlabChanges() : repository_(world_.mirror() / "gitlab") {
    world_.options.sources = {Source::gitlab};
    repository_.put("pypi/one/CVE-2024-0001.yml", gitlab_file(uuid_a, "CVE-2024-0001", "A"));
    repository_.commit();
    world_.sync_again();
  }
  void commit_and_compare(std::string_view mode) {
    repository_.commit();
    const Report report = world_.sync_again();
    EXPECT_EQ(report.state, "succeeded");
    EXPECT_EQ(report.sources.at(Source::gitlab).mode, mode);
    EXPECT_EQ(world_.digest(), world_.digest_of_fresh_sync());
  }

  SyncScenario world_;
  support::GitBuilder repository_;
};

TEST_F(GitlabChanges, AFileThatHoldsAnotherRecordNowHasLostTheFirst) {
  repository_.put("pypi/one/CVE-2024-0001.yml", gitlab_file(uuid_b, "CVE-2024-0001", "B"));
  commit_and_compare("delta");
  EXPECT_EQ(world_.value("SELECT record_id FROM source_records WHERE removed_at IS NULL"), uuid_b);
}

TEST_F(GitlabChanges, TwoFilesThatExchangeTheirRecordsLoseNone) {
  repository_.put("pypi/one/CVE-2024-0002.yml", gitlab_file(uuid_b, "CVE-2024-0002", "B"));
  commit_and_compare("delta");
  repository_.put("pypi/one/CVE-2024-0001.yml", gitlab_file(uuid_b, "CVE-2024-0002", "B"));
  repository_.put("pypi/one/CVE-2024-0002.yml", gitlab_file(uuid_a, "CVE-2024-0001", "A"));
  commit_and_compare("delta");
  EXPECT_EQ(world_.value("SELECT count(*) FROM source_records WHERE removed_at IS NULL"), "2");
}

TEST_F(GitlabChanges, OfTwoFilesOfOneRecordTheRightOneStaysWhicheverGoes) {
  repository_.put("pypi/one/GHSA-2.yml", gitlab_file(uuid_a, "CVE-2024-0001", "A longer copy"));
  commit_and_compare("full");
  EXPECT_EQ(world_.value("SELECT summary FROM vulnerabilities"), "\"A longer copy\"");
  repository_.remove("pypi/one/GHSA-2.yml");
  commit_and_compare("full");
  EXPECT_EQ(world_.value("SELECT summary FROM vulnerabilities"), "A");
  repository_.put("pypi/one/CVE-2024-0001.yml", gitlab_file(uuid_a, "CVE-2024-0001", "Edited"));
  commit_and_compare("delta");
}

TEST_F(GitlabChanges, ARecordThatComesBackUnderAnotherPathIsTheRemovedOne) {
  repository_.put("pypi/one/CVE-2024-0002.yml", gitlab_file(uuid_b, "CVE-2024-0002", "B"));
  commit_and_compare("delta");
  repository_.remove("pypi/one/CVE-2024-0002.yml");
  commit_and_compare("delta");
  EXPECT_EQ(world_.value("SELECT record_id FROM source_records WHERE removed_at IS NOT NULL"), uuid_b);
  repository_.put("pypi/two/CVE-2024-0002.yml", gitlab_file(uuid_b, "CVE-2024-0002", "B"));
  commit_and_compare("delta");
  EXPECT_EQ(world_.value("SELECT location FROM source_records WHERE record_id = '" + std::string(uuid_b) +
                         "' AND removed_at IS NULL"),
            "pypi/two/CVE-2024-0002.yml");
  EXPECT_EQ(world_.value("SELECT count(*) FROM source_records"), "2");
}

TEST_F(GitlabChanges, ARecordThatCouldNotBeReadLeavesQuarantineWhenItCan) {
  repository_.put("pypi/one/CVE-2024-0003.yml", "not: an advisory\n");
  commit_and_compare("delta");
  EXPECT_EQ(world_.value("SELECT count(*) FROM quarantine"), "1");
  repository_.put("pypi/one/CVE-2024-0003.yml", gitlab_file(uuid_b, "CVE-2024-0003", "B"));
  commit_and_compare("delta");
  EXPECT_EQ(world_.value("SELECT count(*) FROM quarantine"), "0");
}

}  // namespace
}  // namespace pipeline
