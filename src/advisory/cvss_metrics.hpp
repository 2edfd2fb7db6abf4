// A CVSS vector taken apart: which metrics it has and which values. Internal to cvss*.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace advisory::cvss {

struct Metric {
  std::string_view name;
  std::string_view values;  // separated by blanks; scoring addresses them by position
};

inline constexpr std::size_t max_metrics = 32;
inline constexpr std::int8_t absent = -1;

/// Per metric of its version the position of its value, or `absent`.
using Values = std::array<std::int8_t, max_metrics>;

enum class Order : std::uint8_t { any, fixed };

/// Reads "NAME:VALUE/NAME:VALUE..." by `metrics`, of which the first `mandatory` must be there. Nothing when
/// a name or value is unknown, a metric stands twice, a mandatory one is missing, or the order is fixed and
/// not kept.
std::optional<Values> read_metrics(std::string_view vector, std::span<const Metric> metrics,
                                   std::size_t mandatory, Order order);

/// The score in tenths of a v4.0 vector without its prefix, or nothing when it is not valid.
std::optional<int> score_v4(std::string_view vector);

}  // namespace advisory::cvss
