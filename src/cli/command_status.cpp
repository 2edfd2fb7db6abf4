// status [--check]
#include <CLI/App.hpp>
#include <memory>

#include "base/format.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/json_output.hpp"
#include "cli/program.hpp"
#include "store/generated/status.hpp"

namespace cli {

namespace {

struct Status {
  std::vector<store::sql::SourceStatesRow> sources;
  store::sql::VulnerabilityStatsRow stats;
  std::vector<store::sql::QuarantineCountsRow> quarantine;
  std::vector<store::sql::RunningSyncsRow> running;
  std::vector<store::sql::LastSyncRow> last;
  std::vector<store::sql::ListExportsRow> exports;
};

Status read_status(pg::Connection& connection) {
  const pg::Transaction snapshot(connection, pg::Transaction::Mode::read_only_snapshot);
  return {store::sql::source_states(connection),
          store::sql::vulnerability_stats(connection).value_or(store::sql::VulnerabilityStatsRow{}),
          store::sql::quarantine_counts(connection),
          store::sql::running_syncs(connection),
          store::sql::last_sync(connection),
          store::sql::list_exports(connection)};
}

// Why a source is not well, or nothing.
std::string trouble(const store::sql::SourceStatesRow& source) {
  if (source.failures > 0) return "failing";
  if (!source.age_seconds) return "never synced";
  if (*source.age_seconds > source.max_age_seconds) return "stale";
  return {};
}

std::string duration(std::int64_t seconds) {
  if (seconds < 120) return base::format("{} s", seconds);
  if (seconds < 2 * 3600) return base::format("{} min", seconds / 60);
  if (seconds < 2 * 86400) return base::format("{} h", seconds / 3600);
  return base::format("{} d", seconds / 86400);
}

base::json::Value source_json(const store::sql::SourceStatesRow& source, base::Arena& arena) {
  const auto text = [&](const std::string& value) { return base::json::Value::string(arena.copy(value)); };
  const auto time = [&](pg::Timestamp value) { return json_time(value, arena); };
  const auto number = [&](std::int64_t value) { return json_number(value, arena); };
  base::json::ObjectBuilder object(arena);
  object.add("source", text(source.source));
  object.add("state", text(trouble(source).empty() ? "ok" : trouble(source)));
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

base::json::Value stats_json(const store::sql::VulnerabilityStatsRow& stats, base::Arena& arena) {
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

base::json::Value status_json(const Status& status, base::Arena& arena) {
  using base::json::Value;
  std::vector<Value> sources;
  for (const auto& source : status.sources) sources.push_back(source_json(source, arena));
  std::vector<Value> quarantine;
  for (const auto& row : status.quarantine)
    quarantine.push_back(base::json::ObjectBuilder(arena)
                             .add("source", arena.copy(row.source))
                             .add("reason", arena.copy(row.reason))
                             .add("records", json_number(row.records, arena))
                             .finish());
  std::vector<Value> running;
  for (const auto& row : status.running)
    running.push_back(base::json::ObjectBuilder(arena)
                          .add("run_id", json_number(row.run_id, arena))
                          .add("started_at", json_time(row.started_at, arena))
                          .add("worker", arena.copy(row.worker))
                          .finish());
  std::vector<Value> exports;
  for (const auto& row : status.exports)
    exports.push_back(base::json::ObjectBuilder(arena)
                          .add("version", arena.copy(row.version))
                          .add("state", arena.copy(row.state))
                          .finish());
  base::json::ObjectBuilder object(arena);
  object.add("sources", base::json::make_array(arena, std::span<const Value>(sources)));
  object.add("vulnerabilities", stats_json(status.stats, arena));
  object.add("quarantine", base::json::make_array(arena, std::span<const Value>(quarantine)));
  object.add("running", base::json::make_array(arena, std::span<const Value>(running)));
  object.add("exports", base::json::make_array(arena, std::span<const Value>(exports)));
  return object.finish();
}

std::string status_text(const Status& status) {
  Table table({"SOURCE", "STATE", "RECORDS", "LAST SUCCESS", "AGE", "LIMIT", "FINGERPRINT"});
  std::string errors;
  for (const auto& source : status.sources) {
    const std::string state = trouble(source);
    table.add({source.source, state.empty() ? "ok" : state, std::to_string(source.records),
               source.last_success ? time_text(std::chrono::floor<std::chrono::seconds>(*source.last_success))
                                   : "never",
               source.age_seconds ? duration(*source.age_seconds) : "-", duration(source.max_age_seconds),
               source.fingerprint.value_or("-")});
    if (source.last_error) errors += base::format("{}: {}\n", source.source, *source.last_error);
  }
  const auto& s = status.stats;
  std::string text = table.to_string() + errors;
  text += base::format(
      "\n{} vulnerabilities: {} live, {} withdrawn, {} in several sources, {} known exploited\n"
      "{} critical, {} high, {} medium, {} low, {} without a rating\n",
      s.total, s.live, s.withdrawn, s.in_several_sources, s.known_exploited, s.critical, s.high, s.medium,
      s.low, s.unrated);
  for (const auto& row : status.quarantine)
    text += base::format("quarantined: {} {} {}\n", row.source, row.records, row.reason);
  for (const auto& row : status.running)
    text +=
        base::format("running: sync {} by {} since {}\n", row.run_id, row.worker, time_text(row.started_at));
  for (const auto& row : status.exports) text += base::format("export: {} {}\n", row.version, row.state);
  return text;
}

int run(Context& context, bool check) {
  Database database(context, Database::Missing::refuse);
  pg::Connection connection = database.connect_migrated();
  const Status status = read_status(connection);
  base::Arena arena;
  if (context.output().wants_json())
    context.output().json(status_json(status, arena));
  else
    context.output().write(status_text(status));
  if (!check) return done;
  const auto& enabled = context.settings().sources.enabled;
  for (const auto& source : status.sources) {
    const bool is_enabled = std::find(enabled.begin(), enabled.end(), source.source) != enabled.end();
    if (is_enabled && !trouble(source).empty()) return failed;
  }
  return done;
}

}  // namespace

void add_status(Commands& commands) {
  const auto check = std::make_shared<bool>(false);
  CLI::App& command = commands.add("status", "What is stored, how fresh it is, what is wrong with it");
  command.add_flag("--check", *check, "Exit with 1 when a source is stale or failing");
  commands.on(command, [check](Context& context) { return run(context, *check); });
}

}  // namespace cli
