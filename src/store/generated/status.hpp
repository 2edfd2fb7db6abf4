// Written by `make sql-generate` from sql/status.sql. Do not edit.
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

struct SourceStatesRow {
  std::string source;
  std::optional<std::string> fingerprint;
  std::optional<pg::Timestamp> last_attempt;
  std::optional<pg::Timestamp> last_success;
  std::optional<std::string> last_error;
  std::int32_t failures = 0;
  std::int64_t max_age_seconds = 0;
  std::optional<std::int64_t> age_seconds;
  std::int64_t records = 0;
};

std::vector<SourceStatesRow> source_states(pg::Connection& connection);

struct VulnerabilityStatsRow {
  std::int64_t total = 0;
  std::int64_t live = 0;
  std::int64_t withdrawn = 0;
  std::int64_t in_several_sources = 0;
  std::int64_t from_osv = 0;
  std::int64_t from_gitlab = 0;
  std::int64_t from_cve = 0;
  std::int64_t known_exploited = 0;
  std::int64_t critical = 0;
  std::int64_t high = 0;
  std::int64_t medium = 0;
  std::int64_t low = 0;
  std::int64_t unrated = 0;
};

std::optional<VulnerabilityStatsRow> vulnerability_stats(pg::Connection& connection);

struct QuarantineCountsRow {
  std::string source;
  std::string reason;
  std::int64_t records = 0;
};

std::vector<QuarantineCountsRow> quarantine_counts(pg::Connection& connection);

struct RunningSyncsRow {
  std::int64_t run_id = 0;
  pg::Timestamp started_at;
  pg::Timestamp heartbeat_at;
  std::string worker;
};

std::vector<RunningSyncsRow> running_syncs(pg::Connection& connection);

struct LastSyncRow {
  std::int64_t run_id = 0;
  std::string state;
  pg::Timestamp started_at;
  std::optional<pg::Timestamp> finished_at;
  std::string worker;
};

/// The last run that ended.
std::vector<LastSyncRow> last_sync(pg::Connection& connection);

struct ListExportsRow {
  std::string version;
  std::string state;
};

std::vector<ListExportsRow> list_exports(pg::Connection& connection);

}  // namespace store::sql
