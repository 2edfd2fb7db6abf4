// What PostgreSQL refused, and whether trying again makes sense.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace pg {

/// Every failure of a PostgreSQL operation. what() names the operation, the server's message and its detail;
/// never a password, never a parameter's value unless the server put it into its own detail.
class Error : public base::Error {
 public:
  /// `sqlstate` is the server's five-character code (PostgreSQL documentation, Appendix A), or empty where
  /// the failure did not come from a server: no connection, or a value that does not fit its column.
  explicit Error(const std::string& message, std::string_view sqlstate = {}, bool connection_lost = false);

  const std::string& sqlstate() const { return sqlstate_; }

  /// The connection is gone. Whether a COMMIT under way took effect is then unknown.
  bool connection_lost() const { return connection_lost_; }

  /// The same transaction may succeed when it is run again from its start, on a new connection where
  /// connection_lost(): serialization failures, deadlocks, lost or refused connections, server restarts.
  bool retryable() const;

 private:
  std::string sqlstate_;
  bool connection_lost_;
};

}  // namespace pg
