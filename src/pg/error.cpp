#include "pg/error.hpp"

#include <algorithm>
#include <array>

namespace pg {

Error::Error(const std::string& message, std::string_view sqlstate, bool connection_lost)
    : base::Error(message), sqlstate_(sqlstate), connection_lost_(connection_lost) {}

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
  return connection_lost_ || sqlstate_.starts_with("08") ||
         std::find(transient.begin(), transient.end(), sqlstate_) != transient.end();
}

}  // namespace pg
