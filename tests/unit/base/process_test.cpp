#include "base/process.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/files.hpp"
#include "support/eventually.hpp"

namespace base {
namespace {

using testing::HasSubstr;

std::string message_of(const Command& command) {
  try {
    const Process process(command);
  } catch (const ProcessError& error) {
    return error.what();
  }
  return "";
}

Command shell(const std::string& script) {
  return {{"sh", "-c", script}};
}

TEST(Process, PassesArgumentsUntouched) {
  const RunResult result = run({{"printf", "%s|", "a b", "$HOME", "", "';\"*"}});
  EXPECT_EQ(result.output, "a b|$HOME||';\"*|");
  EXPECT_TRUE(result.status.success());
}

TEST(Process, CollectsBothStreamsAndTheStatus) {
  const RunResult result = run(shell("cat; echo bad >&2; exit 3"), "some input");
  EXPECT_EQ(result.output, "some input");
  EXPECT_EQ(result.error, "bad\n");
  EXPECT_EQ(result.status.code, 3);
  EXPECT_EQ(result.status.to_string(), "exit status 3");
}

TEST(Process, MovesMoreThanAPipeHoldsInBothDirections) {
  const std::string input(3'000'000, 'x');
  EXPECT_EQ(run({{"cat"}}, input).output, input);
}

TEST(Process, AChildThatDoesNotReadItsInputIsNoError) {
  const RunResult result = run({{"true"}}, std::string(1'000'000, 'x'));
  EXPECT_TRUE(result.status.success());
}

TEST(Process, GivesUpAllThatAChildWithItsOwnSessionStarted) {
  TemporaryDirectory directory;
  const std::filesystem::path note = directory.path() / "grandchild";
  Command command = shell("sleep 100 & echo $! > '" + note.string() + "'; wait");
  command.new_session = true;
  RunLimits limits;
  limits.timeout = std::chrono::milliseconds(250);
  // On a busy machine it is not soon that the note is written.
  for (; read_file_if_present(note).value_or("").empty(); limits.timeout *= 2)
    EXPECT_THROW(run(command, {}, limits), ProcessError);
  const pid_t grandchild = std::stoi(read_file(note));
  // It may stay for a moment, until whoever inherited it has looked.
  EXPECT_TRUE(support::eventually([&] {
    const auto status = read_file_if_present("/proc/" + std::to_string(grandchild) + "/stat");
    return !status || status->find(") Z ") != std::string::npos;
  }));
}

TEST(Process, ReportsTheSignalThatKilledAChild) {
  const RunResult result = run(shell("kill -9 $$"));
  EXPECT_FALSE(result.status.success());
  EXPECT_EQ(result.status.signal, SIGKILL);
  EXPECT_EQ(result.status.to_string(), "killed by signal 9 (Killed)");
}

TEST(Process, ChangesTheEnvironmentAndTheDirectory) {
  ::setenv("VDS_TEST_KEPT", "kept", 1);
  ::setenv("VDS_TEST_GONE", "gone", 1);
  Command command = shell("echo \"$VDS_TEST_KEPT-$VDS_TEST_GONE-$VDS_TEST_NEW\"; pwd");
  command.environment = {{"VDS_TEST_GONE", std::nullopt}, {"VDS_TEST_NEW", "new"}};
  command.directory = "/usr";
  EXPECT_EQ(run(command).output, "kept--new\n/usr\n");
}

TEST(Process, NamesTheStepThatFailed) {
  EXPECT_EQ(message_of({{"vds-no-such-program"}}),
            "cannot start vds-no-such-program: no such program in PATH");
  EXPECT_EQ(message_of({{"/nonexistent/program"}}),
            "cannot start /nonexistent/program: No such file or directory");
  EXPECT_EQ(message_of({{"/etc/passwd"}}), "cannot start /etc/passwd: Permission denied");
  Command elsewhere{{"/bin/true"}};
  elsewhere.directory = "/nonexistent";
  EXPECT_EQ(message_of(elsewhere), "cannot run /bin/true in /nonexistent: No such file or directory");
}

TEST(Process, LeavesNoDescriptorsAndNoZombies) {
  const TemporaryDirectory directory;
  const Fd leaked(::open(directory.path().c_str(), O_RDONLY));  // not close-on-exec, on purpose
  const RunResult result = run({{"ls", "/proc/self/fd"}});
  EXPECT_EQ(result.output, "0\n1\n2\n3\n");  // 3 is ls reading the directory
  { const Process forgotten(Command{{"sleep", "1000"}}); }
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(Process, AChildKeepsALockAliveThatItWasGiven) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "lock";
  std::optional<FileLock> lock = FileLock::acquire(path, FileLock::Mode::exclusive);
  Command command{{"sleep", "1000"}};
  command.kept = {lock->fd().get()};
  Process process(command);
  lock.reset();
  EXPECT_FALSE(FileLock::try_acquire(path, FileLock::Mode::exclusive));
  process.terminate();
  EXPECT_TRUE(FileLock::try_acquire(path, FileLock::Mode::exclusive));
}

TEST(Process, WaitsWithATimeoutAndTerminates) {
  Process process(Command{{"sleep", "1000"}});
  EXPECT_EQ(process.wait_for(std::chrono::milliseconds(10)), std::nullopt);
  EXPECT_EQ(process.terminate().signal, SIGTERM);
  Process stubborn(shell("trap '' TERM; echo ready; while :; do sleep 0.01; done"));
  EXPECT_EQ(stubborn.terminate(std::chrono::milliseconds(100)).success(), false);
}

TEST(Process, TalksOverPipes) {
  Command command{{"cat"}};
  command.input = Stream::pipe();
  command.output = Stream::pipe();
  Process process(command);
  for (const std::string line : {"first\n", "second\n"}) {
    write_all(process.input(), line, "cat");
    std::array<char, 100> buffer;
    const std::size_t count = read_some(process.output(), buffer.data(), buffer.size(), "cat");
    EXPECT_EQ(std::string(buffer.data(), count), line);
  }
  process.input().close();
  EXPECT_TRUE(process.wait().success());
  EXPECT_THROW(write_all(Fd(), "x", "a closed stream"), FileError);
}

TEST(Process, WritesItsOutputToAFile) {
  const TemporaryDirectory directory;
  const Fd file = open_file(directory.path() / "out", O_WRONLY | O_CREAT);
  Command command = shell("echo text; echo more >&2");
  command.output = Stream::file(file);
  command.error = Stream::file(file);
  EXPECT_EQ(run(command).output, "");
  EXPECT_EQ(read_file(directory.path() / "out"), "text\nmore\n");
}

TEST(Run, GivesUpAtItsLimits) {
  RunLimits limits;
  limits.timeout = std::chrono::milliseconds(50);
  EXPECT_THROW(run({{"sleep", "1000"}}, {}, limits), ProcessError);
  limits = {};
  limits.output_bytes = 100'000;
  EXPECT_THROW(run({{"yes"}}, {}, limits), ProcessError);
  std::stop_source stop;
  limits = {};
  limits.stop = stop.get_token();
  stop.request_stop();
  EXPECT_THROW(run({{"sleep", "1000"}}, {}, limits), ProcessError);
}

TEST(Run, DoesNotWaitForAGrandchildThatKeepsThePipesOpen) {
  const RunResult result = run(shell("sleep 1000 & echo $!"));
  EXPECT_TRUE(result.status.success());
  ::kill(std::stoi(result.output), SIGKILL);
}

TEST(Run, AsAnotherAccount) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can change the account";
  Command command{{"id"}};
  command.account = find_account("nobody");
  ASSERT_TRUE(command.account);
  const std::string output = run(command).output;
  EXPECT_THAT(output, HasSubstr("(nobody)"));
  EXPECT_THAT(output, testing::Not(HasSubstr("root")));
}

TEST(Account, IsFoundByNameAndNumber) {
  const auto root = find_account("root");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->uid, 0U);
  EXPECT_EQ(find_account(uid_t{0})->name, "root");
  EXPECT_EQ(find_account(uid_t{3'999'999'999}), std::nullopt);
  EXPECT_EQ(find_account("vds-no-such-account"), std::nullopt);
}

}  // namespace
}  // namespace base
