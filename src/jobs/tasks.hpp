// What the jobs of this program do: the handlers of its worker.
//
//   sync:vulnerabilities  {"sources": [...], "full": false}   a sync; its result is the sync report
//   export:database       {"formats": [...]}                  a snapshot
//   cleanup:old_data      {"older_than_days": 90}             history, and snapshots beyond their retention
#pragma once

#include <functional>
#include <map>
#include <string>

#include "jobs/attempt.hpp"
#include "jobs/job_run.hpp"
#include "jobs/queue.hpp"
#include "pipeline/options.hpp"
#include "snapshot/export.hpp"
#include "snapshot/retention.hpp"

namespace jobs {

/// How the program would do these things itself; progress and stop are filled in here.
struct TaskSettings {
  std::function<pipeline::Options(const SyncRequest&)> sync;
  std::function<snapshot::ExportOptions(const ExportRequest&)> snapshot;
  snapshot::Retention retention;
};

/// Whose rows are written by `host`; both are kept.
std::map<std::string, Handler> make_handlers(const JobHost& host, const TaskSettings& settings);

}  // namespace jobs
