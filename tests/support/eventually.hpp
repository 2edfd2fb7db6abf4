// Waiting for what another process does: by looking again and again, with a limit that only a hang reaches.
#pragma once

#include <chrono>
#include <thread>

namespace support {

/// Whether `condition` becomes true within two minutes.
template <typename Condition>
bool eventually(Condition condition, std::chrono::milliseconds between = std::chrono::milliseconds(20)) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::sleep_for(between);
  }
  return true;
}

}  // namespace support
