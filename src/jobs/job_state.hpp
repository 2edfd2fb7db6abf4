// The states of a job.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace jobs {

inline constexpr std::array<std::string_view, 5> states{"pending", "running", "succeeded", "failed",
                                                        "cancelled"};

inline bool is_state(std::string_view name) {
  return std::find(states.begin(), states.end(), name) != states.end();
}

}  // namespace jobs
