// Values of the database as JSON.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "advisory/timestamp.hpp"
#include "base/json.hpp"
#include "pg/types.hpp"

namespace store {

inline base::json::Value json_number(std::int64_t number, base::Arena& arena) {
  return base::json::Value::number(arena.copy(std::to_string(number)));
}

inline base::json::Value json_text(std::string_view text, base::Arena& arena) {
  return base::json::Value::string(arena.copy(text));
}

inline base::json::Value json_strings(const std::vector<std::string>& texts, base::Arena& arena) {
  std::vector<base::json::Value> items;
  for (const std::string& text : texts) items.push_back(json_text(text, arena));
  return base::json::make_array(arena, std::span<const base::json::Value>(items));
}

/// RFC 3339 in UTC.
inline std::string time_text(pg::Timestamp time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(time - seconds).count();
  return advisory::format_instant({seconds.time_since_epoch().count(), static_cast<std::uint32_t>(nanos)});
}

inline base::json::Value json_time(pg::Timestamp time, base::Arena& arena) {
  return json_text(time_text(time), arena);
}

/// null where there is none.
template <typename Value, typename Make>
base::json::Value json_or_null(const std::optional<Value>& value, Make make) {
  return value ? make(*value) : base::json::Value();
}

}  // namespace store
