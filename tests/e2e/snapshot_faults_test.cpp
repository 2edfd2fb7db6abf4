// What may go wrong with a snapshot while it is made and while it is read: whatever happens, the newest one
// stays.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <csignal>
#include <set>

#include "base/files.hpp"
#include "pg/connection.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/program.hpp"
#include "support/sync_scenario.hpp"
#include "support/zip_builder.hpp"

namespace {

namespace fs = std::filesystem;
using support::eventually;
using support::osv_record;
using support::Program;
using testing::HasSubstr;

// Writes until the disk is full.
void fill(const fs::path& path) {
  const base::Fd file = base::open_file(path, O_WRONLY | O_CREAT);
  const std::string page(4096, 'x');
  while (::write(file.get(), page.data(), page.size()) > 0) {
  }
}

class SmallDisk {
 public:
  explicit SmallDisk(fs::path path) : path_(std::move(path)) {
    fs::create_directory(path_);
    is_mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=1m") == 0;
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (is_mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  const fs::path& path() const { return path_; }
  bool is_mounted() const { return is_mounted_; }

 private:
  fs::path path_;
  bool is_mounted_ = false;
};

class SnapshotFaults : public testing::Test {
 protected:
  SnapshotFaults() {
    program_.set("ENABLED_SOURCES", "osv");
    run({"database", "start"});
    sync("A flaw");
  }

  base::RunResult run(std::vector<std::string> arguments) {
    arguments.emplace_back("--quiet");
    return program_.run(arguments);
  }
  void sync(const std::string& summary) {
    const std::string record =
        osv_record("GO-2024-1", "2024-01-01T00:00:00Z", R"("summary":")" + summary + '"');
    support::write_file(mirror_.path() / "osv/all.zip", support::zip_of({{"GO-2024-1.json", record}}));
    const base::RunResult result = run({"sync", "--mirror", mirror_.path().string()});
    EXPECT_EQ(result.status.code, 0) << result.error;
  }
  pg::Connection database() {
    std::string url = run({"database", "url"}).output;
    url.pop_back();
    return pg::Connection(pg::Settings{.conninfo = url});
  }
  fs::path exports() const { return program_.data_dir() / "exports"; }
  std::string latest() const { return fs::canonical(exports() / "latest").filename(); }
  std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(exports()))
      if (entry.is_directory() && !entry.is_symlink()) found.insert(entry.path().filename());
    found.erase(".readers");
    return found;
  }

  Program program_;
  base::TemporaryDirectory mirror_;
};

TEST_F(SnapshotFaults, AKilledExportLeavesTheNewestAndTheNextCleansUp) {
  ASSERT_EQ(run({"export"}).status.code, 0);
  const std::string before = latest();
  sync("Another flaw");
  {
    // All files are written when the trial of the restore wants a database; that waits.
    pg::Connection connection = database();
    connection.exec("BEGIN; LOCK TABLE pg_catalog.pg_database IN SHARE MODE");
    base::Command command = program_.command({"export", "--quiet"});
    base::Process process(command);
    ASSERT_TRUE(eventually([&] {
      for (const std::string& name : names())
        if (name.starts_with(".incoming-") && fs::exists(exports() / name / "SHA256SUMS")) return true;
      return false;
    }));
    EXPECT_EQ(latest(), before);
    process.signal(SIGKILL);
    process.wait();
  }
  EXPECT_EQ(latest(), before);
  EXPECT_EQ(run({"exports", "verify", "latest"}).status.code, 0);
  const base::RunResult next = run({"export"});
  EXPECT_EQ(next.status.code, 0) << next.error;
  EXPECT_NE(latest(), before);
  EXPECT_EQ(names(), (std::set<std::string>{before, latest()}));
}

TEST_F(SnapshotFaults, AFullDiskLeavesTheNewest) {
  const SmallDisk disk(program_.directory() / "small");
  if (!disk.is_mounted()) GTEST_SKIP() << "this account may not mount a small file system";
  const fs::path& small = disk.path();
  const auto into = [&](const char* format) {
    return run({"export", "--output", small.string(), "--format", format});
  };
  EXPECT_EQ(into("jsonl").status.code, 0);
  const fs::path before = fs::canonical(small / "latest");
  fill(small / "filler");
  const base::RunResult full = into("osv");
  EXPECT_EQ(full.status.code, 1);
  EXPECT_THAT(full.error, HasSubstr("No space left on device"));
  EXPECT_EQ(fs::canonical(small / "latest"), before);
  EXPECT_EQ(run({"exports", "verify", "latest", "--output", small.string()}).status.code, 0);
  fs::remove(small / "filler");
  EXPECT_EQ(into("osv").status.code, 0);
}

TEST_F(SnapshotFaults, AStaleSourceIsNotPublished) {
  ASSERT_EQ(run({"export", "--format", "jsonl"}).status.code, 0);
  const std::string before = latest();
  sync("Another flaw");
  database().exec("UPDATE vulndb.source_state SET last_success = last_success - interval '30 days'");
  const base::RunResult refused = run({"export", "--format", "jsonl"});
  EXPECT_EQ(refused.status.code, 1);
  EXPECT_THAT(refused.error, HasSubstr("nothing is exported: osv was last brought up to date 720 h ago"));
  EXPECT_EQ(latest(), before);
  EXPECT_EQ(run({"export", "--format", "jsonl", "--allow-stale"}).status.code, 0);
  EXPECT_NE(latest(), before);
}

}  // namespace
