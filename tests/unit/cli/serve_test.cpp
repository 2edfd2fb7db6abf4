// What surrounds the service: its end when it hangs, SIGHUP, the files that it may open.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <string>
#include <thread>

#include "cli/descriptors.hpp"
#include "cli/hangup.hpp"
#include "cli/last_resort.hpp"

namespace cli {
namespace {

TEST(LastResortDeathTest, EndsAProcessThatDoesNotStop) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto hang = [] {
    std::stop_source stop;
    const LastResort last_resort(stop.get_token(), std::chrono::milliseconds(1));
    stop.request_stop();
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  };
  EXPECT_EXIT(hang(), testing::ExitedWithCode(1), "error stopping takes too long");
}

TEST(LastResort, LeavesAloneWhatStops) {
  const std::stop_source never;
  const LastResort unused(never.get_token(), std::chrono::milliseconds(0));
  std::stop_source stop;
  {
    const LastResort last_resort(stop.get_token(), std::chrono::hours(1));
    stop.request_stop();
  }
}

TEST(Hangup, IsHeardOfByWhoListensNowOrNext) {
  Hangup hangup;
  std::string heard;
  hangup.notify();
  {
    const Hangup::Listener first(hangup, [&] { heard += "first "; });
    EXPECT_EQ(heard, "first ");
    hangup.notify();
    EXPECT_EQ(heard, "first first ");
  }
  const std::string before = heard;
  {
    const Hangup::Listener second(hangup, [&] { heard += "second "; });
    EXPECT_EQ(heard, before);
  }
  hangup.notify();
  hangup.notify();
  const Hangup::Listener third(hangup, [&] { heard += "third"; });
  EXPECT_EQ(heard, "first first third");
}

TEST(Descriptors, AreAsManyAsTheHardLimitAllows) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit low{before.rlim_cur / 2, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(raise_descriptor_limit(), before.rlim_max);
  rlimit now{};
  ::getrlimit(RLIMIT_NOFILE, &now);
  EXPECT_EQ(now.rlim_cur, before.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST(Descriptors, LeaveRoomBesideConnections) {
  EXPECT_EQ(connections_that_fit(16384, 100, 4096), 4096U);
  EXPECT_EQ(connections_that_fit(1024, 100, 4096), 724U);
  EXPECT_EQ(connections_that_fit(1024, 1000, 4096), 64U);
  EXPECT_EQ(connections_that_fit(256, 100, 4096), 64U);
  EXPECT_EQ(connections_that_fit(RLIM_INFINITY, 100, 4096), 4096U);
}

}  // namespace
}  // namespace cli
