#include "cli/worker_role.hpp"

#include <algorithm>

#include "cli/snapshot_options.hpp"
#include "cli/sync_options.hpp"
#include "jobs/tasks.hpp"

namespace cli {

namespace {

std::function<pg::Settings()> worker_connection(const Database& database) {
  return [&database] {
    pg::Settings settings = database.settings(Database::Route::direct);
    settings.application_name = "vuln-datasync worker";
    return settings;
  };
}

jobs::TaskSettings task_settings(const Context& context, const Database& database) {
  jobs::TaskSettings settings;
  settings.sync = [&context, &database](const jobs::SyncRequest& request) {
    pipeline::Options options = sync_options(context, request.sources, request.full);
    options.database = database.settings(Database::Route::direct);
    return options;
  };
  settings.snapshot = [&context, &database](const jobs::ExportRequest& request) {
    return export_options(context, database, request.formats, {});
  };
  settings.retention = retention_of(context);
  return settings;
}

jobs::WorkerSettings worker_settings(const redis::Settings& redis) {
  jobs::WorkerSettings settings;
  settings.redis = redis;
  // A sync uses all cores by itself; several slots let small jobs pass it.
  settings.concurrency = std::clamp(std::thread::hardware_concurrency(), 3U, 8U);
  return settings;
}

}  // namespace

WorkerRole::WorkerRole(const Context& context, Database& database, const redis::Settings& redis)
    : worker_(worker_settings(redis)), database_(worker_connection(database)), redis_(redis) {
  worker_.set_handlers(jobs::make_handlers({database_, worker_.name()}, task_settings(context, database)));
}

void WorkerRole::start() {
  worker_.start();
  mender_.emplace(database_, redis_);
}

// The mender last: it may wait for a PostgreSQL that hangs, and tasks are handed back all the same.
void WorkerRole::stop() {
  worker_.stop();
  mender_.reset();
}

}  // namespace cli
