#include "base/stop.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>

#include "base/backoff.hpp"

namespace base {
namespace {

TEST(StopSignals, TurnsASignalIntoAStopRequest) {
  StopSignals stop;
  EXPECT_EQ(stop.signal(), 0);
  ::kill(::getpid(), SIGTERM);
  EXPECT_FALSE(sleep_for(std::chrono::hours(1), stop.token()));
  EXPECT_EQ(stop.signal(), SIGTERM);
}

TEST(StopSignals, ASecondSignalEndsTheProgram) {
  EXPECT_EXIT(
      {
        StopSignals stop;
        ::kill(::getpid(), SIGINT);
        sleep_for(std::chrono::hours(1), stop.token());
        ::kill(::getpid(), SIGINT);
        for (;;) ::pause();
      },
      testing::ExitedWithCode(130), "");
}

TEST(StopSignals, AHangupCanBeACall) {
  std::stop_source called;
  StopSignals stop([&] { called.request_stop(); });
  ::kill(::getpid(), SIGHUP);
  EXPECT_FALSE(sleep_for(std::chrono::hours(1), called.get_token()));
  EXPECT_FALSE(stop.token().stop_requested());
}

TEST(Sleep, RunsItsTimeWithoutAStop) {
  EXPECT_TRUE(sleep_for(std::chrono::milliseconds(1), {}));
}

TEST(Backoff, DoublesWithinItsBounds) {
  using std::chrono::milliseconds;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Backoff backoff(milliseconds(100), milliseconds(350), seed);
    for (const long long bound : {100, 200, 350, 350}) {
      const auto delay = backoff.next().count();
      EXPECT_GE(delay, bound / 2);
      EXPECT_LE(delay, bound);
    }
    backoff.reset();
    EXPECT_LE(backoff.next().count(), 100);
  }
}

}  // namespace
}  // namespace base
