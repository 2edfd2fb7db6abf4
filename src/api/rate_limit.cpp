#include "api/rate_limit.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace api {

int RateLimit::take(std::string_view client, Clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  if (buckets_.size() >= most_clients) forget_full(now);
  const auto [entry, is_new] = buckets_.try_emplace(std::string(client), Bucket{size_, now});
  Bucket& bucket = entry->second;
  const double seconds = std::chrono::duration<double>(now - bucket.at).count();
  bucket.left = std::min(size_, bucket.left + std::max(seconds, 0.0) * rate_);
  bucket.at = now;
  if (bucket.left >= 1) {
    bucket.left -= 1;
    return 0;
  }
  return std::max(1, static_cast<int>(std::ceil((1 - bucket.left) / rate_)));
}

// A bucket that has filled up again says nothing. Where all are in use, all start anew: memory is bounded.
void RateLimit::forget_full(Clock::time_point now) {
  std::erase_if(buckets_, [&](const auto& entry) {
    return std::chrono::duration<double>(now - entry.second.at).count() >= burst_seconds;
  });
  if (buckets_.size() >= most_clients) buckets_.clear();
}

std::string client_of(std::string_view address) {
  std::string text(address);
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};  // ::ffff:1.2.3.4
  if (std::equal(mapped.begin(), mapped.end(), bytes.begin()))
    return std::to_string(bytes[12]) + "." + std::to_string(bytes[13]) + "." + std::to_string(bytes[14]) +
           "." + std::to_string(bytes[15]);
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  std::array<char, INET6_ADDRSTRLEN> printed{};
  inet_ntop(AF_INET6, bytes.data(), printed.data(), printed.size());
  return std::string(printed.data()) + "/64";
}

}  // namespace api
