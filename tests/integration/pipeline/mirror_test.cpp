// Mirrors whose files change one by one: the database ends as a fresh one that is given the last state alone.
#include <gtest/gtest.h>

#include "pipeline/sync.hpp"
#include "support/cve_project.hpp"
#include "support/files.hpp"
#include "support/sync_scenario.hpp"
#include "support/zip_builder.hpp"

namespace pipeline {
namespace {

using advisory::Source;
using support::counts;
using support::osv_record;

constexpr const char* january = "2024-01-01T00:00:00Z";
constexpr const char* february = "2024-02-01T00:00:00Z";
constexpr const char* march = "2024-03-01T00:00:00Z";

class MirrorSync : public testing::Test {
 protected:
  void put(const std::string& name, std::string_view bytes) const {
    support::write_file(world_.mirror() / name, bytes);
  }

  // Whatever way was taken, a sync of the same mirror finds it in the database, and a fresh one gets the
  // same.
  void expect_settled(Source source, const std::string& quarantine = "nothing") {
    const std::string digest = world_.digest();
    EXPECT_EQ(world_.digest_of_fresh_sync(), digest);
    world_.sync_again();
    EXPECT_EQ(counts(world_.sync_again(), source), "unchanged 0 0 0 0 0 0 0");
    EXPECT_EQ(world_.digest(), digest);
    EXPECT_EQ(world_.value(quarantined), quarantine);
    world_.options.full = true;
    EXPECT_EQ(world_.sync_again().sources.at(source).updated, 0U);
    world_.options.full = false;
    EXPECT_EQ(world_.digest(), digest);
    EXPECT_EQ(world_.value(quarantined), quarantine);
  }

