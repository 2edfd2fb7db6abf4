#include "base/stop.hpp"

#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <mutex>

namespace base {

namespace {

bool is_ignored(int number) {
  struct sigaction action {};
  return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

StopSignals::StopSignals(std::function<void()> on_hangup) : on_hangup_(std::move(on_hangup)) {
  ::sigemptyset(&watched_);
  ::sigaddset(&watched_, SIGINT);
  ::sigaddset(&watched_, SIGTERM);
  if (on_hangup_ || !is_ignored(SIGHUP)) ::sigaddset(&watched_, SIGHUP);
  // Shells start background jobs with SIGINT ignored, and the kernel drops an ignored signal even while it is
  // waited for on some systems; whoever sends it to us means it.
  ::signal(SIGINT, SIG_DFL);
  ::pthread_sigmask(SIG_BLOCK, &watched_, &before_);
  thread_ = std::jthread([this](const std::stop_token& leaving) { listen(leaving); });
}

StopSignals::~StopSignals() {
  thread_.request_stop();
  // The thread waits for this signal, which ends nothing because it is blocked.
  // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread,cert-pos44-c)
  ::pthread_kill(thread_.native_handle(), SIGTERM);
  thread_.join();
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void StopSignals::listen(const std::stop_token& leaving) {
  for (;;) {
    int number = 0;
    if (::sigwait(&watched_, &number) != 0 || leaving.stop_requested()) return;
    if (number == SIGHUP && on_hangup_) {
      on_hangup_();
      continue;
    }
    if (signal_ != 0) ::_exit(128 + number);
    signal_ = number;
    source_.request_stop();
  }
}

bool sleep_for(std::chrono::milliseconds duration, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any condition;
  // cppcheck-suppress localMutex ; waiting needs one, and nobody else is concerned
  std::unique_lock lock(mutex);
  condition.wait_for(lock, stop, duration, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace base
