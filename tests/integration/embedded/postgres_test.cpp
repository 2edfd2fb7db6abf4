// The embedded PostgreSQL with the installed server: every test has a data directory of its own and leaves no
// process behind. Under root the server runs as the account postgres, else as ourselves; both are tested by
// running the tests both ways.
#include "embedded/postgres.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <fstream>
#include <thread>

#include "base/process.hpp"
#include "embedded/error.hpp"
#include "pg/connection.hpp"

namespace embedded {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// In memory where there is room: the servers are as durable as ever, and syncing costs nothing there.
fs::path fast_directory() {
  constexpr std::uint64_t enough = std::uint64_t{1} << 30;
  const bool usable = ::access("/dev/shm", W_OK) == 0 && base::disk_space("/dev/shm").available >= enough;
  return usable ? "/dev/shm" : "";
}

class DataDirectory {
 public:
  explicit DataDirectory(const std::string& below = "data") : path_(top_.path() / below) {
    fs::permissions(top_.path(), fs::perms(0755));
  }
  DataDirectory(const DataDirectory&) = delete;
  DataDirectory& operator=(const DataDirectory&) = delete;
  ~DataDirectory() { stop_postgres(settings()); }

  const fs::path& path() const { return path_; }
  fs::path top() const { return top_.path(); }
  PostgresSettings settings() const { return {path_}; }
  std::optional<PostmasterFile> server() const { return find_postmaster(path_ / "postgres"); }

