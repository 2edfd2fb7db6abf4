// A first load that is killed, or whose server is, whenever it happens: what runs to its end afterwards
// leaves what an uninterrupted load leaves. Where in the load a kill falls differs from run to run; what is
// expected does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <csignal>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>
#include <thread>

#include "base/files.hpp"
#include "base/format.hpp"
#include "embedded/postmaster.hpp"
#include "pg/connection.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/program.hpp"
#include "support/sync_scenario.hpp"
#include "support/zip_builder.hpp"

namespace {

using support::Program;
using testing::HasSubstr;
using testing::Not;

constexpr int records = 1500;

class KilledSync : public testing::Test {
 protected:
  KilledSync() {
    mirror_holds("");
    program_.set("BATCH_SIZE", "50");
  }

  // Every third record names its predecessor, so that batches hold groups.
  void mirror_holds(const std::string& word) {
    std::vector<std::pair<std::string, std::string>> entries;
    for (int i = 0; i < records; ++i) {
      const std::string id = base::format("GO-2024-{}", 1000 + i);
      const std::string more =
          base::format(R"("summary":"{} number {}","aliases":["CVE-2024-{}"])", word, i, 10'000 + i - i % 3);
      entries.emplace_back(id + ".json", support::osv_record(id, "2024-01-01T00:00:00Z", more));
    }
    support::write_file(mirror_.path() / "osv/all.zip", support::zip_of(entries));
  }

  std::vector<std::string> sync_arguments() const {
    return {"sync", "--quiet", "--source", "osv", "--mirror", mirror_.path().string()};
  }

  // Starts a sync, and returns it some time after its server answers.
  base::Process started_sync(std::chrono::milliseconds later) {
    base::Command command = program_.command(sync_arguments());
    command.output = base::Stream::null();
    base::Process process(command);
    const auto is_up = [this] {
      const auto server = embedded::find_postmaster(program_.data_dir() / "postgres");
      return server && server->status == "ready";
    };
    // One with little to do may be over before anybody looked.
    while (!is_up() && !process.wait_for(std::chrono::milliseconds(5))) {
    }
    std::this_thread::sleep_for(later);
    return process;
  }

  void kill_server() const {
    if (const auto server = embedded::find_postmaster(program_.data_dir() / "postgres"))
      ::kill(server->id, SIGKILL);
  }

  // Begins syncs and kills at random moments of them, as often as KILLS in the environment says; each that
  // came to its end before is followed by one of another state. Then one is left alone.
  void kill_often(const std::function<void(base::Process& sync)>& kill) {
    const char* const often = std::getenv("KILLS");
    std::mt19937 random(std::random_device{}());
    std::uniform_int_distribution<int> later(0, 600);
    int states = 0;
    for (int left = often == nullptr ? 6 : std::stoi(often); left > 0; --left) {
      base::Process process = started_sync(std::chrono::milliseconds(later(random)));
      if (process.wait_for(std::chrono::milliseconds(0))) mirror_holds(std::to_string(++states));
      kill(process);
    }
    mirror_holds(std::to_string(++states));
    const base::RunResult last = program_.run(sync_arguments());
    EXPECT_EQ(last.status.code, 0) << last.error;
    EXPECT_EQ(program_.run({"digest"}).output, uninterrupted_digest());
  }

  std::string uninterrupted_digest() const {
    const Program fresh;
    EXPECT_EQ(fresh.run(sync_arguments()).status.code, 0);
    return fresh.run({"digest"}).output;
  }

  Program program_;
  base::TemporaryDirectory mirror_;
};

TEST_F(KilledSync, IsFinishedByTheNextOne) {
  for (const int later : {0, 60, 120, 240, 480}) {
    base::Process process = started_sync(std::chrono::milliseconds(later));
    process.signal(SIGKILL);
    process.wait();
  }
  const base::RunResult last = program_.run(sync_arguments());
  EXPECT_EQ(last.status.code, 0) << last.error;
  EXPECT_EQ(program_.run({"digest"}).output, uninterrupted_digest());
}

TEST_F(KilledSync, IsFinishedByTheNextOneOfALaterState) {
  base::Process process = started_sync(std::chrono::milliseconds(150));
  process.signal(SIGKILL);
  process.wait();
  mirror_holds("later");
  const base::RunResult last = program_.run(sync_arguments());
  EXPECT_EQ(last.status.code, 0) << last.error;
  EXPECT_EQ(program_.run({"digest"}).output, uninterrupted_digest());
}

TEST_F(KilledSync, GoesOnWhereItsServerWasKilled) {
  base::Process process = started_sync(std::chrono::milliseconds(0));
  // What is known of the archive is kept when it was read, before the first batch: the load has begun.
  const auto known = program_.data_dir() / "cache/osv/contents";
  while (!std::filesystem::exists(known) && !process.wait_for(std::chrono::milliseconds(5))) {
  }
  kill_server();
  EXPECT_EQ(process.wait().code, 0);
  EXPECT_EQ(program_.run({"digest"}).output, uninterrupted_digest());
}

TEST_F(KilledSync, AtRandomMomentsOfAFirstLoadAndOfDeltas) {
  kill_often([](base::Process& sync) {
    sync.signal(SIGKILL);
    sync.wait();
  });
}

TEST_F(KilledSync, WithItsServerAtRandomMoments) {
  kill_often([this](base::Process& sync) {
    kill_server();
    EXPECT_EQ(sync.wait().code, 0);
  });
}

TEST_F(KilledSync, GoesOnWhereItsServerWasKilledInAMigration) {
  pg::Settings settings;
  settings.conninfo = program_.run({"database", "start"}).output;
  settings.conninfo.pop_back();  // the end of the line
  pg::Connection other(settings);
  other.exec("BEGIN");
  other.exec("CREATE SCHEMA vulndb");  // the migration waits for whether this stays
  base::Process process(program_.command(sync_arguments()));
  EXPECT_TRUE(support::eventually([&] {
    return other.query("SELECT count(*)::text FROM pg_locks WHERE NOT granted").value<std::string>() == "1";
  }));
  kill_server();
  EXPECT_EQ(process.wait().code, 0);
  EXPECT_EQ(program_.run({"digest"}).output, uninterrupted_digest());
}

TEST_F(KilledSync, DoesNotRepeatAMigrationThatFailsByItself) {
  const std::string obstacle = "CREATE SCHEMA vulndb; CREATE TYPE vulndb.severity AS ENUM ()";
  ASSERT_TRUE(program_.run({"--quiet", "database", "psql", "-Xqc", obstacle}).status.success());
  const base::RunResult result = program_.run(sync_arguments());
  EXPECT_EQ(result.status.code, 1);
  EXPECT_THAT(result.error, HasSubstr("migration 000001_initial.up.sql: "));
  EXPECT_THAT(result.error, HasSubstr("type \"severity\" already exists"));
  EXPECT_THAT(result.error, Not(HasSubstr("tried again")));
}

}  // namespace
