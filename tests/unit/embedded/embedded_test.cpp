// The parts of the embedded servers that need no server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.hpp"
#include "embedded/cluster.hpp"
#include "embedded/error.hpp"
#include "embedded/postgres.hpp"
#include "embedded/postmaster.hpp"
#include "embedded/programs.hpp"
#include "embedded/socket_directory.hpp"

namespace embedded {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;

TEST(PostmasterFile, IsReadWhenComplete) {
  const std::string text =
      "1234\n/var/lib/x/postgres\n1700000000\n5432\n/var/lib/x/run/postgres\n\n   123456   7\nready   \n";
  const auto file = parse_postmaster_file(text);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->id, 1234);
  EXPECT_EQ(file->port, 5432);
  EXPECT_EQ(file->socket_directory, "/var/lib/x/run/postgres");
  EXPECT_EQ(file->status, "ready");
}

TEST(PostmasterFile, IsNothingWhileItIsBeingWritten) {
  EXPECT_EQ(parse_postmaster_file(""), std::nullopt);
  EXPECT_EQ(parse_postmaster_file("1234\n/data\n1700000000\n5432\n/run\n"), std::nullopt);
  EXPECT_EQ(parse_postmaster_file("x\n/data\n1\n5432\n/run\n\n 1 2\nready\n"), std::nullopt);
}

TEST(Programs, VersionsOfReleasesAndBetas) {
  EXPECT_EQ(parse_postgres_version("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"), 15);
  EXPECT_EQ(parse_postgres_version("postgres (PostgreSQL) 19beta1\n"), 19);
  EXPECT_EQ(parse_postgres_version("postgres 15\n"), std::nullopt);
}

TEST(Url, IsPercentEncoded) {
  EXPECT_EQ(postgres_url("/tmp/a b'%&=?é", 5432),
            "postgresql://postgres@/vulndb?host=%2Ftmp%2Fa%20b%27%25%26%3D%3F%C3%A9&port=5432");
}

TEST(Settings, FollowTheMachine) {
  const std::string small = server_settings({gibibyte, 2 * gibibyte, 64 << 20}, false);
  EXPECT_THAT(small, HasSubstr("\nshared_buffers = 128MB\n"));
  EXPECT_THAT(small, HasSubstr("\nmax_wal_size = 512MB\n"));
  EXPECT_THAT(small, HasSubstr("\nmaintenance_work_mem = 64MB\n"));
  EXPECT_THAT(small, HasSubstr("\ndynamic_shared_memory_type = mmap\n"));
  EXPECT_THAT(small, HasSubstr("\nwal_compression = on\n"));
  const std::string large = server_settings({64 * gibibyte, 500 * gibibyte, gibibyte}, true);
  EXPECT_THAT(large, HasSubstr("\nshared_buffers = 512MB\n"));
  EXPECT_THAT(large, HasSubstr("\nmax_wal_size = 4096MB\n"));
  EXPECT_THAT(large, HasSubstr("\nmaintenance_work_mem = 256MB\n"));
  EXPECT_THAT(large, HasSubstr("\ndynamic_shared_memory_type = posix\n"));
  EXPECT_THAT(large, HasSubstr("\nwal_compression = lz4\n"));
  for (const std::string& settings : {small, large}) {
    EXPECT_THAT(settings, HasSubstr("\nmax_connections = 120 "));
    EXPECT_THAT(settings, HasSubstr("\nfsync = on\n"));
    EXPECT_THAT(settings, HasSubstr("\nsynchronous_commit = on\n"));
    EXPECT_THAT(settings, HasSubstr("\nfull_page_writes = on\n"));
  }
}

TEST(LastWords, AreTheLinesThatTellWhy) {
  EXPECT_EQ(last_words("LOG: a\nFATAL: no space\nLOG: shut down\n"), "FATAL: no space");
  EXPECT_EQ(
      last_words("2026-11-23 19:22:08.350 UTC [31] HINT:  Future\n2026-11-23 19:22:08 UTC [31] FATAL:  a\n"
                 "2026-11-23 19:22:08 UTC [31] HINT:  Is b?\nLOG: c\n"),
      "FATAL:  a; HINT:  Is b?");
  EXPECT_EQ(last_words("one\ntwo\n\nthree\nfour\n"), "two; three; four");
  EXPECT_EQ(last_words("\n \n"), "it said nothing");
}

std::optional<base::Account> nobody_else() {
  return std::nullopt;
}

TEST(SocketDirectory, IsInTheDataDirectoryWhereItFits) {
  const base::TemporaryDirectory data;
  fs::create_directory(data.path() / "run");
  const fs::path directory = socket_directory(data.path(), "server", ".s.PGSQL.5432", nobody_else());
  EXPECT_EQ(directory, data.path() / "run" / "server");
  EXPECT_EQ(fs::status(directory).permissions(), fs::perms(0700));
  EXPECT_EQ(socket_directory(data.path(), "server", ".s.PGSQL.5432", nobody_else()), directory);
}

TEST(SocketDirectory, RefusesOneThatOthersCanUse) {
  const base::TemporaryDirectory data;
  fs::create_directories(data.path() / "run" / "server");
  fs::permissions(data.path() / "run" / "server", fs::perms(0755));
  EXPECT_THROW(socket_directory(data.path(), "server", "socket", nobody_else()), Error);
}

TEST(SocketDirectory, RefusesALinkThatSomebodyLaidThere) {
  const base::TemporaryDirectory data;
  fs::create_directories(data.path() / "run");
  fs::create_directory_symlink(data.path(), data.path() / "run" / "server");
  EXPECT_THROW(socket_directory(data.path(), "server", "socket", nobody_else()), Error);
}

TEST(ClusterVersion, OfNothingAnEmptyDirectoryAndAnother) {
  const base::TemporaryDirectory top;
  const fs::path data = top.path() / "postgres";
  EXPECT_EQ(cluster_version(data), std::nullopt);
  fs::create_directory(data);
  EXPECT_EQ(cluster_version(data), std::nullopt);
  fs::create_directory(data);
  base::write_file_atomically(data / "PG_VERSION", "14\n");
  EXPECT_EQ(cluster_version(data), 14);
  base::write_file_atomically(data / "PG_VERSION", "?\n");
  EXPECT_THROW(cluster_version(data), Error);
}

}  // namespace
}  // namespace embedded
