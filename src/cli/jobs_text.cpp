#include "cli/jobs_text.hpp"

#include "base/format.hpp"
#include "cli/json_output.hpp"
#include "cli/output.hpp"

namespace cli {

namespace {

using base::json::Value;

std::string member(const Value& object, std::string_view name) {
  const Value* const value = object.find(name);
  return value == nullptr || value->is_null() ? std::string() : std::string(value->text());
}

std::string seconds_text(pg::Timestamp time) {
  return time_text(std::chrono::floor<std::chrono::seconds>(time));
}

void add_line(std::string& text, std::string_view name, const std::string& value) {
  if (!value.empty()) text += base::format("{:<9} {}\n", name, value);
}

std::string counts_text(const Value& object, std::initializer_list<std::string_view> names) {
  std::string text;
  for (const std::string_view name : names)
    if (const std::string count = member(object, name); !count.empty() && count != "0")
      text += base::format("{}{} {}", text.empty() ? "" : ", ", count, name);
  return text.empty() ? "nothing" : text;
}

// The report of a sync in a few lines; what else a job gave, as it is.
std::string result_text(const jobs::Job& job) {
  if (!job.result) return {};
  base::Arena arena;
  const Value result = base::json::parse(*job.result, arena).value;
  if (!result.is_object()) return *job.result;
  const Value* const sources = result.find("sources");
  const Value* const vulnerabilities = result.find("vulnerabilities");
  if (sources == nullptr || vulnerabilities == nullptr) return *job.result;
  std::string text = base::format("{} in {} s, run {}", member(result, "state"), member(result, "seconds"),
                                  member(result, "run_id"));
  for (const auto& [name, source] : sources->members()) {
    text += base::format("\n          {}, {}: {}", name, member(source, "mode"),
                         counts_text(source, {"seen", "inserted", "updated", "deleted", "quarantined"}));
    if (const std::string error = member(source, "error"); !error.empty()) text += "; " + error;
  }
  return text + base::format("\n          vulnerabilities: {}",
                             counts_text(*vulnerabilities, {"created", "updated", "withdrawn", "renamed",
                                                            "merged", "split", "removed", "total"}));
}

}  // namespace

std::string progress_text(const jobs::Job& job) {
  if (!job.progress) return {};
  base::Arena arena;
  const Value progress = base::json::parse(*job.progress, arena).value;
  if (!progress.is_object()) return {};
  std::string text = member(progress, "stage");
  if (const std::string source = member(progress, "source"); !source.empty()) text += " " + source;
  const std::string done = member(progress, "done");
  const std::string total = member(progress, "total");
  if (!done.empty() && done != "0") text += ", " + done + (total.empty() ? "" : " of " + total);
  if (const std::string rate = member(progress, "rate"); !rate.empty()) text += ", " + rate + "/s";
  if (const std::string left = member(progress, "eta_seconds"); !left.empty())
    text += ", " + left + " s left";
  if (const std::string note = member(progress, "note"); !note.empty())
    text += (text.empty() ? "" : "; ") + note;
  return text;
}

std::string jobs_table(const std::vector<jobs::Job>& found) {
  Table table({"ID", "TYPE", "STATE", "CREATED", "ATTEMPT", "WHAT"});
  for (const jobs::Job& job : found) {
    const std::string what = job.state == "running" ? progress_text(job) : job.error.value_or("");
    table.add({job.id, job.type, job.state, seconds_text(job.created_at), std::to_string(job.attempt), what});
  }
  return table.to_string();
}

std::string job_text(const jobs::Job& job) {
  std::string text;
  add_line(text, "id", job.id);
  add_line(text, "type", job.type);
  add_line(text, "queue", job.queue);
  add_line(text, "state", job.state);
  add_line(text, "asked for", job.payload);
  add_line(text, "created", seconds_text(job.created_at));
  if (job.started_at) add_line(text, "started", seconds_text(*job.started_at));
  if (job.finished_at) add_line(text, "finished", seconds_text(*job.finished_at));
  if (job.attempt > 0) add_line(text, "attempt", std::to_string(job.attempt));
  add_line(text, "worker", job.worker.value_or(""));
  add_line(text, "progress", progress_text(job));
  add_line(text, "error", job.error.value_or(""));
  add_line(text, "result", result_text(job));
  return text;
}

}  // namespace cli
