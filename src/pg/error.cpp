#include "pg/error.hpp"

#include <algorithm>
#include <array>

namespace pg {

Error::Error(const std::string& message, std::string_view sqlstate, bool connection_lost, int position)
    : base::Error(message), connection_lost_(connection_lost), position_(position) {
  sqlstate.copy(sqlstate_.data(), sqlstate_.size() - 1);
}

bool Error::retryable() const {
  static constexpr std::array<std::string_view, 8> transient = {
      "40001",  // serialization_failure
      "40P01",  // deadlock_detected
      "53300",  // too_many_connections
      "55P03",  // lock_not_available
      "57P01",  // admin_shutdown
      "57P02",  // crash_shutdown
      "57P03",  // cannot_connect_now: the server starts, stops or recovers
      "25P03",  // idle_in_transaction_session_timeout
  };
  return connection_lost_ || sqlstate().starts_with("08") ||
         std::find(transient.begin(), transient.end(), sqlstate()) != transient.end();
}

int line_at(std::string_view sql, int position) {
  if (position <= 0) return 0;
  int line = 1;
  int characters = 0;
  for (const char c : sql) {
    const bool continues =
        (static_cast<unsigned char>(c) & 0xC0) == 0x80;  // a later byte of a UTF-8 character
    if (!continues && ++characters == position) break;
    if (c == '\n') ++line;
  }
  return line;
}

}  // namespace pg
