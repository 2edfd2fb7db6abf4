// Written by `make sql-generate` from sql/runs.sql. Do not edit.
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

void end_abandoned_runs(pg::Connection& connection);

struct StartRunRow {
  std::int64_t run_id = 0;
};

std::optional<StartRunRow> start_run(pg::Connection& connection, pg::Timestamp started_at,
                                     std::string_view worker);

/// Only the holder of the lease has a run that is running.
void touch_run(pg::Connection& connection);

void finish_run(pg::Connection& connection, std::string_view state, pg::Json report, std::int64_t run_id);

struct SourceProgressRow {
  std::optional<std::string> fingerprint;
  std::optional<std::string> rules;
  std::optional<std::string> watermark;
  std::int64_t duplicates = 0;
  std::int64_t records = 0;
  std::optional<std::int64_t> seconds_since_reconciled;
};

std::optional<SourceProgressRow> source_progress(pg::Connection& connection, std::string_view source);

void note_current(pg::Connection& connection, std::string_view fingerprint, std::string_view source);

void begin_source(pg::Connection& connection, std::string_view first_rules, std::string_view source);

void finish_source(pg::Connection& connection, std::string_view fingerprint, std::string_view rules,
                   std::optional<std::string_view> watermark, bool reconciled, std::int64_t duplicates,
                   std::string_view source);

void fail_source(pg::Connection& connection, std::string_view error, std::string_view source);

struct CountVulnerabilitiesRow {
  std::int64_t total = 0;
};

/// Kept beside the change feed: counting them anew takes the longer the more there are.
std::optional<CountVulnerabilitiesRow> count_vulnerabilities(pg::Connection& connection);

}  // namespace store::sql
