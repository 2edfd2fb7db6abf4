#include "jobs/tasks.hpp"

#include "base/format.hpp"
#include "base/memory.hpp"
#include "jobs/task_types.hpp"
#include "pipeline/report.hpp"
#include "pipeline/sync.hpp"
#include "snapshot/directory.hpp"
#include "snapshot/export_row.hpp"
#include "store/generated/jobs.hpp"
#include "store/json.hpp"

namespace jobs {

namespace sql = store::sql;

namespace {

using base::json::Value;

std::string errors_of(const pipeline::Report& report) {
  std::string text;
  for (const auto& [source, of_source] : report.sources) {
    if (!of_source.error) continue;
    if (!text.empty()) text += "; ";
    text.append(advisory::to_string(source)).append(": ").append(*of_source.error);
  }
  return text;
}

JobDone sync(const TaskSettings& settings, const SyncRequest& request, JobContext& context) {
  pipeline::Options options = settings.sync(request);
  options.stop = context.attempt.stop();
  options.progress = &context.progress;
  const pipeline::Report report = pipeline::sync(options);
  JobDone done{pipeline::to_json(report)};
  if (report.state == "interrupted") throw base::Error("interrupted");
  const std::string errors = errors_of(report);
  if (report.state == "failed") throw JobFailed(errors, done.result);
  if (report.state == "partial") done.error = errors;
  return done;
}

JobDone make_snapshot(const TaskSettings& settings, const ExportRequest& request, JobContext& context) {
  snapshot::ExportOptions options = settings.snapshot(request);
  options.stop = context.attempt.stop();
  options.progress = [&](std::string_view stage, std::uint64_t done, std::uint64_t total) {
    context.progress.set(stage, done, total);
  };
  try {
    base::Arena arena;
    return {base::json::write(snapshot::to_json(snapshot::export_snapshot(options), arena))};
  } catch (const snapshot::RefusedError& error) {
    throw GiveUp(error.what());  // it is the database that has to change first
  }
}

// Snapshots that no rule keeps; those that somebody reads stay until the next time.
std::size_t prune(const TaskSettings& settings, pg::Connection& connection) {
  const snapshot::Directory directory(settings.snapshot({}).directory);
  const auto chosen = snapshot::to_remove(directory.versions(), settings.retention);
  if (chosen.empty()) return 0;
  snapshot::Turn turn(directory);
  std::size_t removed = 0;
  for (const std::string& version : chosen) {
    if (!turn.remove(version)) continue;
    snapshot::note_removal(connection, directory, version);
    ++removed;
  }
  return removed;
}

JobDone clean_up(const JobHost& host, const TaskSettings& settings, const CleanupRequest& request,
                 JobContext& context) {
  pg::Connection connection(host.database());
  base::Arena arena;
  base::json::ObjectBuilder removed(arena);
  const auto note = [&](std::string_view what, std::uint64_t count) {
    removed.add(what, store::json_number(static_cast<std::int64_t>(count), arena));
    if (context.attempt.stop().stop_requested()) throw base::Error("interrupted");
  };
  context.progress.begin("cleanup", "", 0);
  note("jobs", sql::delete_old_jobs(connection, request.older_than_days));
  note("sync_runs", sql::delete_old_runs(connection, request.older_than_days));
  note("changes", sql::delete_old_changes(connection, request.older_than_days,
                                          snapshot::Directory(settings.snapshot({}).directory).canonical()));
  note("exports", prune(settings, connection));
  return {base::json::write(removed.finish())};
}

// What a job needed is not held until the next one, an hour later.
struct MemoryReleaser {
  MemoryReleaser() = default;
  MemoryReleaser(const MemoryReleaser&) = delete;
  MemoryReleaser& operator=(const MemoryReleaser&) = delete;
  ~MemoryReleaser() { base::release_freed_memory(); }
};

// A handler: reads the payload, refuses one that cannot be meant, runs `body`.
template <typename Request, typename Body>
Handler handler(const JobHost& host, Request (*read)(std::string_view), Body body) {
  return [host, read, body](Attempt& attempt) {
    Request request;
    try {
      request = read(attempt.message().payload);
    } catch (const RequestError& error) {
      reject_job(host, attempt, error.what());
    }
    const MemoryReleaser releaser;
    return run_job(host, attempt, [&](JobContext& context) { return body(request, context); });
  };
}

}  // namespace

std::map<std::string, Handler> make_handlers(const JobHost& host, const TaskSettings& settings) {
  return {
      {std::string(sync_type), handler(host, read_sync_request,
                                       [settings](const SyncRequest& request, JobContext& context) {
                                         return sync(settings, request, context);
                                       })},
      {std::string(export_type), handler(host, read_export_request,
                                         [settings](const ExportRequest& request, JobContext& context) {
                                           return make_snapshot(settings, request, context);
                                         })},
      {std::string(cleanup_type),
       handler(host, read_cleanup_request,
               [host, settings](const CleanupRequest& request, JobContext& context) {
                 return clean_up(host, settings, request, context);
               })},
  };
}

}  // namespace jobs
