#include "base/files.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <fstream>

namespace base {
namespace {

namespace fs = std::filesystem;

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

TEST(Files, WritesAtomicallyAndReadsBack) {
  const TemporaryDirectory directory;
  const fs::path path = directory.path() / "a file";
  write_file_atomically(path, "one", 0600);
  write_file_atomically(path, std::string("two\0three", 9), 0640);
  EXPECT_EQ(read_file(path), std::string("two\0three", 9));
  EXPECT_EQ(mode_of(path), 0640U);
  // Nothing else is left beside it.
  EXPECT_EQ(std::distance(fs::directory_iterator(directory.path()), fs::directory_iterator()), 1);
}

TEST(Files, ReadsFilesOfUnknownSize) {
  EXPECT_THAT(read_file("/proc/self/status"), testing::HasSubstr("VmRSS"));
}

TEST(Files, AMissingFileIsNothingOrAnError) {
  EXPECT_EQ(read_file_if_present("/nonexistent/file"), std::nullopt);
  try {
    read_file("/nonexistent/file");
    FAIL();
  } catch (const FileError& error) {
    EXPECT_EQ(error.error_number(), ENOENT);
    EXPECT_STREQ(error.what(), "cannot open /nonexistent/file: No such file or directory");
  }
}

TEST(Files, RefusesMoreThanTheLimitAndDirectories) {
  const TemporaryDirectory directory;
  write_file_atomically(directory.path() / "file", "12345");
  EXPECT_EQ(read_file(directory.path() / "file", 5), "12345");
  EXPECT_THROW(read_file(directory.path() / "file", 4), FileError);
  EXPECT_THROW(read_file(directory.path()), FileError);
}

TEST(Files, MakesPrivateDirectoriesAndRemovesThem) {
  const TemporaryDirectory directory;
  const fs::path path = directory.path() / "a" / "b";
  make_directories(path, 0700);
  make_directories(path / "", 0700);
  EXPECT_EQ(mode_of(path), 0700U);
  EXPECT_EQ(mode_of(path.parent_path()), 0700U);
  remove_tree(directory.path() / "a");
  EXPECT_FALSE(fs::exists(directory.path() / "a"));
  EXPECT_THROW(make_directories("/proc/version/x"), FileError);
}

TEST(Files, TemporaryDirectoryIsPrivateAndGoesUnlessKept) {
  fs::path gone;
  fs::path kept;
  {
    const TemporaryDirectory first;
    TemporaryDirectory second;
    EXPECT_EQ(mode_of(first.path()), 0700U);
    write_file_atomically(first.path() / "file", "x");
    gone = first.path();
    kept = second.keep();
  }
  EXPECT_FALSE(fs::exists(gone));
  EXPECT_TRUE(fs::exists(kept));
  remove_tree(kept);
}

TEST(Files, DiskSpaceOfAPathYetToBeMade) {
  const TemporaryDirectory directory;
  EXPECT_EQ(disk_space(directory.path() / "no" / "such").total, disk_space(directory.path()).total);
  EXPECT_GT(disk_space(directory.path()).total, 0U);
}

TEST(FileLock, SharesAndExcludes) {
  const TemporaryDirectory directory;
  const fs::path path = directory.path() / "lock";
  using Mode = FileLock::Mode;
  auto first = FileLock::try_acquire(path, Mode::shared);
  auto second = FileLock::try_acquire(path, Mode::shared);
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(FileLock::try_acquire(path, Mode::exclusive));
  second.reset();
  EXPECT_FALSE(FileLock::try_acquire(path, Mode::exclusive));
  first.reset();
  const auto alone = FileLock::try_acquire(path, Mode::exclusive);
  EXPECT_TRUE(alone);
  EXPECT_FALSE(FileLock::try_acquire(path, Mode::shared));
}

}  // namespace
}  // namespace base
