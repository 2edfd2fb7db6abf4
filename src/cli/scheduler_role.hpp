// The scheduler of `serve`: the program's settings put into the scheduler of the queue.
#pragma once

#include "cli/context.hpp"
#include "cli/database.hpp"
#include "jobs/scheduler.hpp"

namespace cli {

/// Syncs and exports as SYNC_INTERVAL and EXPORT_INTERVAL say, a cleanup every day.
jobs::SchedulerSettings scheduler_settings(const Context& context, const Database& database,
                                           const redis::Settings& redis);

}  // namespace cli
