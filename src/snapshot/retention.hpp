// Which snapshots to keep.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace snapshot {

/// How many days, ISO weeks, months and years keep their newest snapshot, counted from the newest one and
/// leaving out those that have none.
struct Retention {
  unsigned daily = 0;
  unsigned weekly = 0;
  unsigned monthly = 0;
  unsigned yearly = 0;
};

/// Reads "7 daily, 4 weekly, 12 monthly" (and "yearly"), in any order. Nothing for other text, and for a rule
/// that keeps nothing.
std::optional<Retention> parse_retention(std::string_view text);

/// The versions of `versions` (oldest first) that no rule keeps. The newest is always kept.
std::vector<std::string> to_remove(const std::vector<std::string>& versions, const Retention& retention);

}  // namespace snapshot
