// What surrounds the service: its end when it hangs, and SIGHUP.
#include <gtest/gtest.h>

#include <string>
#include <thread>

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

}  // namespace
}  // namespace cli
