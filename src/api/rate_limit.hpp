// How many requests a client may make: a bucket for each, filled at a steady rate, emptied by requests.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace api {

class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;

  /// `rate` requests a second, and four seconds' worth at once.
  explicit RateLimit(double rate) : rate_(rate), size_(rate * burst_seconds) {}

  /// Takes one request of `client` at `now`. Returns how many seconds it has to wait, rounded up; 0: none.
  int take(std::string_view client, Clock::time_point now);

 private:
  static constexpr double burst_seconds = 4;
  static constexpr std::size_t most_clients = 65536;  // some 8 MB

  struct Bucket {
    double left = 0;
    Clock::time_point at;
  };
  void forget_full(Clock::time_point now);

  double rate_;
  double size_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

/// What of an address stands for one client: an IPv4 address whole, of an IPv6 address the first 64 bits
/// (whoever has one has all of them). A text that is no address stands for itself.
std::string client_of(std::string_view address);

}  // namespace api
