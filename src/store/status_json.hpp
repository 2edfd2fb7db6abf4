// What the tables of state say, as JSON: for `status --json` and the HTTP API alike.
#pragma once

#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "store/generated/lookup.hpp"
#include "store/generated/status.hpp"

namespace store {

/// Why a source is not well: "failing", "never synced", "stale"; or "" when it is.
std::string_view trouble(const sql::SourceStatesRow& source);

base::json::Value source_json(const sql::SourceStatesRow& source, base::Arena& arena);
base::json::Value stats_json(const sql::VulnerabilityStatsRow& stats, base::Arena& arena);
base::json::Value quarantine_json(const std::vector<sql::QuarantineCountsRow>& counts, base::Arena& arena);
base::json::Value running_syncs_json(const std::vector<sql::RunningSyncsRow>& runs, base::Arena& arena);
base::json::Value ended_sync_json(const sql::LastSyncRow& run, base::Arena& arena);

/// One entry of the change feed.
base::json::Value change_json(const sql::ChangesAfterRow& change, base::Arena& arena);

}  // namespace store
