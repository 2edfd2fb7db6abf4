// Stopping on request: SIGINT, SIGTERM and SIGHUP become a std::stop_token that every stage watches.
#pragma once

#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <stop_token>
#include <thread>

namespace base {

/// Turns the first SIGINT, SIGTERM or SIGHUP into a stop request, on a thread of its own, so that whatever
/// watches the token may lock and allocate. A second signal ends the program at once: the databases need no
/// goodbye. SIGHUP stays ignored where it was (nohup).
///
/// One per program, made before any other thread, so that all of them leave these signals to it.
class StopSignals {
 public:
  /// `on_hangup`, when given, is called for each SIGHUP instead of stopping (a service reads its files
  /// again).
  explicit StopSignals(std::function<void()> on_hangup = {});
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals();

  std::stop_token token() const { return source_.get_token(); }
  /// The signal that asked for the stop, or 0.
  int signal() const { return signal_; }

 private:
  void listen(const std::stop_token& leaving);

  std::function<void()> on_hangup_;
  std::stop_source source_;
  std::atomic<int> signal_ = 0;
  sigset_t watched_{};
  sigset_t before_{};
  std::jthread thread_;
};

/// Sleeps that long, or until a stop is requested; returns false in that case.
bool sleep_for(std::chrono::milliseconds duration, const std::stop_token& stop);

}  // namespace base
