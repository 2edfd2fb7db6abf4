// The life of a child after its start: waiting, ending, and collecting what it says.
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include "base/files.hpp"
#include "base/process.hpp"

namespace base {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::string ExitStatus::to_string() const {
  if (signal == 0) return "exit status " + std::to_string(code);
  const char* name = ::sigdescr_np(signal);
  return "killed by signal " + std::to_string(signal) +
         (name != nullptr ? " (" + std::string(name) + ")" : "");
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      status_(other.status_),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)),
      error_(std::move(other.error_)) {}

Process::~Process() {
  if (pid_ < 0) return;
  signal(SIGKILL);
  wait();
}

// True when the child is no more; status_ is how it ended.
bool Process::reap(int options) {
  if (pid_ < 0) return true;
  int status = 0;
  pid_t result = 0;
  while ((result = ::waitpid(pid_, &status, options)) < 0 && errno == EINTR) {
  }
  if (result == 0) return false;
  pid_ = -1;
  // ECHILD: somebody ignores SIGCHLD for us, so that the kernel reaped it and its status is lost.
  if (result < 0)
    status_ = {127, 0};
  else if (WIFSIGNALED(status))
    status_ = {0, WTERMSIG(status)};
  else
    status_ = {WEXITSTATUS(status), 0};
  return true;
}

ExitStatus Process::wait() {
  reap(0);
  return status_;
}

std::optional<ExitStatus> Process::wait_for(milliseconds timeout) {
  const auto deadline = steady_clock::now() + timeout;
  // pidfd_open would wake us at once, but is missing on the older kernels that enterprise systems run.
  for (milliseconds pause{1};; pause = std::min(pause * 2, milliseconds(20))) {
    if (reap(WNOHANG)) return status_;
    if (steady_clock::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(pause);
  }
}

void Process::signal(int number) noexcept {
  if (pid_ > 0) ::kill(pid_, number);
}

void Process::signal_session(int number) noexcept {
  if (pid_ > 0) ::kill(-pid_, number);
}

ExitStatus Process::terminate(milliseconds grace) {
  signal(SIGTERM);
  if (const auto status = wait_for(grace)) return *status;
  signal(SIGKILL);
  return wait();
}

namespace {

// Moves bytes between a child and our memory until it has ended and everything it wrote is read.
class Conversation {
 public:
  Conversation(Process& process, std::string_view input, const RunLimits& limits)
      : process_(process), input_(input), limits_(limits) {
    for (Fd* fd : {&process.input(), &process.output(), &process.error()})
      if (*fd) ::fcntl(fd->get(), F_SETFL, ::fcntl(fd->get(), F_GETFL) | O_NONBLOCK);
    if (input_.empty()) process_.input().close();
  }

  // Returns why the child had to be given up, or nothing when it ended by itself.
  std::optional<std::string> hold(RunResult& result) {
    const auto deadline = steady_clock::now() + limits_.timeout;
    for (;;) {
      // A grandchild may keep our pipes open for ever, so the end is that of the child, then what is left.
      const auto status = process_.wait_for(open() ? milliseconds(0) : milliseconds(20));
      exchange(result, status ? milliseconds(0) : milliseconds(20));
      if (result.output.size() > limits_.output_bytes || result.error.size() > limits_.output_bytes)
        return "more output than " + std::to_string(limits_.output_bytes) + " bytes";
      if (status) {
        result.status = *status;
        return std::nullopt;
      }
      if (limits_.stop.stop_requested()) return "interrupted";
      if (steady_clock::now() >= deadline)
        return "no end after " + std::to_string(limits_.timeout.count() / 1000) + " s";
    }
  }

 private:
  bool open() { return process_.input() || process_.output() || process_.error(); }

  // Waits for something to move, and moves all of it that does not block.
  void exchange(RunResult& result, milliseconds timeout) {
    // poll ignores negative descriptors, which is what a closed stream has.
    std::array<pollfd, 3> fds{{{process_.input().get(), POLLOUT, 0},
                               {process_.output().get(), POLLIN, 0},
                               {process_.error().get(), POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), static_cast<int>(timeout.count())) <= 0) return;
    if (fds[0].revents != 0) give();
    if (fds[1].revents != 0) take(process_.output(), result.output);
    if (fds[2].revents != 0) take(process_.error(), result.error);
  }

  void give() {
    while (!input_.empty()) {
      const ssize_t count = ::write(process_.input().get(), input_.data(), input_.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) return;
      if (count < 0) break;  // the child does not want more
      input_.remove_prefix(static_cast<std::size_t>(count));
    }
    process_.input().close();
  }

  void take(Fd& from, std::string& to) {
    std::array<char, 65536> buffer;
    while (to.size() <= limits_.output_bytes) {
      const ssize_t count = ::read(from.get(), buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) return;
      if (count <= 0) {
        from.close();
        return;
      }
      to.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }

  Process& process_;
  std::string_view input_;
  const RunLimits& limits_;
};

}  // namespace

RunResult run(Command command, std::string_view input, const RunLimits& limits) {
  if (!input.empty()) command.input = Stream::pipe();
  if (command.output.kind() == Stream::Kind::inherit) command.output = Stream::pipe();
  if (command.error.kind() == Stream::Kind::inherit) command.error = Stream::pipe();
  Process process(command);
  RunResult result;
  if (const auto given_up = Conversation(process, input, limits).hold(result)) {
    if (command.new_session) process.signal_session(SIGTERM);
    process.terminate(std::chrono::seconds(2));
    throw ProcessError(command.arguments.front() + " was stopped: " + *given_up);
  }
  return result;
}

}  // namespace base
