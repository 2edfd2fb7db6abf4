// A sync by the true program from the outside: cold, again, changed, deleted, quarantined, bad archive, bad
// words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/files.hpp"
#include "support/program.hpp"
#include "support/sync_scenario.hpp"
#include "support/zip_builder.hpp"

namespace {

using support::osv_record;
using support::Program;
using testing::HasSubstr;

constexpr const char* some_day = "2024-01-01T00:00:00Z";

class SyncCommand : public testing::Test {
 protected:
  void mirror_holds(const std::vector<std::pair<std::string, std::string>>& entries) {
    support::write_file(mirror_.path() / "osv/all.zip", support::zip_of(entries));
  }
  base::RunResult sync(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"sync", "--quiet",  "--source",
                                          "osv",  "--mirror", mirror_.path().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return program_.run(arguments);
  }

  Program program_;
  base::TemporaryDirectory mirror_;
};

TEST_F(SyncCommand, ColdAgainChangedDeletedAndQuarantined) {
  mirror_holds({{"GO-2024-1.json", osv_record("GO-2024-1", some_day, R"("summary":"One")")},
                {"GO-2024-2.json", osv_record("GO-2024-2", some_day)},
                {"GO-2024-3.json", "{"}});
  EXPECT_THAT(sync().output,
              HasSubstr("osv     full: 3 seen, 2 inserted, 0 updated, 0 unchanged, 1 quarantined"));
  EXPECT_THAT(sync().output, HasSubstr("osv     unchanged\n"));
  const std::string digest = program_.run({"digest"}).output;
  EXPECT_EQ(digest.size(), 65U);

  mirror_holds(
      {{"GO-2024-1.json", osv_record("GO-2024-1", "2024-02-01T00:00:00Z", R"("summary":"Changed")")}});
  EXPECT_THAT(
      sync().output,
      HasSubstr("osv     full: 1 seen, 0 inserted, 1 updated, 0 unchanged, 0 quarantined, 1 deleted"));
  EXPECT_NE(program_.run({"digest"}).output, digest);
  EXPECT_THAT(program_.run({"show", "GO-2024-1"}).output, HasSubstr("GO-2024-1  Changed\n"));
  EXPECT_EQ(program_.run({"show", "GO-2024-1", "--raw"}).output,
            osv_record("GO-2024-1", "2024-02-01T00:00:00Z", R"("summary":"Changed")"));
  const base::RunResult gone = program_.run({"show", "GO-2024-2"});
  EXPECT_EQ(gone.status.code, 1);
  EXPECT_THAT(gone.error, HasSubstr("GO-2024-2"));
}

TEST_F(SyncCommand, ABrokenArchiveIsOneClearLineAndChangesNothing) {
  mirror_holds({{"GO-2024-1.json", osv_record("GO-2024-1", some_day)}});
  ASSERT_EQ(sync().status.code, 0);
  const std::string digest = program_.run({"digest"}).output;
  support::write_file(mirror_.path() / "osv/all.zip", "<html>Not found</html>");
  EXPECT_EQ(sync().status.code, 1);
  EXPECT_EQ(program_.run({"digest"}).output, digest);
  EXPECT_EQ(program_.run({"status", "--check"}).status.code, 1);
}

TEST_F(SyncCommand, ADryRunMakesNoDatabase) {
  mirror_holds({{"GO-2024-1.json", osv_record("GO-2024-1", some_day)}});
  EXPECT_THAT(sync({"--dry-run"}).output, HasSubstr("1 seen, 1 inserted"));
  EXPECT_FALSE(std::filesystem::exists(program_.data_dir() / "postgres"));
}

TEST_F(SyncCommand, WrongWordsAreWrongUsage) {
  EXPECT_EQ(program_.run({"sync", "--source", "nvd"}).status.code, 2);
  EXPECT_EQ(program_.run({"sync", "--no-such-option"}).status.code, 2);
  EXPECT_EQ(program_.run({"links", "deny", "CVE-2024-1000", "GO-2024-1"}).status.code, 2);
}

TEST_F(SyncCommand, StatusTellsOfTheLastSync) {
  mirror_holds({{"GO-2024-1.json", osv_record("GO-2024-1", some_day)}});
  ASSERT_EQ(sync().status.code, 0);
  EXPECT_THAT(program_.run({"status"}).output, HasSubstr("\nlast sync: 1 succeeded at 20"));
  EXPECT_THAT(program_.run({"status", "--json"}).output, HasSubstr(R"("last_sync":{"finished_at":"20)"));
}

TEST_F(SyncCommand, ADecisionSaysWhereItHasNoEffect) {
  mirror_holds(
      {{"GHSA-aaaa-bbbb-cccc.json", osv_record("GHSA-aaaa-bbbb-cccc", some_day)},
       {"GO-2024-1.json", osv_record("GO-2024-1", some_day, R"("aliases":["GHSA-aaaa-bbbb-cccc"])")},
       {"PYSEC-2024-2.json", osv_record("PYSEC-2024-2", some_day, R"("aliases":["GHSA-aaaa-bbbb-cccc"])")}});
  ASSERT_EQ(sync().status.code, 0);
  const base::RunResult still = program_.run({"links", "deny", "GO-2024-1", "PYSEC-2024-2", "--reason", "x"});
  EXPECT_EQ(still.status.code, 0);
  EXPECT_THAT(still.error, HasSubstr("are one vulnerability still"));
  const base::RunResult apart =
      program_.run({"links", "deny", "GO-2024-1", "GHSA-aaaa-bbbb-cccc", "--reason", "x"});
  EXPECT_THAT(apart.error, HasSubstr("1 split"));
  EXPECT_THAT(apart.error, testing::Not(HasSubstr("still")));
  EXPECT_THAT(program_.run({"links", "deny", "GO-2024-1", "GO-2024-9", "--reason", "x"}).error,
              HasSubstr("no record names the identifier yet; the decision waits for one id=GO-2024-9"));
}

TEST_F(SyncCommand, OfTwoCveIdsOnlyARejectedOneMayBeTheOther) {
  const auto record = [](const std::string& id, const char* state, const std::string& container) {
    return R"({"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":")" + id +
           R"(","state":")" + state +
           R"(","dateUpdated":"2024-01-01T00:00:00Z"},"containers":{"cna":{"providerMetadata":{"orgId":"x"},)" +
           container + "}}}";
  };
  const std::string text = R"([{"lang":"en","value":"x"}])";
  support::write_file(
      mirror_.path() / "cve/main.zip",
      support::zip_of({{"cvelistV5-main/cves/2024/1xxx/CVE-2024-1000.json",
                        record("CVE-2024-1000", "PUBLISHED", R"("affected":[],"descriptions":)" + text)},
                       {"cvelistV5-main/cves/2024/1xxx/CVE-2024-1001.json",
                        record("CVE-2024-1001", "PUBLISHED", R"("affected":[],"descriptions":)" + text)},
                       {"cvelistV5-main/cves/2024/1xxx/CVE-2024-1002.json",
                        record("CVE-2024-1002", "REJECTED", R"("rejectedReasons":)" + text)}}));
  ASSERT_EQ(
      program_.run({"sync", "--quiet", "--source", "cve", "--mirror", mirror_.path().string()}).status.code,
      0);
  const auto allow = [this](const char* a, const char* b) {
    return program_.run({"links", "allow", a, b, "--reason", "x"});
  };
  const base::RunResult refused = allow("CVE-2024-1000", "CVE-2024-1001");
  EXPECT_EQ(refused.status.code, 2);
  EXPECT_THAT(refused.error, HasSubstr("no group ever holds both"));
  const base::RunResult joined = allow("CVE-2024-1002", "CVE-2024-1000");
  EXPECT_EQ(joined.status.code, 0) << joined.error;
  EXPECT_THAT(joined.error, HasSubstr("1 merged"));
  EXPECT_THAT(program_.run({"show", "CVE-2024-1002"}).output, testing::StartsWith("CVE-2024-1000"));
}

TEST_F(SyncCommand, ADecisionAboutTwoIdsTakesEffectAtOnceAndCanBeTakenBack) {
  mirror_holds({{"GO-2024-1.json", osv_record("GO-2024-1", some_day)},
                {"PYSEC-2024-2.json", osv_record("PYSEC-2024-2", some_day)}});
  ASSERT_EQ(sync().status.code, 0);
  const std::string apart = program_.run({"digest"}).output;
  const base::RunResult allow =
      program_.run({"links", "allow", "GO-2024-1", "PYSEC-2024-2", "--reason", "the same flaw"});
  EXPECT_EQ(allow.status.code, 0) << allow.error;
  EXPECT_THAT(program_.run({"show", "PYSEC-2024-2"}).output, HasSubstr("GO-2024-1"));
  EXPECT_NE(program_.run({"digest"}).output, apart);
  EXPECT_EQ(program_.run({"links", "remove", "GO-2024-1", "PYSEC-2024-2"}).status.code, 0);
  EXPECT_EQ(program_.run({"digest"}).output, apart);

  EXPECT_EQ(program_.run({"links", "list"}).output, "");
  const std::string history = program_.run({"links", "list", "--all", "--json"}).output;
  EXPECT_THAT(history, HasSubstr(R"("a":"GO-2024-1","b":"PYSEC-2024-2","decided_at":")"));
  EXPECT_THAT(history, HasSubstr(R"("decision":"allow","reason":"the same flaw","revoked_at":"2)"));
}

TEST_F(SyncCommand, AQuarantinedRecordIsOfferedByteForByteAndAsJson) {
  const std::string bytes = "{\"id\":\"GO-2024-1\xff\n";
  mirror_holds({{"GO-2024-1.json", bytes}, {"GO-2024-2.json", "{\n"}});
  sync();
  EXPECT_EQ(program_.run({"quarantine", "show", "osv", "GO-2024-1"}).output, bytes);
  const std::string json = program_.run({"quarantine", "show", "osv", "GO-2024-1", "--json"}).output;
  EXPECT_THAT(json, HasSubstr(R"("raw_base64":"eyJpZCI6IkdPLTIwMjQtMf8K")"));
  EXPECT_THAT(json, testing::Not(HasSubstr("raw_text")));
  EXPECT_THAT(program_.run({"quarantine", "show", "osv", "GO-2024-2", "--json"}).output,
              HasSubstr(R"("raw_base64":"ewo=","raw_text":"{\n","reason":")"));
}

}  // namespace
