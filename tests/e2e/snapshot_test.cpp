// Snapshots by the true program: published once, verified, found damaged, pruned, followed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/files.hpp"
#include "support/program.hpp"
#include "support/sync_scenario.hpp"
#include "support/zip_builder.hpp"

namespace {

namespace fs = std::filesystem;
using support::osv_record;
using support::Program;
using testing::HasSubstr;

class SnapshotCommands : public testing::Test {
 protected:
  SnapshotCommands() { program_.set("ENABLED_SOURCES", "osv"); }

  void sync(const std::vector<std::pair<std::string, std::string>>& entries) {
    support::write_file(mirror_.path() / "osv/all.zip", support::zip_of(entries));
    const base::RunResult result = program_.run({"sync", "--quiet", "--mirror", mirror_.path().string()});
    ASSERT_EQ(result.status.code, 0) << result.error;
  }
  /// Three records, one of a database that the OSV schema does not know.
  void sync_three() {
    sync({{"GO-2024-1.json",
           osv_record("GO-2024-1", "2024-01-01T00:00:00Z",
                      R"("affected":[{"package":{"ecosystem":"Go","name":"example.org/a"}}])")},
          {"PYSEC-2024-2.json", osv_record("PYSEC-2024-2", "2024-02-01T00:00:00Z")},
          {"GMS-2024-3.json", osv_record("GMS-2024-3", "2024-03-01T00:00:00.5Z")}});
  }
  base::RunResult run(std::vector<std::string> arguments) {
    arguments.emplace_back("--quiet");
    return program_.run(arguments);
  }
  fs::path latest() const { return fs::canonical(program_.data_dir() / "exports" / "latest"); }
  std::string text_of(const std::string& path) const { return base::read_file(latest() / path); }

  Program program_;
  base::TemporaryDirectory mirror_;
};

TEST_F(SnapshotCommands, AnExportIsPublishedOnceAndSaysWhatItIs) {
  sync_three();
  const base::RunResult first = run({"export"});
  ASSERT_EQ(first.status.code, 0) << first.error;
  EXPECT_THAT(first.output, HasSubstr(": 3 vulnerabilities, "));
  EXPECT_EQ(text_of("osv/modified_id.csv"),
            "2024-03-01T00:00:00.5Z,[EMPTY]/x_GMS-2024-3\n"
            "2024-02-01T00:00:00Z,[EMPTY]/PYSEC-2024-2\n"
            "2024-01-01T00:00:00Z,Go/GO-2024-1\n");
  EXPECT_EQ(text_of("osv/Go/modified_id.csv"), "2024-01-01T00:00:00Z,GO-2024-1\n");
  EXPECT_EQ(text_of("osv/ecosystems.txt"), "Go\n[EMPTY]\n");
  std::string digest = run({"digest"}).output;
  digest.pop_back();
  EXPECT_THAT(text_of("manifest.json"), HasSubstr("\"digest\": \"" + digest + "\""));
  EXPECT_THAT(text_of("manifest.json"), HasSubstr("\"changes_cursor\": 3"));
  EXPECT_EQ(base::run({.arguments = {"sha256sum", "--quiet", "-c", "SHA256SUMS"}, .directory = latest()})
                .status.code,
            0);

  EXPECT_THAT(run({"export"}).output, HasSubstr("unchanged since snapshot "));
  EXPECT_EQ(run({"exports", "verify", "latest"}).status.code, 0);
}

TEST_F(SnapshotCommands, TheSameContentGivesTheSameBytes) {
  sync_three();
  ASSERT_EQ(run({"export"}).status.code, 0);
  const std::string other = (program_.directory() / "other").string();
  ASSERT_EQ(run({"export", "--output", other, "--format", "jsonl", "--format", "osv"}).status.code, 0);
  for (const char* file : {"osv/all.zip", "osv/Go/all.zip", "vulnerabilities.jsonl.zst"})
    EXPECT_EQ(text_of(file), base::read_file(fs::path(other) / "latest" / file)) << file;
}

TEST_F(SnapshotCommands, ADamagedByteIsFoundInEveryFile) {
  sync_three();
  ASSERT_EQ(run({"keys", "generate"}).status.code, 0);
  ASSERT_EQ(run({"export"}).status.code, 0);
  ASSERT_EQ(run({"exports", "verify", "latest", "--files"}).status.code, 0);
  for (const auto& entry : fs::recursive_directory_iterator(latest())) {
    if (entry.is_directory()) continue;
    const std::string good = base::read_file(entry.path());
    for (const std::size_t at : {std::size_t{0}, good.size() / 2, good.size() - 1}) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 1);
      support::write_file(entry.path(), bad);
      EXPECT_EQ(run({"exports", "verify", "latest", "--files"}).status.code, 1) << entry.path() << " " << at;
    }
    support::write_file(entry.path(), good);
  }
  EXPECT_EQ(run({"exports", "verify", "latest", "--files"}).status.code, 0);
}

TEST_F(SnapshotCommands, AnExportThatLostTooMuchIsRefusedAndLeavesTheLatest) {
  std::vector<std::pair<std::string, std::string>> records;
  for (int i = 0; i < 20; ++i) {
    const std::string id = "GO-2024-" + std::to_string(1000 + i);
    records.emplace_back(id + ".json", osv_record(id, "2024-01-01T00:00:00Z"));
  }
  sync(records);
  ASSERT_EQ(run({"export", "--format", "jsonl"}).status.code, 0);
  const fs::path before = latest();
  records.resize(17);
  sync(records);
  const base::RunResult refused = run({"export", "--format", "jsonl"});
  EXPECT_EQ(refused.status.code, 1);
  EXPECT_THAT(refused.error, HasSubstr("17 vulnerabilities, less than 90 % of the 20 in snapshot"));
  EXPECT_EQ(latest(), before);
  EXPECT_EQ(run({"export", "--format", "jsonl", "--allow-shrink"}).status.code, 0);
  EXPECT_NE(latest(), before);
  EXPECT_THAT(run({"exports", "prune", "--dry-run"}).output,
              HasSubstr("would remove " + before.filename().string()));
  EXPECT_TRUE(fs::exists(before));
  EXPECT_EQ(run({"exports", "prune"}).status.code, 0);
  EXPECT_FALSE(fs::exists(before));
}

}  // namespace
