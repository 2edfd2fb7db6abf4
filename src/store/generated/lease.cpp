// Written by `make sql-generate` from sql/lease.sql. Do not edit.
// clang-format off
#include "store/generated/lease.hpp"

namespace store::sql {
namespace {

constexpr std::string_view acquire_lease_sql = R"sql(UPDATE feed
SET epoch = epoch + 1, holder = $1, process = $2, heartbeat_at = clock_timestamp()
WHERE holder IS NULL
   OR heartbeat_at NOT BETWEEN clock_timestamp() - $3::int * interval '1 second'
                           AND clock_timestamp() + $3::int * interval '1 second'
   OR process = $4
RETURNING epoch)sql";

AcquireLeaseRow read_acquire_lease(const pg::Row& row) {
  return {row.get<std::int64_t>(0)};
}

constexpr std::string_view lease_holder_sql = R"sql(SELECT holder, process FROM feed)sql";

LeaseHolderRow read_lease_holder(const pg::Row& row) {
  return {row.get<std::optional<std::string>>(0), row.get<std::optional<std::string>>(1)};
}

constexpr std::string_view renew_lease_sql = R"sql(UPDATE feed SET heartbeat_at = clock_timestamp() WHERE epoch = $1)sql";

constexpr std::string_view prove_lease_sql = R"sql(SELECT epoch FROM feed WHERE epoch = $1 FOR SHARE)sql";

ProveLeaseRow read_prove_lease(const pg::Row& row) {
  return {row.get<std::int64_t>(0)};
}

constexpr std::string_view release_lease_sql = R"sql(UPDATE feed SET holder = NULL, process = NULL, heartbeat_at = NULL WHERE epoch = $1)sql";

}  // namespace

std::optional<AcquireLeaseRow> acquire_lease(pg::Connection& connection, std::string_view holder,
                                             std::string_view process, std::int32_t timeout_seconds,
                                             std::optional<std::string_view> ended) {
  return pg::query_one(connection, {"AcquireLease", acquire_lease_sql}, read_acquire_lease, holder, process,
                       timeout_seconds, ended);
}

std::optional<LeaseHolderRow> lease_holder(pg::Connection& connection) {
  return pg::query_one(connection, {"LeaseHolder", lease_holder_sql}, read_lease_holder);
}

std::uint64_t renew_lease(pg::Connection& connection, std::int64_t epoch) {
  return connection.query({"RenewLease", renew_lease_sql}, epoch).rows_affected();
}

std::optional<ProveLeaseRow> prove_lease(pg::Connection& connection, std::int64_t epoch) {
  return pg::query_one(connection, {"ProveLease", prove_lease_sql}, read_prove_lease, epoch);
}

void release_lease(pg::Connection& connection, std::int64_t epoch) {
  connection.query({"ReleaseLease", release_lease_sql}, epoch);
}

}  // namespace store::sql
