// Written by `make sql-generate` from sql/links.sql. Do not edit.
// clang-format off
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pg/connection.hpp"
#include "pg/typed_query.hpp"
#include "pg/types.hpp"

namespace store::sql {

struct ActiveOverridesRow {
  std::string a;
  std::string b;
  bool allow = false;
  std::string reason;
  std::string decided_by;
};

std::vector<ActiveOverridesRow> active_overrides(pg::Connection& connection);

struct AllOverridesRow {
  std::string a;
  std::string b;
  bool allow = false;
  std::string reason;
  std::string decided_by;
  pg::Timestamp decided_at;
  std::optional<std::string> revoked_by;
  std::optional<pg::Timestamp> revoked_at;
};

std::vector<AllOverridesRow> all_overrides(pg::Connection& connection);

void put_override(pg::Connection& connection, std::string_view a, std::string_view b,
                  std::string_view decision, std::string_view reason, std::string_view decided_by);

std::uint64_t revoke_override(pg::Connection& connection, std::string_view revoked_by, std::string_view a,
                              std::string_view b);

struct RejectedCveIdsRow {
  std::string own_id;
};

/// Those of some ids that the CVE Project has rejected.
std::vector<RejectedCveIdsRow> rejected_cve_ids(pg::Connection& connection,
                                                std::span<const std::string_view> ids);

}  // namespace store::sql
