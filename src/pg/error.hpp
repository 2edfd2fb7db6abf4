// What PostgreSQL refused, and whether trying again makes sense.
#pragma once

#include <array>
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
  /// `position` is the character, counted from 1, of the SQL text that the server points at; 0 for none.
  explicit Error(const std::string& message, std::string_view sqlstate = {}, bool connection_lost = false,
                 int position = 0);

  std::string_view sqlstate() const { return sqlstate_.data(); }

  /// The connection is gone. Whether a COMMIT under way took effect is then unknown.
  bool connection_lost() const { return connection_lost_; }

  int position() const { return position_; }

  /// The same transaction may succeed when it is run again from its start, on a new connection where
  /// connection_lost(): serialization failures, deadlocks, lost or refused connections, server restarts.
  bool retryable() const;

 private:
  std::array<char, 6> sqlstate_{};  // ends with a NUL; copying an exception must not throw
  bool connection_lost_;
  int position_;
};

/// The line, counted from 1, of the character `position` (as Error::position() counts) of `sql`; 0 for none.
int line_at(std::string_view sql, int position);

}  // namespace pg
