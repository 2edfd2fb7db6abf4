// Written by `make sql-generate` from sql/lease.sql. Do not edit.
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

struct AcquireLeaseRow {
  std::int64_t epoch = 0;
};

/// Takes the lease where it is free, its holder gave no sign for so long, or its holder is the process that is known to
/// have ended. A sign out of the future is from before the server's clock was set back, or from another server. No row:
/// somebody holds it.
std::optional<AcquireLeaseRow> acquire_lease(pg::Connection& connection, std::string_view holder,
                                             std::string_view process, std::int32_t timeout_seconds,
                                             std::optional<std::string_view> ended);

struct LeaseHolderRow {
  std::optional<std::string> holder;
  std::optional<std::string> process;
};

std::optional<LeaseHolderRow> lease_holder(pg::Connection& connection);

/// No row: another writer took over.
std::uint64_t renew_lease(pg::Connection& connection, std::int64_t epoch);

struct ProveLeaseRow {
  std::int64_t epoch = 0;
};

/// No row: another writer took over. Until the end of the transaction none can.
std::optional<ProveLeaseRow> prove_lease(pg::Connection& connection, std::int64_t epoch);

void release_lease(pg::Connection& connection, std::int64_t epoch);

}  // namespace store::sql