 private:
  base::TemporaryDirectory top_{"vds-embedded-", fast_directory()};
  fs::path path_;
};

pg::Connection connect(const std::string& url) {
  pg::Settings settings;
  settings.conninfo = url;
  return pg::Connection(settings);
}

std::string ask(const std::string& url, const std::string& sql) {
  const pg::Result result = connect(url).query(sql);
  return result.one().get<std::string>(0);
}

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

// Sends SIGKILL to the server process alone and waits until the kernel has it gone.
void kill_server(const DataDirectory& data) {
  const auto server = data.server();
  ASSERT_TRUE(server);
  ::kill(server->id, SIGKILL);
  while (data.server()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

// A second process that uses the server and does not leave by itself.
pid_t fork_user(const DataDirectory& data) {
  int ready[2];
  EXPECT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const Postgres postgres(data.settings());
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char byte = 0;
  EXPECT_EQ(::read(ready[0], &byte, 1), 1);
  ::close(ready[0]);
  ::close(ready[1]);
  return child;
}

void kill_and_wait(pid_t child) {
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST(EmbeddedPostgres, IsMadeOnDemandAndStopsWithItsUser) {
  const DataDirectory data;
  EXPECT_FALSE(postgres_exists(data.path()));
  {
    Postgres postgres(data.settings());
    EXPECT_TRUE(postgres_exists(data.path()));
    EXPECT_EQ(ask(postgres.url(), "SELECT current_database()"), "vulndb");
    EXPECT_EQ(ask(postgres.url(), "SHOW server_encoding"), "UTF8");
    EXPECT_EQ(ask(postgres.url(), "SELECT datcollate::text FROM pg_database WHERE datname = 'vulndb'"), "C");
    EXPECT_EQ(ask(postgres.url(), "SHOW listen_addresses"), "");
    EXPECT_EQ(ask(postgres.url(), "SHOW fsync"), "on");
    EXPECT_EQ(ask(postgres.url(), "SHOW synchronous_commit"), "on");
    EXPECT_EQ(mode_of(data.path() / "run" / "postgres"), 0700U);
    EXPECT_EQ(mode_of(data.path() / "postgres"), 0700U);
    connect(postgres.url()).exec("CREATE TABLE public.kept AS SELECT 42 AS n");
  }
  EXPECT_FALSE(data.server());
  const Postgres again(data.settings());
  EXPECT_EQ(ask(again.url(), "SELECT n::text FROM public.kept"), "42");
}

TEST(EmbeddedPostgres, IsSharedAndStopsWithTheLastUser) {
  const DataDirectory data;
  Postgres first(data.settings());
  Postgres second(data.settings());
  EXPECT_EQ(first.url(), second.url());
  first.leave();
  EXPECT_TRUE(data.server());
  EXPECT_EQ(ask(second.url(), "SELECT 'up'"), "up");
  second.leave();
  EXPECT_FALSE(data.server());
}

TEST(EmbeddedPostgres, SeveralAtTheSameTimeStartOneServer) {
  const DataDirectory data;
  std::vector<std::jthread> users;
  std::array<std::string, 4> processes;
  std::mutex hold;
  // cppcheck-suppress localMutex ; the threads below wait for it
  std::unique_lock all_inside(hold);
  std::atomic<std::size_t> inside = 0;
  for (std::string& process : processes)
    users.emplace_back([&] {
      const Postgres postgres(data.settings());
      process = std::to_string(data.server()->id);
      ++inside;
      const std::scoped_lock until_all_are_inside(hold);
    });
  while (inside < processes.size()) std::this_thread::yield();
  all_inside.unlock();
  users.clear();
  for (const std::string& process : processes) EXPECT_EQ(process, processes[0]);
  EXPECT_FALSE(data.server());
}

TEST(EmbeddedPostgres, StaysUpWhenKeptUntilItIsStopped) {
  const DataDirectory data;
  {
    Postgres postgres(data.settings());
    postgres.keep();
  }
  ASSERT_TRUE(data.server());
  { const Postgres passing(data.settings()); }
  EXPECT_TRUE(data.server());
  EXPECT_EQ(stop_postgres(data.settings()), StopResult::stopped);
  EXPECT_FALSE(data.server());
  EXPECT_EQ(stop_postgres(data.settings()), StopResult::was_not_running);
}

TEST(EmbeddedPostgres, AStopLeavesItToTheCommandsThatUseIt) {
  const DataDirectory data;
  {
    Postgres postgres(data.settings());
    postgres.keep();
    EXPECT_EQ(stop_postgres(data.settings()), StopResult::in_use);
    EXPECT_EQ(ask(postgres.url(), "SELECT 'up'"), "up");
  }
  EXPECT_FALSE(data.server());
}

TEST(EmbeddedPostgres, RecoversFromAKilledServer) {
  const DataDirectory data;
  Postgres postgres(data.settings());
  connect(postgres.url()).exec("CREATE TABLE public.kept AS SELECT 42 AS n");
  kill_server(data);
  postgres.ensure_running();
  EXPECT_EQ(ask(postgres.url(), "SELECT n::text FROM public.kept"), "42");
  kill_server(data);
  const Postgres other(data.settings());
  EXPECT_EQ(ask(other.url(), "SELECT n::text FROM public.kept"), "42");
}

TEST(EmbeddedPostgres, SessionsThatOutliveAKilledServerAreEnded) {
  const DataDirectory data;
  Postgres postgres(data.settings());
  pg::Connection busy = connect(postgres.url());
  // Works without ever looking whether the server is still there.
  std::jthread worker([&] {
    EXPECT_THROW(busy.query("SELECT count(*)::text FROM generate_series(1, 20000000000) AS n"), pg::Error);
  });
  const std::string running =
      "SELECT count(*)::text FROM pg_stat_activity WHERE state = 'active' AND query LIKE "
      "'%generate_series(1%' AND "
      "pid <> pg_backend_pid()";
  while (ask(postgres.url(), running) != "1") std::this_thread::yield();
  kill_server(data);
  postgres.ensure_running();
  EXPECT_EQ(ask(postgres.url(), "SELECT 'up'"), "up");
}

TEST(EmbeddedPostgres, AStaleProcessFileThatNamesAnotherProcessIsNoObstacle) {
  const DataDirectory data;
  { const Postgres made(data.settings()); }
  // Our own process: alive, and no server.
  std::ofstream(data.path() / "postgres" / "postmaster.pid")
      << ::getpid() << "\n"
      << (data.path() / "postgres").string() << "\n1\n5432\n/nowhere\n\n 1 1\nready   \n";
  const Postgres postgres(data.settings());
  EXPECT_EQ(ask(postgres.url(), "SELECT 'up'"), "up");
}

TEST(EmbeddedPostgres, TakesOverTheServerOfAKilledCommand) {
  const DataDirectory data;
  const pid_t user = fork_user(data);
  const auto before = data.server();
  kill_and_wait(user);
  ASSERT_TRUE(data.server());
  {
    const Postgres postgres(data.settings());
    EXPECT_EQ(data.server()->id, before->id);
  }
  EXPECT_FALSE(data.server());
}

TEST(EmbeddedPostgres, SurvivesTheDeathOfServerAndCommandAtOnce) {
  const DataDirectory data;
  const pid_t user = fork_user(data);
  kill_server(data);
  kill_and_wait(user);
  const Postgres postgres(data.settings());
  EXPECT_EQ(ask(postgres.url(), "SELECT 'up'"), "up");
}

TEST(EmbeddedPostgres, AnInterruptedInitialisationIsDoneAgain) {
  const DataDirectory data;
  fs::create_directories(data.path() / "postgres.new" / "base");
  const Postgres postgres(data.settings());
  EXPECT_EQ(ask(postgres.url(), "SELECT 'up'"), "up");
  EXPECT_FALSE(fs::exists(data.path() / "postgres.new"));
}

TEST(EmbeddedPostgres, HandlesLongPathsSpacesAndOddCharacters) {
  const DataDirectory data("a path, with 'odd' \"characters\" & 100%/" + std::string(120, 'x'));
  {
    const Postgres postgres(data.settings());
    EXPECT_EQ(ask(postgres.url(), "SELECT 'up'"), "up");
    const fs::path sockets = data.server()->socket_directory;
    EXPECT_LT(sockets.string().size(), 90U);
    EXPECT_EQ(mode_of(sockets), 0700U);
    base::remove_tree(sockets);
  }
  EXPECT_FALSE(data.server());
}

TEST(EmbeddedPostgres, ASpaceInAShortPathKeepsTheSocketInTheDataDirectory) {
  const DataDirectory data("with space");
  const Postgres postgres(data.settings());
  EXPECT_EQ(ask(postgres.url(), "SELECT 'up'"), "up");
  EXPECT_THAT(postgres.url(), HasSubstr("%2Fwith%20space%2Frun%2Fpostgres&port=5432"));
}

TEST(EmbeddedPostgres, ASymbolicLinkIsTheSameDataDirectory) {
  const DataDirectory data;
  const Postgres postgres(data.settings());
  fs::create_directory_symlink(data.path(), data.top() / "link");
  const Postgres other({data.top() / "link"});
  EXPECT_EQ(postgres.url(), other.url());
}

std::string failure_of(const PostgresSettings& settings) {
  try {
    const Postgres postgres(settings);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

TEST(EmbeddedPostgres, NamesThePackageForADataDirectoryOfAnotherVersion) {
  const DataDirectory data;
  { const Postgres made(data.settings()); }
  std::ofstream(data.path() / "postgres" / "PG_VERSION") << "11\n";
  EXPECT_THAT(failure_of(data.settings()), testing::AllOf(HasSubstr("was made by PostgreSQL 11"),
                                                          HasSubstr("install the package postgresql-11")));
}

TEST(EmbeddedPostgres, ReportsTheLastWordsOfAServerThatDoesNotStart) {
  const DataDirectory data;
  { const Postgres made(data.settings()); }
  std::ofstream(data.path() / "postgres" / "postgresql.conf", std::ios::app) << "no_such_setting = 1\n";
  EXPECT_THAT(failure_of(data.settings()),
              HasSubstr("did not start: LOG:  unrecognized configuration parameter \"no_such_setting\""));
}

TEST(EmbeddedPostgres, RefusesADirectoryThatIsSomethingElse) {
  const DataDirectory data;
  fs::create_directories(data.path() / "postgres");
  std::ofstream(data.path() / "postgres" / "diary.txt") << "private";
  EXPECT_THAT(failure_of(data.settings()), HasSubstr("is not the data directory of a PostgreSQL"));
  EXPECT_TRUE(fs::exists(data.path() / "postgres" / "diary.txt"));
}

TEST(EmbeddedPostgres, NamesTheDirectoryThatItsAccountCannotEnter) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root runs the server as another account";
  const DataDirectory data("closed/below/data");
  fs::create_directories(data.path());
  fs::permissions(data.top() / "closed", fs::perms(0700));
  EXPECT_THAT(failure_of(data.settings()), HasSubstr("postgres, which cannot enter " +
                                                     (data.top() / "closed").string() + ": run 'chmod o+x "));
}

TEST(EmbeddedPostgres, AStopRequestEndsTheWaiting) {
  const DataDirectory data;
  std::stop_source stop;
  stop.request_stop();
  PostgresSettings settings = data.settings();
  settings.stop = stop.get_token();
  EXPECT_THAT(failure_of(settings), HasSubstr("interrupted"));
  EXPECT_FALSE(data.server());
}

}  // namespace
}  // namespace embedded
