#include "store/overrides.hpp"

#include <utility>

namespace store {

std::vector<LinkOverride> load_overrides(pg::Connection& connection) {
  std::vector<LinkOverride> result;
  const auto rows =
      connection.query({"load link decisions",
                        "SELECT a, b, decision = 'allow', reason, decided_by FROM link_overrides"
                        " WHERE revoked_at IS NULL ORDER BY a, b"});
  for (const auto row : rows)
    result.push_back({row.get<std::string>(0), row.get<std::string>(1), row.get<bool>(2),
                      row.get<std::string>(3), row.get<std::string>(4)});
  return result;
}

void put_override(pg::Connection& connection, LinkOverride decision) {
  if (decision.b < decision.a) std::swap(decision.a, decision.b);
  revoke_override(connection, decision.a, decision.b, decision.decided_by);
  connection.query(
      {"store a link decision",
       "INSERT INTO link_overrides (a, b, decision, reason, decided_by) VALUES ($1, $2, $3, $4, $5)"},
      decision.a, decision.b, decision.allow ? "allow" : "deny", decision.reason, decision.decided_by);
}

bool revoke_override(pg::Connection& connection, std::string_view a, std::string_view b,
                     std::string_view by) {
  if (b < a) std::swap(a, b);
  return connection
             .query({"revoke a link decision",
                     "UPDATE link_overrides SET revoked_at = clock_timestamp(), revoked_by = $3"
                     " WHERE a = $1 AND b = $2 AND revoked_at IS NULL"},
                    a, b, by)
             .rows_affected() > 0;
}

}  // namespace store
