#include "fetch/known_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/files.hpp"
#include "support/files.hpp"

namespace fetch {
namespace {

using namespace std::chrono_literals;

class KnownFilesTest : public testing::Test {
 protected:
  std::filesystem::path file() const { return directory_.path() / "all.zip"; }
  std::filesystem::path memory() const { return directory_.path() / "cache" / "fingerprints"; }

  // One run that asks about file() at a time that is `later` than now.
  std::string ask(std::chrono::seconds later = 1h, bool anew = false) const {
    KnownFiles files(memory(), anew);
    std::string fingerprint = files.fingerprint(File(file()), KnownFiles::Clock::now() + later);
    files.save();
    return fingerprint;
  }

  // What is remembered, with all digits of the fingerprint turned into one: an answer of this kind was not
  // read.
  void spoil_memory() const {
    std::string text = base::read_file(memory());
    std::fill_n(text.begin(), 32, '7');
    support::write_file(memory(), text);
  }

  const std::string spoilt_ = std::string(32, '7');

 private:
  base::TemporaryDirectory directory_;
};

TEST_F(KnownFilesTest, AFileThatNobodyWroteToIsNotReadAgain) {
  support::write_file(file(), "one");
  const std::string fingerprint = ask();
  EXPECT_EQ(fingerprint, content_fingerprint(File(file())));
  EXPECT_EQ(ask(), fingerprint);
  spoil_memory();
  EXPECT_EQ(ask(), spoilt_);
}

TEST_F(KnownFilesTest, AnewEverythingIsReadAndRemembered) {
  support::write_file(file(), "one");
  const std::string fingerprint = ask();
  spoil_memory();
  EXPECT_EQ(ask(1h, true), fingerprint);
  EXPECT_EQ(ask(), fingerprint);
}

TEST_F(KnownFilesTest, AFileThatWasJustWrittenToIsNotRemembered) {
  support::write_file(file(), "one");
  ask(1s);
  EXPECT_FALSE(std::filesystem::exists(memory()));
  ask(4s);
  EXPECT_TRUE(std::filesystem::exists(memory()));
}

TEST_F(KnownFilesTest, OtherBytesOfTheSameSizeAndTimeAreSeen) {
  support::write_file(file(), "one");
  const auto time = std::filesystem::last_write_time(file());
  ask();
  std::this_thread::sleep_for(20ms);  // a tick of the clock that files get their times from
  std::ofstream(file(), std::ios::binary | std::ios::in) << "two";
  std::filesystem::last_write_time(file(), time);
  EXPECT_EQ(ask(), content_fingerprint(File(file())));
}

TEST_F(KnownFilesTest, AnotherFileInItsPlaceIsSeen) {
  support::write_file(file(), "one");
  ask();
  const auto other = file().parent_path() / "other";
  support::write_file(other, "two");
  std::filesystem::last_write_time(other, std::filesystem::last_write_time(file()));
  std::filesystem::rename(other, file());
  EXPECT_EQ(ask(), content_fingerprint(File(file())));
}

TEST_F(KnownFilesTest, WhatIsNoMemoryIsPassedOver) {
  support::write_file(file(), "one");
  const std::string fingerprint = ask();
  const std::string text = base::read_file(memory());
  for (const std::string& damaged :
       {std::string("\n\n"), text.substr(0, 20), text.substr(0, text.size() - 1), std::string(100, '\0'),
        "x" + text, std::string(16, '\0') + text.substr(16)}) {
    support::write_file(memory(), damaged);
    EXPECT_EQ(ask(), fingerprint);
  }
  std::filesystem::remove(memory());
  std::filesystem::create_directories(memory());  // cannot be read, and cannot be replaced
  EXPECT_EQ(ask(), fingerprint);
}

TEST_F(KnownFilesTest, OnlyWhatWasAskedAboutIsRemembered) {
  support::write_file(file(), "one");
  ask();
  std::filesystem::remove(file());
  support::write_file(file(), "another");
  ask();
  const std::string text = base::read_file(memory());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

}  // namespace
}  // namespace fetch
