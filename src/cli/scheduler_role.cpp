#include "cli/scheduler_role.hpp"

namespace cli {

jobs::SchedulerSettings scheduler_settings(const Context& context, const Database& database,
                                           const redis::Settings& redis) {
  const ServiceSettings& service = context.settings().service;
  jobs::SchedulerSettings settings;
  settings.database = [&database] {
    pg::Settings connection = database.settings(Database::Route::direct);
    connection.application_name = "vuln-datasync scheduler";
    return connection;
  };
  settings.redis = redis;
  settings.schedules = {jobs::schedule_of("sync", service.sync_interval, jobs::SyncRequest{}),
                        jobs::schedule_of("export", service.export_interval, jobs::ExportRequest{}),
                        jobs::schedule_of("cleanup", "@daily", jobs::CleanupRequest{})};
  return settings;
}

}  // namespace cli
