#include "base/process_identity.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace base {
namespace {

// A child that says who it is, and waits to be killed.
class Child {
 public:
  Child() {
    int ends[2];
    if (::pipe(ends) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) {
      const std::string identity = process_identity();
      if (::write(ends[1], identity.data(), identity.size()) < 0) ::_exit(1);
      ::close(ends[1]);
      ::pause();
      ::_exit(0);
    }
    ::close(ends[1]);
    char buffer[512];
    for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;)
      identity_.append(buffer, static_cast<std::size_t>(got));
    ::close(ends[0]);
  }
  ~Child() {
    kill();
    reap();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  const std::string& identity() const { return identity_; }

  // Leaves a zombie.
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
  }
  void reap() {
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  pid_t pid_ = -1;
  std::string identity_;
};

TEST(ProcessIdentity, OfThisProcessIsAlwaysTheSameAndHasNotEnded) {
  EXPECT_EQ(process_identity(), process_identity());
  EXPECT_FALSE(process_identity().empty());
  EXPECT_FALSE(has_ended(process_identity()));
}

TEST(ProcessIdentity, OfAKilledProcessHasEndedWhetherItsParentNoticedOrNot) {
  Child child;
  EXPECT_NE(child.identity(), process_identity());
  EXPECT_FALSE(has_ended(child.identity()));
  child.kill();
  EXPECT_TRUE(has_ended(child.identity()));
  child.reap();
  EXPECT_TRUE(has_ended(child.identity()));
}

TEST(ProcessIdentity, OfAnEarlierProcessWithTheSameNumberHasEnded) {
  EXPECT_TRUE(has_ended(process_identity() + "1"));
}

TEST(ProcessIdentity, OfWhatCannotBeSeenFromHereHasNotEnded) {
  Child child;
  child.kill();
  child.reap();
  EXPECT_FALSE(has_ended(""));
  EXPECT_FALSE(has_ended("another-boot" + child.identity()));
  const std::string around = process_identity().substr(0, process_identity().find("] ") + 2);
  EXPECT_FALSE(has_ended(around));
  EXPECT_FALSE(has_ended(around + "0 1"));
  EXPECT_FALSE(has_ended(around + "-1 1"));
  EXPECT_FALSE(has_ended(around + "x 1"));
}

}  // namespace
}  // namespace base
