// Written by `make sql-generate` from sql/links.sql. Do not edit.
// clang-format off
#include "store/generated/links.hpp"

namespace store::sql {
namespace {

constexpr std::string_view active_overrides_sql = R"sql(SELECT a, b, decision = 'allow' AS allow, reason, decided_by
FROM link_overrides
WHERE revoked_at IS NULL
ORDER BY a, b)sql";

ActiveOverridesRow read_active_overrides(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<bool>(2), row.get<std::string>(3),
          row.get<std::string>(4)};
}

constexpr std::string_view all_overrides_sql = R"sql(SELECT a, b, decision = 'allow' AS allow, reason, decided_by, decided_at, revoked_by, revoked_at
FROM link_overrides
ORDER BY a, b, override_id)sql";

AllOverridesRow read_all_overrides(const pg::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<bool>(2), row.get<std::string>(3),
          row.get<std::string>(4), row.get<pg::Timestamp>(5), row.get<std::optional<std::string>>(6),
          row.get<std::optional<pg::Timestamp>>(7)};
}

constexpr std::string_view put_override_sql = R"sql(INSERT INTO link_overrides (a, b, decision, reason, decided_by) VALUES ($1, $2, $3, $4, $5))sql";

constexpr std::string_view revoke_override_sql = R"sql(UPDATE link_overrides
SET revoked_at = clock_timestamp(), revoked_by = $1
WHERE a = $2 AND b = $3 AND revoked_at IS NULL)sql";

constexpr std::string_view rejected_cve_ids_sql = R"sql(SELECT own_id
FROM source_records
WHERE source = 'cve' AND retracted AND removed_at IS NULL AND record_id = ANY ($1::text[]))sql";

RejectedCveIdsRow read_rejected_cve_ids(const pg::Row& row) {
  return {row.get<std::string>(0)};
}

}  // namespace

std::vector<ActiveOverridesRow> active_overrides(pg::Connection& connection) {
  return pg::query_many(connection, {"ActiveOverrides", active_overrides_sql}, read_active_overrides);
}

std::vector<AllOverridesRow> all_overrides(pg::Connection& connection) {
  return pg::query_many(connection, {"AllOverrides", all_overrides_sql}, read_all_overrides);
}

void put_override(pg::Connection& connection, std::string_view a, std::string_view b,
                  std::string_view decision, std::string_view reason, std::string_view decided_by) {
  connection.query({"PutOverride", put_override_sql}, a, b, decision, reason, decided_by);
}

std::uint64_t revoke_override(pg::Connection& connection, std::string_view revoked_by, std::string_view a,
                              std::string_view b) {
  return connection.query({"RevokeOverride", revoke_override_sql}, revoked_by, a, b).rows_affected();
}

std::vector<RejectedCveIdsRow> rejected_cve_ids(pg::Connection& connection,
                                                std::span<const std::string_view> ids) {
  return pg::query_many(connection, {"RejectedCveIds", rejected_cve_ids_sql}, read_rejected_cve_ids, ids);
}

}  // namespace store::sql
