// The embedded Redis with the installed server. Under root it runs as the account redis, else as ourselves.
#include "embedded/redis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <csignal>

#include <charconv>
#include <fstream>
#include <thread>

#include "embedded/error.hpp"
#include "embedded/server_process.hpp"
#include "redis/connection.hpp"

namespace embedded {
namespace {

namespace fs = std::filesystem;

class DataDirectory {
 public:
  explicit DataDirectory(const std::string& below = "data") : path_(top_.path() / below) {
    fs::permissions(top_.path(), fs::perms(0755));
  }
  const fs::path& path() const { return path_; }
  RedisSettings settings() const { return {path_}; }
  pid_t server() const {
    pid_t id = 0;
    const std::string text = base::read_file_if_present(path_ / "redis" / "redis.pid").value_or("");
    std::from_chars(text.data(), text.data() + text.size(), id);
    return id != 0 && is_server_process(id, path_ / "redis") ? id : 0;
  }

 private:
  base::TemporaryDirectory top_{"vds-embedded-"};
  fs::path path_;
};

redis::Reply ask(const Redis& server, const redis::Command& command) {
  redis::Settings settings;
  settings.socket = server.socket();
  return redis::Connection(settings).command(command);
}

TEST(EmbeddedRedis, IsMadeOnDemandKeepsWhatItHoldsAndStopsWithItsUser) {
  const DataDirectory data;
  {
    const Redis server(data.settings());
    EXPECT_TRUE(server.is_running());
    EXPECT_EQ(ask(server, {"CONFIG", "GET", "port"}).items.at(1).text, "0");
    EXPECT_EQ(ask(server, {"CONFIG", "GET", "maxmemory-policy"}).items.at(1).text, "noeviction");
    struct stat status {};
    ASSERT_EQ(::stat(server.socket().parent_path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0700U);
    ask(server, {"SET", "kept", "42"});
  }
  EXPECT_EQ(data.server(), 0);
  const Redis again(data.settings());
  EXPECT_EQ(ask(again, {"GET", "kept"}).text, "42");
}

TEST(EmbeddedRedis, IsSharedAndStopsWithTheLastUser) {
  const DataDirectory data;
  Redis first(data.settings());
  Redis second(data.settings());
  EXPECT_EQ(first.socket(), second.socket());
  first.leave();
  EXPECT_TRUE(second.is_running());
  second.leave();
  EXPECT_EQ(data.server(), 0);
}

TEST(EmbeddedRedis, ComesBackAfterAKillWithEverythingThatWasAnswered) {
  const DataDirectory data;
  Redis server(data.settings());
  for (int i = 0; i < 100; ++i) ask(server, {"RPUSH", "list", std::to_string(i)});
  ::kill(data.server(), SIGKILL);
  while (data.server() != 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_FALSE(server.is_running());
  server.ensure_running();
  EXPECT_EQ(ask(server, {"LLEN", "list"}).integer, 100);
}

TEST(EmbeddedRedis, WorksBelowAPathTooLongForASocket) {
  const DataDirectory data(std::string(60, 'a') + "/" + std::string(60, 'b'));
  const Redis server(data.settings());
  EXPECT_TRUE(server.is_running());
  EXPECT_LT(server.socket().string().size(), 100U);
}

TEST(EmbeddedRedis, SaysWhyItDoesNotStart) {
  const DataDirectory data;
  { const Redis server(data.settings()); }
  for (const auto& entry : fs::recursive_directory_iterator(data.path() / "redis" / "appendonlydir"))
    if (entry.path().extension() == ".manifest") std::ofstream(entry.path()) << "no manifest\n";
  try {
    const Redis server(data.settings());
    FAIL() << "started";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("did not start"));
    EXPECT_THAT(error.what(), testing::HasSubstr("manifest"));
  }
}

}  // namespace
}  // namespace embedded
