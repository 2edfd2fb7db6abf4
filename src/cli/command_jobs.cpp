// jobs list | show ID | enqueue sync|export|cleanup | cancel ID | retry ID | pause | resume
#include <CLI/App.hpp>
#include <memory>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/error.hpp"
#include "cli/jobs_text.hpp"
#include "cli/json_output.hpp"
#include "cli/redis_server.hpp"
#include "cli/sync_options.hpp"
#include "jobs/job_state.hpp"
#include "jobs/queue.hpp"

namespace cli {

namespace {

struct JobsFlags {
  std::string id;
  jobs::JobFilter filter;
  jobs::SyncRequest sync;
  jobs::ExportRequest formats;
  jobs::CleanupRequest cleanup;
};

void print(Context& context, const jobs::Job& job) {
  if (!context.output().wants_json()) {
    context.output().write(job_text(job));
    return;
  }
  base::Arena arena;
  context.output().json(jobs::to_json(job, arena));
}

int list(Context& context, const JobsFlags& flags) {
  Database database(context, Database::Missing::refuse);
  pg::Connection connection = database.connect_migrated();
  if (!flags.filter.state.empty() && !jobs::is_state(flags.filter.state))
    throw UsageError("there is no state '" + flags.filter.state +
                     "': pending, running, succeeded, failed or cancelled");
  const std::vector<jobs::Job> found = jobs::Queue::list(connection, flags.filter);
  if (!context.output().wants_json()) {
    context.output().write(jobs_table(found));
    return 0;
  }
  base::Arena arena;
  for (const jobs::Job& job : found) context.output().json(jobs::to_json(job, arena));
  return 0;
}

jobs::Job find(pg::Connection& connection, const std::string& id) {
  auto job = jobs::Queue::find(connection, id);
  if (!job) throw base::Error("there is no job '" + id + "': see 'vuln-datasync jobs list'");
  return std::move(*job);
}

int show(Context& context, const JobsFlags& flags) {
  Database database(context, Database::Missing::refuse);
  pg::Connection connection = database.connect_migrated();
  print(context, find(connection, flags.id));
  return 0;
}

template <typename Request>
int enqueue(Context& context, const Request& request) {
  Database database(context, Database::Missing::create);
  if (database.embedded() != nullptr) database.migrate();
  pg::Connection connection = database.connect_migrated(Database::Route::direct);
  const RedisServer server(context);
  jobs::Queue queue(server.settings());
  try {
    const jobs::Enqueued added = queue.enqueue(connection, request);
    if (!added.created && !context.quiet())
      base::log::info("an open job does that already", {{"job", added.job.id}});
    print(context, added.job);
  } catch (const jobs::RequestError& error) {
    throw UsageError(error.what());
  }
  return 0;
}

int cancel(Context& context, const JobsFlags& flags) {
  Database database(context, Database::Missing::refuse);
  pg::Connection connection = database.connect_migrated(Database::Route::direct);
  find(connection, flags.id);
  const RedisServer server(context);
  if (jobs::Queue(server.settings()).cancel(connection, flags.id) == jobs::Cancelled::ended_before)
    throw base::Error("job " + flags.id + " has ended already");
  print(context, find(connection, flags.id));
  return 0;
}

int retry(Context& context, const JobsFlags& flags) {
  Database database(context, Database::Missing::refuse);
  pg::Connection connection = database.connect_migrated(Database::Route::direct);
  find(connection, flags.id);
  const RedisServer server(context);
  if (jobs::Queue(server.settings()).retry(connection, flags.id) == jobs::Retried::still_open)
    throw base::Error("job " + flags.id + " has not ended yet");
  print(context, find(connection, flags.id));
  return 0;
}

int pause(Context& context, bool paused) {
  const RedisServer server(context);
  jobs::Queue queue(server.settings());
  if (paused)
    queue.pause();
  else
    queue.resume();
  if (!context.output().wants_json()) {
    context.output().line(paused ? "paused: what runs goes on, nothing new begins" : "resumed");
    return 0;
  }
  base::Arena arena;
  context.output().json(
      base::json::ObjectBuilder(arena).add("state", paused ? "paused" : "resumed").finish());
  return 0;
}

void add_enqueue(Commands& commands, CLI::App& group, const std::shared_ptr<JobsFlags>& flags) {
  CLI::App& enqueue_group = commands.add(group, "enqueue", "Add a job, or show the open one that does it");
  CLI::App& sync = commands.add(enqueue_group, "sync", "A sync by the service");
  add_source_option(sync, flags->sync.sources);
  sync.add_flag("--full", flags->sync.full, "Read everything again, whether it changed or not");
  commands.on(sync, [flags](Context& context) {
    static_cast<void>(sources_called(flags->sync.sources));  // a name that is none is refused
    return enqueue(context, flags->sync);
  });
  CLI::App& snapshot = commands.add(enqueue_group, "export", "A snapshot by the service");
  snapshot
      .add_option("--format", flags->formats.formats,
                  "Only this format: postgres, osv or jsonl; may be repeated")
      ->type_name("NAME");
  commands.on(snapshot, [flags](Context& context) { return enqueue(context, flags->formats); });
  CLI::App& cleanup = commands.add(enqueue_group, "cleanup", "Removal of old history by the service");
  cleanup
      .add_option("--older-than-days", flags->cleanup.older_than_days, "What is younger stays (default: 90)")
      ->type_name("N");
  commands.on(cleanup, [flags](Context& context) { return enqueue(context, flags->cleanup); });
}

}  // namespace

void add_jobs(Commands& commands) {
  const auto flags = std::make_shared<JobsFlags>();
  CLI::App& group = commands.add("jobs", "The queue of the service and the history of its jobs");
  CLI::App& list_command = commands.add(group, "list", "Jobs, the newest first");
  list_command
      .add_option("--state", flags->filter.state, "Only pending, running, succeeded, failed or cancelled")
      ->type_name("STATE");
  list_command.add_option("--type", flags->filter.type, "Only this type, such as sync:vulnerabilities")
      ->type_name("TYPE");
  list_command.add_option("--limit", flags->filter.limit, "At most so many (default: 50)")
      ->type_name("N")
      ->check(positive_number());
  commands.on(list_command, [flags](Context& context) { return list(context, *flags); });

  const auto with_id = [&](const char* name, const char* description, auto run) {
    CLI::App& command = commands.add(group, name, description);
    command.add_option("ID", flags->id, "The job's id")->required();
    commands.on(command, [flags, run](Context& context) { return run(context, *flags); });
  };
  with_id("show", "One job: what it was asked for, how far it is, what it gave", show);
  add_enqueue(commands, group, flags);
  with_id("cancel", "Archive a waiting job, or stop a running one", cancel);
  with_id("retry", "Let a job that ended run again", retry);
  commands.on(commands.add(group, "pause", "Begin nothing new; what runs goes on"),
              [](Context& context) { return pause(context, true); });
  commands.on(commands.add(group, "resume", "Take up work again"),
              [](Context& context) { return pause(context, false); });
}

}  // namespace cli
