#include "store/overrides.hpp"

#include <utility>

#include "store/generated/links.hpp"

namespace store {

std::vector<LinkOverride> load_overrides(pg::Connection& connection) {
  std::vector<LinkOverride> result;
  for (auto& row : sql::active_overrides(connection))
    result.push_back(
        {std::move(row.a), std::move(row.b), row.allow, std::move(row.reason), std::move(row.decided_by)});
  return result;
}

void put_override(pg::Connection& connection, LinkOverride decision) {
  if (decision.b < decision.a) std::swap(decision.a, decision.b);
  revoke_override(connection, decision.a, decision.b, decision.decided_by);
  sql::put_override(connection, decision.a, decision.b, decision.allow ? "allow" : "deny", decision.reason,
                    decision.decided_by);
}

bool revoke_override(pg::Connection& connection, std::string_view a, std::string_view b,
                     std::string_view by) {
  if (b < a) std::swap(a, b);
  return sql::revoke_override(connection, by, a, b) > 0;
}

}  // namespace store
