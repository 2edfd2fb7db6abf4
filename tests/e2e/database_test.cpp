// The embedded database from the outside: started, used, killed and stopped through the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <csignal>

#include <thread>

#include "embedded/postmaster.hpp"
#include "support/program.hpp"

namespace {

using support::Program;
using testing::HasSubstr;

std::optional<embedded::PostmasterFile> server_of(const Program& program) {
  return embedded::find_postmaster(program.data_dir() / "postgres");
}

std::string psql(const Program& program, const std::string& sql) {
  const base::RunResult result = program.run({"--quiet", "database", "psql", "-XAtc", sql});
  EXPECT_TRUE(result.status.success()) << result.error;
  return result.output;
}

TEST(DatabaseCommand, IsStartedUsedAndStopped) {
  const Program program;
  const base::RunResult start = program.run({"database", "start"});
  ASSERT_TRUE(start.status.success()) << start.error;
  EXPECT_TRUE(server_of(program));
  EXPECT_EQ(program.run({"database", "url"}).output, start.output);

  // The URL is for any libpq program.
  std::string url = start.output;
  url.pop_back();
  EXPECT_EQ(base::run({{"psql", "-XAtc", "SELECT current_database()", url}}).output, "vulndb\n");

  EXPECT_EQ(program.run({"database", "stop"}).output, "stopped\n");
  EXPECT_FALSE(server_of(program));
  EXPECT_EQ(program.run({"database", "stop"}).output, "not running\n");
}

TEST(DatabaseCommand, PsqlStartsItAndTheLastCommandStopsIt) {
  const Program program;
  EXPECT_EQ(psql(program, "CREATE TABLE public.t AS SELECT 1; SELECT 'made'"), "SELECT 1\nmade\n");
  EXPECT_FALSE(server_of(program));
  EXPECT_EQ(psql(program, "SELECT count(*) FROM public.t"), "1\n");
  EXPECT_EQ(psql(program, "SHOW search_path"), "\"vulndb\",public\n");
  EXPECT_EQ(program.run({"database", "psql", "-c", "SELECT 1/0"}).status.code, 1);
}

TEST(DatabaseCommand, AKilledCommandLeavesNothingThatBlocks) {
  const Program program;
  ASSERT_EQ(psql(program, "SELECT 1"), "1\n");
  base::Process user(program.command({"database", "psql", "-c", "SELECT pg_sleep(1000)"}));
  while (!server_of(program) || server_of(program)->status != "ready")
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  user.signal(SIGKILL);
  user.wait();
  EXPECT_EQ(psql(program, "SELECT 2"), "2\n");
  EXPECT_FALSE(server_of(program));
}

TEST(DatabaseCommand, AKilledServerComesBack) {
  const Program program;
  ASSERT_TRUE(program.run({"database", "start"}).status.success());
  ASSERT_EQ(psql(program, "CREATE TABLE public.t AS SELECT 1; SELECT 'made'"), "SELECT 1\nmade\n");
  ::kill(server_of(program)->id, SIGKILL);
  EXPECT_EQ(psql(program, "SELECT count(*) FROM public.t"), "1\n");
}

TEST(DatabaseCommand, ConfiguredDatabasesAreLeftAlone) {
  Program program;
  program.set("DATABASE_URL", "postgresql://127.0.0.1:1/db");
  for (const char* command : {"start", "stop", "url"}) {
    const base::RunResult result = program.run({"database", command});
    EXPECT_EQ(result.status.code, 1);
    EXPECT_THAT(result.error, HasSubstr("DATABASE_URL"));
  }
  EXPECT_FALSE(std::filesystem::exists(program.data_dir()));
}

TEST(MigrateCommand, GoesUpAndDown) {
  const Program program;
  const base::RunResult nothing = program.run({"migrate", "version"});
  EXPECT_EQ(nothing.status.code, 1);
  EXPECT_THAT(nothing.error, HasSubstr("run 'vuln-datasync sync'"));
  ASSERT_TRUE(program.run({"database", "start"}).status.success());

  EXPECT_EQ(program.run({"migrate", "version"}).output, "none\n");
  const base::RunResult up = program.run({"migrate", "up"});
  EXPECT_TRUE(up.status.success()) << up.error;
  const std::string latest = up.output;
  EXPECT_EQ(program.run({"migrate", "version"}).output, latest);
  const std::string number = latest.substr(0, latest.size() - 1);
  EXPECT_EQ(program.run({"migrate", "version", "--json"}).output,
            "{\"dirty\":false,\"latest\":" + number + ",\"version\":" + number + "}\n");
  EXPECT_EQ(program.run({"migrate", "down", number}).output, "none\n");
  EXPECT_EQ(program.run({"migrate", "force", number}).output, latest);
  EXPECT_EQ(program.run({"migrate", "force", "-1"}).output, "none\n");
  EXPECT_EQ(program.run({"migrate", "reset", "--yes"}).output, latest);
  EXPECT_EQ(program.run({"migrate", "up"}).output, latest);
}

TEST(Interrupted, AStartThatIsInterruptedEndsWithTheSignal) {
  const Program program;
  base::Command command = program.command({"database", "start"});
  command.error = base::Stream::pipe();
  base::Process process(command);
  // It says that it makes the database when it begins to.
  char byte = 0;
  ASSERT_EQ(base::read_some(process.error(), &byte, 1, "standard error"), 1U);
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait().code, 143);
  EXPECT_FALSE(server_of(program));
}

}  // namespace