  static constexpr std::string_view quarantined =
      "SELECT coalesce(string_agg(record_id, ' '), 'nothing') FROM quarantine";
  support::SyncScenario world_;
};

class MirrorOsvSync : public MirrorSync {
 protected:
  MirrorOsvSync() {
    world_.osv["GO-2024-0001"] = osv_record("GO-2024-0001", january, R"("summary":"First")");
    world_.osv["GO-2024-0002"] = osv_record("GO-2024-0002", january, R"("summary":"Second")");
    world_.sync();
  }
  void put_single(const std::string& id, std::string_view bytes) const {
    put("osv/Go/" + id + ".json", bytes);
  }
  void list(const std::map<std::string, std::string>& times) const {
    std::string text;
    for (const auto& [id, time] : times) text += time + ",Go/" + id + "\n";
    put("osv/modified_id.csv", text);
  }
  std::string summary_of(const std::string& id) {
    return world_.value("SELECT summary FROM vulnerabilities WHERE id = '" + id + "'");
  }
  std::string reconcile() {
    world_.options.reconcile_interval = std::chrono::seconds(0);
    std::string result = counts(world_.sync_again(), Source::osv);
    world_.options.reconcile_interval = std::chrono::hours(24);
    return result;
  }
};

TEST_F(MirrorOsvSync, SeesSingleFilesWithoutAList) {
  put_single("GO-2024-0001", osv_record("GO-2024-0001", february, R"("summary":"Newer")"));
  put_single("GO-2024-0003", osv_record("GO-2024-0003", february, R"("summary":"Third")"));
  EXPECT_EQ(counts(world_.sync_again(), Source::osv), "full 3 1 1 1 0 0 0");
  EXPECT_EQ(summary_of("GO-2024-0001"), "Newer");
  EXPECT_EQ(reconcile(), "unchanged 0 0 0 0 0 0 0");
  expect_settled(Source::osv);
}

TEST_F(MirrorOsvSync, ReconcilesWhatAListDoesNotTell) {
  world_.options.allow_mass_delete = true;
  list({{"GO-2024-0001", march}, {"GO-2024-0002", february}, {"GO-2024-0003", february}});
  put_single("GO-2024-0001", osv_record("GO-2024-0001", march, R"("summary":"A mistake")"));
  put_single("GO-2024-0002", osv_record("GO-2024-0002", february, R"("summary":"One")"));
  put_single("GO-2024-0003", osv_record("GO-2024-0003", february));
  EXPECT_EQ(counts(world_.sync_again(), Source::osv), "full 3 1 2 0 0 0 0");
  EXPECT_EQ(counts(world_.sync_again(), Source::osv), "unchanged 0 0 0 0 0 0 0");
  // An earlier time, other bytes of the same time, and a record that is gone.
  list({{"GO-2024-0001", february}, {"GO-2024-0002", february}});
  put_single("GO-2024-0001", osv_record("GO-2024-0001", february, R"("summary":"Right")"));
  put_single("GO-2024-0002", osv_record("GO-2024-0002", february, R"("summary":"Two")"));
  EXPECT_EQ(counts(world_.sync_again(), Source::osv), "unchanged 0 0 0 0 0 0 0");
  EXPECT_EQ(reconcile(), "full 2 0 2 0 0 1 0");
  EXPECT_EQ(summary_of("GO-2024-0001"), "Right");
  EXPECT_EQ(summary_of("GO-2024-0002"), "Two");
  expect_settled(Source::osv);
}

TEST_F(MirrorOsvSync, QuarantinesASingleFileThatIsTheOnlyCopy) {
  put_single("GO-2024-0003", "{broken");
  EXPECT_EQ(counts(world_.sync_again(), Source::osv), "full 3 0 0 2 1 0 0");
  expect_settled(Source::osv, "GO-2024-0003");
  list({{"GO-2024-0001", january}, {"GO-2024-0002", january}, {"GO-2024-0003", january}});
  world_.sync_again();
  expect_settled(Source::osv, "GO-2024-0003");
}

TEST_F(MirrorOsvSync, PrefersTheCopyInTheArchiveThatCanBeRead) {
  const std::string digest = world_.digest();
  const std::string wrong_type = osv_record("GO-2024-0001", march, R"("references":"x")");
  for (const std::string& bad : {std::string("{broken"), wrong_type}) {
    put_single("GO-2024-0001", bad);
    EXPECT_EQ(counts(world_.sync_again(), Source::osv), "full 2 0 0 2 0 0 1") << bad;
    EXPECT_EQ(world_.digest(), digest) << bad;
    expect_settled(Source::osv);
  }
}

TEST_F(MirrorOsvSync, PrefersTheCopyInTheArchiveThatCanBeReadOverTheOneThatTheListNames) {
  const std::string digest = world_.digest();
  list({{"GO-2024-0001", january}, {"GO-2024-0002", january}});
  world_.sync_again();
  world_.sync_again();
  list({{"GO-2024-0001", march}, {"GO-2024-0002", january}});
  put_single("GO-2024-0001", osv_record("GO-2024-0001", march, R"("references":"x")"));
  EXPECT_EQ(counts(world_.sync_again(), Source::osv), "full 2 0 0 2 0 0 1");
  EXPECT_EQ(world_.digest(), digest);
  expect_settled(Source::osv);
}

TEST_F(MirrorOsvSync, DoesNotDependOnTheFolderOfACopy) {
  put("osv/npm/GO-2024-0001.json", osv_record("GO-2024-0001", march, R"("summary":"One")"));
  world_.sync_again();
  put("osv/Go/GO-2024-0001.json", osv_record("GO-2024-0001", march, R"("summary":"Two")"));
  world_.sync_again();
  const std::string summary = summary_of("GO-2024-0001");
  expect_settled(Source::osv);
  std::filesystem::rename(world_.mirror() / "osv/npm", world_.mirror() / "osv/A");
  world_.sync_again();
  EXPECT_EQ(summary_of("GO-2024-0001"), summary);
  expect_settled(Source::osv);
}

class MirrorCveSync : public MirrorSync {
 protected:
  MirrorCveSync() {
    world_.cve["CVE-2024-1000"] = support::cve_record("CVE-2024-1000", "First", january);
    world_.cve["CVE-2024-1001"] = support::cve_record("CVE-2024-1001", "Second", january);
    world_.sync();
  }
  void put_delta(const std::string& name, const std::map<std::string, std::string>& records) const {
    support::ZipBuilder zip;
    for (const auto& [id, bytes] : records) zip.add("deltaCves/" + id + ".json", bytes);
    put("cve/delta/" + name + ".zip", zip.finish());
  }
  std::string details() {
    return world_.value("SELECT details FROM vulnerabilities WHERE id = 'CVE-2024-1000'");
  }
};

TEST_F(MirrorCveSync, QuarantinesARecordOfADeltaThatIsTheOnlyCopy) {
  put_delta("1", {{"CVE-2024-1002", "{broken"}});
  EXPECT_EQ(counts(world_.sync_again(), Source::cve), "delta 1 0 0 0 1 0 0");
  expect_settled(Source::cve, "CVE-2024-1002");
  put_delta("2", {{"CVE-2024-1002", support::cve_record("CVE-2024-1002", "Third", january)}});
  EXPECT_EQ(counts(world_.sync_again(), Source::cve), "delta 1 1 0 0 0 0 1");
  expect_settled(Source::cve);
}

TEST_F(MirrorCveSync, PrefersTheCopyThatCanBeRead) {
  const std::string digest = world_.digest();
  put_delta("1", {{"CVE-2024-1000", "{broken"}});
  EXPECT_EQ(counts(world_.sync_again(), Source::cve), "delta 1 0 0 1 0 0 1");
  EXPECT_EQ(world_.digest(), digest);
  expect_settled(Source::cve);
  put_delta("2", {{"CVE-2024-1000", support::cve_record("CVE-2024-1000", "Newer", march)}});
  EXPECT_EQ(counts(world_.sync_again(), Source::cve), "full 2 0 1 1 0 0 1");
  expect_settled(Source::cve);
}

TEST_F(MirrorCveSync, DoesNotDependOnTheNamesOfDeltas) {
  const std::string one = support::cve_record("CVE-2024-1000", "One", march);
  const std::string two = support::cve_record("CVE-2024-1000", "Two", march);
  put_delta("1", {{"CVE-2024-1000", one}});
  put_delta("2", {{"CVE-2024-1000", two}});
  world_.sync_again();
  const std::string found = details();
  expect_settled(Source::cve);
  std::filesystem::rename(world_.mirror() / "cve/delta/1.zip", world_.mirror() / "cve/delta/3.zip");
  world_.sync_again();
  EXPECT_EQ(details(), found);
  expect_settled(Source::cve);
  // Both in one archive, in either order.
  std::filesystem::remove_all(world_.mirror() / "cve/delta");
  for (const bool swapped : {false, true}) {
    support::ZipBuilder zip;
    zip.add("a/CVE-2024-1000.json", swapped ? two : one);
    zip.add("b/CVE-2024-1000.json", swapped ? one : two);
    put("cve/delta/1.zip", zip.finish());
    world_.sync_again();
    EXPECT_EQ(details(), found);
    expect_settled(Source::cve);
  }
}

}  // namespace
}  // namespace pipeline
