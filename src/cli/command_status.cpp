// status [--check]
#include <CLI/App.hpp>
#include <memory>

#include "base/format.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/json_output.hpp"
#include "cli/program.hpp"
#include "store/status_json.hpp"

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

std::string duration(std::int64_t seconds) {
  if (seconds < 120) return base::format("{} s", seconds);
  if (seconds < 2L * 3600) return base::format("{} min", seconds / 60);
  if (seconds < 2L * 86400) return base::format("{} h", seconds / 3600);
  return base::format("{} d", seconds / 86400);
}

base::json::Value status_json(const Status& status, base::Arena& arena) {
  using base::json::Value;
  std::vector<Value> sources;
  for (const auto& source : status.sources) sources.push_back(store::source_json(source, arena));
  std::vector<Value> exports;
  for (const auto& row : status.exports)
    exports.push_back(base::json::ObjectBuilder(arena)
                          .add("version", arena.copy(row.version))
                          .add("state", arena.copy(row.state))
                          .finish());
  base::json::ObjectBuilder object(arena);
  object.add("sources", base::json::make_array(arena, std::span<const Value>(sources)));
  object.add("vulnerabilities", store::stats_json(status.stats, arena));
  object.add("quarantine", store::quarantine_json(status.quarantine, arena));
  object.add("running", store::running_syncs_json(status.running, arena));
  object.add("last_sync", status.last.empty() ? Value() : store::ended_sync_json(status.last.front(), arena));
  object.add("exports", base::json::make_array(arena, std::span<const Value>(exports)));
  return object.finish();
}

std::string last_sync_text(const store::sql::LastSyncRow& row) {
  using std::chrono::floor, std::chrono::seconds;
  std::string text = base::format("last sync: {} {}", row.run_id, row.state);
  if (row.finished_at)
    text += base::format(" at {} after {}", time_text(floor<seconds>(*row.finished_at)),
                         duration(floor<seconds>(*row.finished_at - row.started_at).count()));
  return text + base::format(", by {}\n", row.worker);
}

std::string status_text(const Status& status) {
  Table table({"SOURCE", "STATE", "RECORDS", "LAST SUCCESS", "AGE", "LIMIT", "FINGERPRINT"});
  std::string errors;
  for (const auto& source : status.sources) {
    const std::string state(store::trouble(source));
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
  for (const auto& row : status.last) text += last_sync_text(row);
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
    context.output().print(status_text(status));
  if (!check) return done;
  const auto& enabled = context.settings().sources.enabled;
  for (const auto& source : status.sources) {
    const bool is_enabled = std::find(enabled.begin(), enabled.end(), source.source) != enabled.end();
    if (is_enabled && !store::trouble(source).empty()) return failed;
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
