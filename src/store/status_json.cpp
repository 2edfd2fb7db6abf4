#include "store/status_json.hpp"

#include "base/hash.hpp"
#include "store/json.hpp"

namespace store {

using base::json::Value;

std::string_view trouble(const sql::SourceStatesRow& source) {
  if (source.failures > 0) return "failing";
  if (!source.age_seconds) return "never synced";
  if (*source.age_seconds > source.max_age_seconds) return "stale";
  return {};
}

base::json::Value source_json(const sql::SourceStatesRow& source, base::Arena& arena) {
  const auto text = [&](const std::string& value) { return base::json::Value::string(arena.copy(value)); };
  const auto time = [&](pg::Timestamp value) { return json_time(value, arena); };
  const auto number = [&](std::int64_t value) { return json_number(value, arena); };
  base::json::ObjectBuilder object(arena);
  object.add("source", text(source.source));
  object.add("state", Value::string(trouble(source).empty() ? "ok" : trouble(source)));
  object.add("fingerprint", json_or_null(source.fingerprint, text));
  object.add("last_attempt", json_or_null(source.last_attempt, time));
  object.add("last_success", json_or_null(source.last_success, time));
  object.add("age_seconds", json_or_null(source.age_seconds, number));
  object.add("max_age_seconds", number(source.max_age_seconds));
  object.add("last_error", json_or_null(source.last_error, text));
  object.add("failures", number(source.failures));
  object.add("records", number(source.records));
  return object.finish();
}

base::json::Value stats_json(const sql::VulnerabilityStatsRow& stats, base::Arena& arena) {
  base::json::ObjectBuilder object(arena);
  const std::pair<std::string_view, std::int64_t> counts[] = {{"total", stats.total},
                                                              {"live", stats.live},
                                                              {"withdrawn", stats.withdrawn},
                                                              {"osv", stats.from_osv},
                                                              {"gitlab", stats.from_gitlab},
                                                              {"cve", stats.from_cve},
                                                              {"several_sources", stats.in_several_sources},
                                                              {"known_exploited", stats.known_exploited},
                                                              {"critical", stats.critical},
                                                              {"high", stats.high},
                                                              {"medium", stats.medium},
                                                              {"low", stats.low},
                                                              {"unrated", stats.unrated}};
  for (const auto& [name, count] : counts) object.add(name, json_number(count, arena));
  return object.finish();
}

Value quarantine_json(const std::vector<sql::QuarantineCountsRow>& counts, base::Arena& arena) {
  std::vector<Value> items;
  for (const auto& row : counts)
    items.push_back(base::json::ObjectBuilder(arena)
                        .add("source", arena.copy(row.source))
                        .add("reason", arena.copy(row.reason))
                        .add("records", json_number(row.records, arena))
                        .finish());
  return base::json::make_array(arena, std::span<const Value>(items));
}

Value running_syncs_json(const std::vector<sql::RunningSyncsRow>& runs, base::Arena& arena) {
  std::vector<Value> items;
  for (const auto& row : runs)
    items.push_back(base::json::ObjectBuilder(arena)
                        .add("run_id", json_number(row.run_id, arena))
                        .add("started_at", json_time(row.started_at, arena))
                        .add("worker", arena.copy(row.worker))
                        .finish());
  return base::json::make_array(arena, std::span<const Value>(items));
}

Value ended_sync_json(const sql::LastSyncRow& run, base::Arena& arena) {
  const auto time = [&](pg::Timestamp at) { return json_time(at, arena); };
  return base::json::ObjectBuilder(arena)
      .add("run_id", json_number(run.run_id, arena))
      .add("state", arena.copy(run.state))
      .add("started_at", time(run.started_at))
      .add("finished_at", json_or_null(run.finished_at, time))
      .add("worker", arena.copy(run.worker))
      .finish();
}

Value change_json(const sql::ChangesAfterRow& change, base::Arena& arena) {
  base::json::ObjectBuilder object(arena);
  object.add("cursor", json_number(change.cursor, arena));
  object.add("uid", json_number(change.uid, arena));
  object.add("id", arena.copy(change.id));
  object.add("kind", arena.copy(change.kind));
  object.add("other_ids", json_strings(change.other_ids, arena));
  object.add("fields", json_strings(change.fields, arena));
  object.add("document_hash", change.document_hash
                                  ? base::json::Value::string(arena.copy(base::to_hex(*change.document_hash)))
                                  : base::json::Value());
  object.add("run_id", json_number(change.run_id, arena));
  object.add("at", json_time(change.at, arena));
  return object.finish();
}

}  // namespace store
