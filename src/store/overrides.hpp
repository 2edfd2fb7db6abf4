// The operator's decisions about pairs of ids. A decision is never deleted: taking it back marks it revoked,
// so the table is its own audit trail.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pg/connection.hpp"

namespace store {

struct LinkOverride {
  std::string a;  // a < b, bytewise
  std::string b;
  bool allow = false;
  std::string reason;
  std::string decided_by;
};

/// The decisions in force, by pair.
std::vector<LinkOverride> load_overrides(pg::Connection& connection);

/// Puts a decision in force; one about the same pair that is in force is revoked by it. Two statements: call
/// it within a transaction.
void put_override(pg::Connection& connection, LinkOverride decision);

/// Takes the decision about a pair back. Returns false when none is in force.
bool revoke_override(pg::Connection& connection, std::string_view a, std::string_view b, std::string_view by);

}  // namespace store
