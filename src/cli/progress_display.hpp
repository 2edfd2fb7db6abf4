// The progress of a sync on standard error: a bar with rate and remaining time on a terminal, a plain line
// every few seconds otherwise, nothing when quiet.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "pipeline/progress.hpp"

namespace cli {

class ProgressDisplay : public pipeline::Progress {
 public:
  explicit ProgressDisplay(bool quiet);
  ~ProgressDisplay() override { finish(); }
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void begin(std::string_view stage, std::string_view subject, std::uint64_t total) override;
  void advance(std::uint64_t count) override;
  void note(std::string_view message) override;

  /// Ends the last stage and leaves the cursor at the beginning of a line.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  void show(bool last);
  std::string state(Clock::time_point now) const;

  bool quiet_;
  bool terminal_;
  std::mutex mutex_;
  std::string stage_;  // "parse osv"
  std::uint64_t total_ = 0;
  std::uint64_t done_ = 0;
  Clock::time_point started_;
  Clock::time_point shown_;
};

}  // namespace cli
