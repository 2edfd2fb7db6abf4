// How long to wait before the next attempt: doubling, with jitter, so that many clients that failed together
// do not come back together.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace base {

/// Delays of `first`, twice that, ... up to `most`, each drawn evenly from its upper half ("equal jitter",
/// Brooker, Exponential Backoff And Jitter, AWS Architecture Blog 2015): never near zero, never in step.
class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds most,
          std::uint64_t seed = std::random_device{}())
      : first_(first), most_(most), bound_(first), random_(seed) {}

  std::chrono::milliseconds next() {
    const auto bound = bound_.count();
    bound_ = std::min(bound_ * 2, most_);
    return std::chrono::milliseconds(std::uniform_int_distribution<long long>(bound / 2, bound)(random_));
  }
  /// After a success: begin again.
  void reset() { bound_ = first_; }

 private:
  std::chrono::milliseconds first_;
  std::chrono::milliseconds most_;
  std::chrono::milliseconds bound_;
  std::minstd_rand random_;
};

}  // namespace base
