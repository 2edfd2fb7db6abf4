#include "cli/sync_options.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/format.hpp"
#include "base/host.hpp"
#include "base/listed.hpp"
#include "cli/error.hpp"
#include "cli/program.hpp"

namespace cli {

namespace {

std::string worker_name() {
  return base::format("{}:{}", base::host_name(), ::getpid());
}

advisory::Source source_called(const std::string& name) {
  const auto source = advisory::source_from(name);
  if (!source)
    throw UsageError("there is no source '" + name + "': " + base::listed(advisory::all_sources, "or"));
  return *source;
}

}  // namespace

fetch::LiveSettings live_settings(const SourceSettings& sources) {
  fetch::LiveSettings live;
  live.osv_bucket = sources.osv_bucket;
  live.osv_gcs_endpoint = sources.osv_gcs_endpoint;
  live.osv_http_url = sources.osv_http_url;
  live.gitlab_repo_url = sources.gitlab_repo_url;
  live.cve_project_url = sources.cve_project_url;
  live.cve_raw_url = sources.cve_raw_url;
  live.cve_releases_url = sources.cve_releases_url;
  live.google = fetch::google_identity();
  return live;
}

std::vector<advisory::Source> sources_called(const std::vector<std::string>& names) {
  std::vector<advisory::Source> sources;
  for (const std::string& name : names) sources.push_back(source_called(name));
  std::sort(sources.begin(), sources.end());
  sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
  return sources;
}

void add_source_option(CLI::App& command, std::vector<std::string>& names) {
  const std::string known = base::listed(advisory::all_sources, "or");
  command.add_option("--source", names, "Only this source: " + known + "; may be repeated")
      ->type_name("NAME");
}

pipeline::Options writer_options(const Context& context) {
  const SourceSettings& sources = context.settings().sources;
  pipeline::Options options;
  options.cache = context.settings().data_dir / "cache";
  options.live = live_settings(sources);
  options.reconcile_interval = sources.reconcile_interval;
  options.parse_threads = {{advisory::Source::osv, sources.osv_workers},
                           {advisory::Source::gitlab, sources.gitlab_workers},
                           {advisory::Source::cve, sources.cve_workers}};
  options.writers = std::max({sources.osv_workers, sources.gitlab_workers, sources.cve_workers});
  if (context.settings().batch_size) options.batch_size = *context.settings().batch_size;
  options.worker = worker_name();
  options.stop = context.stop();
  return options;
}

pipeline::Options writer_options(const Context& context, const Database& database,
                                 pipeline::Progress& progress) {
  pipeline::Options options = writer_options(context);
  options.sources = sources_called(context.settings().sources.enabled);
  options.database = database.settings(Database::Route::direct);
  options.progress = &progress;
  return options;
}

pipeline::Options sync_options(const Context& context, const std::vector<std::string>& names, bool full) {
  const SourceSettings& sources = context.settings().sources;
  pipeline::Options options = writer_options(context);
  options.must_exist = sources_called(names);
  options.sources = names.empty() ? sources_called(sources.enabled) : options.must_exist;
  if (!sources.mirror.empty()) options.mirror = sources.mirror;
  options.full = full;
  return options;
}

std::string report_text(const pipeline::Report& report) {
  std::string text;
  for (const auto& [source, s] : report.sources) {
    text += base::format("{:<7} ", advisory::to_string(source));
    if (s.state == "failed")
      text += "failed: " + s.error.value_or("");
    else if (s.mode == "absent" || s.mode == "unchanged")
      text += s.mode;
    else
      text += base::format(
          "{}: {} seen, {} inserted, {} updated, {} unchanged, {} quarantined, {} deleted, {} duplicates",
          s.mode, s.seen, s.inserted, s.updated, s.unchanged, s.quarantined, s.deleted, s.duplicates);
    text += '\n';
  }
  const pipeline::VulnerabilityReport& v = report.vulnerabilities;
  text += base::format(
      "total   {} vulnerabilities: {} created, {} updated, {} withdrawn, {} renamed, {} merged, {} split, {} "
      "removed\n",
      v.total, v.created, v.updated, v.withdrawn, v.renamed, v.merged, v.split, v.removed);
  text += base::format("{} in {:.1f} s, at most {} MiB of memory\n", report.state, report.seconds,
                       report.peak_rss_bytes >> 20);
  return text;
}

int exit_status(const pipeline::Report& report) {
  if (report.state == "failed" || report.state == "interrupted") return failed;
  return report.state == "partial" ? done_in_part : done;
}

}  // namespace cli
