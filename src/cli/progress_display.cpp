#include "cli/progress_display.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/format.hpp"

namespace cli {

namespace {

constexpr std::chrono::milliseconds between_bars{100};
constexpr std::chrono::seconds between_lines{3};
constexpr std::size_t bar_width = 24;

std::string bar(double share) {
  const auto full = static_cast<std::size_t>(share * static_cast<double>(bar_width));
  std::string text = "[";
  for (std::size_t i = 0; i < bar_width; ++i) text += i < full ? '#' : '.';
  return text + "]";
}

}  // namespace

ProgressDisplay::ProgressDisplay(bool quiet) : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {}

void ProgressDisplay::begin(std::string_view stage, std::string_view subject, std::uint64_t total) {
  const std::scoped_lock lock(mutex_);
  show(true);
  stage_ = subject.empty() ? std::string(stage) : base::format("{} {}", stage, subject);
  total_ = total;
  done_ = 0;
  started_ = shown_ = Clock::now();
}

void ProgressDisplay::advance(std::uint64_t count) {
  const std::scoped_lock lock(mutex_);
  done_ += count;
  const auto now = Clock::now();
  if (now - shown_ < (terminal_ ? Clock::duration(between_bars) : Clock::duration(between_lines))) return;
  shown_ = now;
  show(false);
}

void ProgressDisplay::note(std::string_view message) {
  const std::scoped_lock lock(mutex_);
  if (quiet_) return;
  std::fprintf(stderr, "%s%s\n", terminal_ ? "\r\x1b[K" : "", std::string(message).c_str());
}

void ProgressDisplay::finish() {
  const std::scoped_lock lock(mutex_);
  show(true);
  stage_.clear();
}

// The line of the stage; with its last state a terminal's line is ended, so that it stays.
void ProgressDisplay::show(bool last) {
  if (quiet_ || stage_.empty()) return;
  if (last && !terminal_ && Clock::now() - started_ < between_lines) return;
  const std::string text = base::format("{:<12} {}", stage_, state(Clock::now()));
  if (terminal_)
    std::fprintf(stderr, "\r\x1b[K%s%s", text.c_str(), last ? "\n" : "");
  else
    std::fprintf(stderr, "%s\n", text.c_str());
  std::fflush(stderr);
}

std::string ProgressDisplay::state(Clock::time_point now) const {
  const double seconds = std::max(std::chrono::duration<double>(now - started_).count(), 0.001);
  if (total_ == 0) return base::format("{:.1f} s", seconds);
  const double share = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
  const double rate = static_cast<double>(done_) / seconds;
  std::string text =
      base::format("{} {:>3.0f}%  {} of {}  {:.0f}/s", bar(share), share * 100, done_, total_, rate);
  if (rate > 0 && done_ < total_)
    text += base::format("  {:.0f} s left", static_cast<double>(total_ - done_) / rate);
  return text;
}

}  // namespace cli
