// How far a running job is, as JSON for its row.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "pipeline/progress.hpp"

namespace jobs {

/// Any thread.
class JobProgress : public pipeline::Progress {
 public:
  void begin(std::string_view stage, std::string_view subject, std::uint64_t total) override;
  void advance(std::uint64_t count) override;
  void note(std::string_view message) override;
  /// The same for who counts himself: so many are done of a stage, which begins where its name is new.
  void set(std::string_view stage, std::uint64_t done, std::uint64_t total);

  /// {"stage", "source", "done", "total", "rate", "eta_seconds", "note"}: null where it is not known; rates
  /// are records a second since the stage began.
  std::string to_json() const;

 private:
  using Clock = std::chrono::steady_clock;

  mutable std::mutex mutex_;
  std::string stage_;
  std::string source_;
  std::string note_;
  std::uint64_t done_ = 0;
  std::uint64_t total_ = 0;
  Clock::time_point started_;
};

}  // namespace jobs
