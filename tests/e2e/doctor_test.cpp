// doctor by the true program: what is wrong is found, and what it says mends it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "pg/migrations.hpp"
#include "redis/connection.hpp"
#include "support/files.hpp"
#include "support/http_server.hpp"
#include "support/postgres.hpp"
#include "support/program.hpp"
#include "support/redis.hpp"

namespace {

using support::Program;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Doctor : public testing::Test {
 protected:
  // Sources that are there without a network.
  void use_mirror() {
    support::write_file(program_.directory() / "mirror/osv/all.zip", "never opened");
    program_.set("SOURCE_MIRROR", program_.directory() / "mirror");
  }
  base::RunResult run(std::vector<std::string> more = {}) {
    more.insert(more.begin(), "doctor");
    return program_.run(more);
  }
  // The line after the one that has `seen`, without its arrow.
  static std::string mend_of(const std::string& output, const std::string& seen) {
    std::smatch match;
    const std::string after = output.substr(std::min(output.find(seen), output.size()));
    return std::regex_search(after, match, std::regex("\n +-> (.*)\n")) ? match[1].str() : "";
  }

  Program program_;
};

TEST_F(Doctor, FindsNothingWrongOnAMachineThatIsReady) {
  use_mirror();
  const base::RunResult result = run();
  EXPECT_EQ(result.status.code, 0) << result.output << result.error;
  EXPECT_THAT(result.output, AllOf(HasSubstr("embedded, not made yet"), HasSubstr("osv/all.zip is there"),
                                   HasSubstr("the mirror has no"), Not(HasSubstr("wrong"))));
  EXPECT_FALSE(std::filesystem::exists(program_.data_dir()));  // it only looks
}

TEST_F(Doctor, NamesSourcesThatCannotBeReached) {
  const std::string dead = support::dead_url();
  program_.set("OSV_GCS_ENDPOINT", dead);
  program_.set("OSV_HTTP_URL", dead + "/plain");
  program_.set("CVE_PROJECT_URL", dead + "/main.zip");
  program_.set("GITLAB_REPO_URL", "/nowhere/to/be/found");
  const base::RunResult result = run({"--json"});
  EXPECT_EQ(result.status.code, 1);
  EXPECT_THAT(
      result.output,
      AllOf(HasSubstr("\"mend\":\"curl -v '" + dead + "/main.zip'"), HasSubstr("GITLAB_REPO_URL"),
            HasSubstr("\"state\":\"wrong\",\"subject\":\"source osv\""), HasSubstr("\"state\":\"wrong\"}")));
}

TEST_F(Doctor, SaysHowRedisIsKeptFromForgettingTasks) {
  use_mirror();
  const support::TestRedis redis({"--maxmemory", "10mb", "--maxmemory-policy", "allkeys-lru"});
  program_.set("REDIS_URL", "unix:" + redis.settings().socket.string());
  const base::RunResult before = run();
  EXPECT_EQ(before.status.code, 1);
  EXPECT_THAT(before.output, HasSubstr("maxmemory-policy is allkeys-lru"));
  const std::string mend = mend_of(before.output, "allkeys-lru");
  ASSERT_THAT(mend, HasSubstr(" CONFIG SET maxmemory-policy noeviction"));
  ASSERT_TRUE(base::run({{"sh", "-c", mend.substr(0, mend.find(','))}}).status.success()) << mend;
  const base::RunResult after = run();
  EXPECT_EQ(after.status.code, 0);
  EXPECT_THAT(after.output, AllOf(HasSubstr("maxmemory-policy is noeviction"), HasSubstr("not persistent")));
}

TEST_F(Doctor, SaysHowASharedCacheIsKeptFromTakingAllMemory) {
  use_mirror();
  const support::TestRedis redis;
  program_.set("API_CACHE_REDIS_URL", "unix:" + redis.settings().socket.string());
  const base::RunResult before = run();
  EXPECT_EQ(before.status.code, 0);
  EXPECT_THAT(mend_of(before.output, "may take all memory"),
              HasSubstr(" CONFIG SET maxmemory-policy allkeys-lru"));
  redis::Connection connection(redis.settings());
  connection.command({"CONFIG", "SET", "maxmemory", "10mb"});
  EXPECT_THAT(run().output, HasSubstr("takes nothing more when it is full"));
  connection.command({"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"});
  EXPECT_THAT(run().output, HasSubstr("which forgets when it is full"));
}

TEST_F(Doctor, NamesARedisThatDoesNotAnswer) {
  use_mirror();
  program_.set("REDIS_URL", "redis://:secret@127.0.0.1:1");
  const base::RunResult result = run();
  EXPECT_EQ(result.status.code, 1);
  EXPECT_THAT(result.output, AllOf(HasSubstr("127.0.0.1:1"), Not(HasSubstr("secret"))));
}

TEST_F(Doctor, SaysWhatARoleLacksInPostgres) {
  use_mirror();
  const support::TestDatabase database;
  database.connect().exec("CREATE ROLE doctor_" + database.name() + " LOGIN");
  program_.set("DATABASE_URL", database.url("doctor_" + database.name()));
  const base::RunResult before = run();
  EXPECT_EQ(before.status.code, 1);
  const std::string mend = mend_of(before.output, "may not make one");
  database.connect().exec(mend.substr(0, mend.find(';')));
  const base::RunResult after = run();
  EXPECT_EQ(after.status.code, 0) << after.output;
  EXPECT_THAT(after.output, HasSubstr("migrate up"));
  EXPECT_TRUE(program_.run({"migrate", "up"}).status.success());
  EXPECT_THAT(run().output,
              HasSubstr("\"vulndb\" at version " + std::to_string(pg::built_in_migrations().back().version)));
  database.connect().exec("DROP OWNED BY doctor_" + database.name());
  database.connect().exec("DROP ROLE doctor_" + database.name());
}

TEST_F(Doctor, WarnsOfSecretsThatEverybodyCanRead) {
  use_mirror();
  const auto file = support::write_file(program_.directory() / "settings.env", "API_TOKENS=abc\n");
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  EXPECT_THAT(run({"--env-file", file}).output, HasSubstr("chmod 640 '" + file.string() + "'"));
  std::filesystem::permissions(file, std::filesystem::perms(0640));
  EXPECT_THAT(run({"--env-file", file}).output, HasSubstr("read from " + file.string()));
}

}  // namespace
