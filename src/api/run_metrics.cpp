#include "api/run_metrics.hpp"

#include <cstdlib>

#include "base/json.hpp"
#include "store/generated/service.hpp"

namespace api {

namespace {

double number_of(const base::json::Value* value) {
  return value == nullptr ? 0 : std::strtod(std::string(value->text()).c_str(), nullptr);
}

// From an unchanged source to a first load of millions.
std::vector<double> stage_bounds() {
  return {0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600};
}

}  // namespace

void RunMetrics::take(const std::string& report) {
  base::Arena arena;
  const base::json::Value run = base::json::parse(report, arena).value;
  if (const auto* const state = run.find("state")) runs_[std::string(state->text())] += 1;
  if (const auto* const sources = run.find("sources"))
    for (const auto& [source, counts] : sources->members())
      for (const std::string_view outcome :
           {"inserted", "updated", "unchanged", "quarantined", "deleted", "duplicates"})
        records_[{std::string(source), std::string(outcome)}] += number_of(counts.find(outcome));
  if (const auto* const stages = run.find("stages"))
    for (const auto& [stage, seconds] : stages->members())
      stages_.try_emplace(std::string(stage), stage_bounds()).first->second.add(number_of(&seconds));
}

// A database that was made anew numbers its runs from 1 again.
void RunMetrics::begin_anew_for_another_feed(pg::Connection& connection) {
  const auto feed = store::sql::feed_position(connection);
  if (!feed || feed->feed_id == feed_id_) return;
  feed_id_ = feed->feed_id;
  last_run_ = 0;
  records_.clear();
  runs_.clear();
  stages_.clear();
}

void RunMetrics::write(pg::Connection& connection, std::string& out) {
  const std::scoped_lock lock(mutex_);
  begin_anew_for_another_feed(connection);
  for (const auto& run : store::sql::finished_runs(connection, last_run_)) {
    last_run_ = run.run_id;
    if (run.report) take(*run.report);
  }
  MetricsText text(out);
  text.describe("vulndatasync_records_total", "counter",
                "Source records looked at by syncs, by what became of them.");
  for (const auto& [key, count] : records_)
    text.sample("vulndatasync_records_total", {{"source", key.first}, {"outcome", key.second}}, count);
  text.describe("vulndatasync_sync_runs_total", "counter", "Syncs that ended, by how.");
  for (const auto& [state, count] : runs_)
    text.sample("vulndatasync_sync_runs_total", {{"state", state}}, count);
  text.describe("vulndatasync_sync_stage_duration_seconds", "histogram",
                "Seconds that syncs spent, by stage.");
  for (const auto& [stage, histogram] : stages_)
    text.histogram("vulndatasync_sync_stage_duration_seconds", {{"stage", stage}}, histogram);
}

}  // namespace api
