// serve [--listen HOST:PORT] [--role api,worker,scheduler] [--mirror DIR] [--insecure]
#include <CLI/App.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <tuple>

#include "api/server.hpp"
#include "base/backoff.hpp"
#include "base/format.hpp"
#include "base/log.hpp"
#include "base/memory.hpp"
#include "base/stop.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/descriptors.hpp"
#include "cli/error.hpp"
#include "cli/hangup.hpp"
#include "cli/last_resort.hpp"
#include "cli/listen_address.hpp"
#include "cli/program.hpp"
#include "cli/redis_server.hpp"
#include "cli/scheduler_role.hpp"
#include "cli/service_manager.hpp"
#include "cli/worker_role.hpp"
#include "pipeline/component.hpp"

namespace cli {

namespace {

struct ServeFlags {
  std::string listen;
  std::string roles = "api,worker,scheduler";
  bool insecure = false;
};

std::string explain(pg::Connection& connection, const std::string& id) {
  base::Arena arena;
  const pipeline::Component component(connection, id, arena);
  return base::json::write(component.explain(id, arena));
}

std::optional<redis::Settings> shared_cache(const ServiceSettings& service) {
  if (service.cache_redis_url.empty()) return std::nullopt;
  try {
    return redis::parse_address(service.cache_redis_url);
  } catch (const base::Error& error) {
    throw UsageError(base::format("API_CACHE_REDIS_URL: {}", error.what()));
  }
}

api::Limits limits(const Settings& settings) {
  api::Limits limits;
  limits.rate = settings.service.rate_limit;
  const std::uint64_t descriptors = raise_descriptor_limit();
  const std::size_t fitting =
      connections_that_fit(descriptors, settings.database.max_connections, limits.connections);
  if (fitting < limits.connections)
    base::log::info("the limit of open files allows fewer connections",
                    {{"files", descriptors}, {"connections", fitting}, {"usual", limits.connections}});
  limits.connections = fitting;
  return limits;
}

api::Settings api_settings(const Context& context, const Database& database, const redis::Settings& redis,
                           const ServeFlags& flags) {
  const ServiceSettings& service = context.settings().service;
  const DatabaseSettings& configured = context.settings().database;
  api::Settings settings;
  settings.host = service.host;
  settings.port = service.port;
  if (!flags.listen.empty()) std::tie(settings.host, settings.port) = parse_listen_address(flags.listen);
  settings.database = [&database] {
    pg::Settings connection = database.settings();
    connection.application_name = "vuln-datasync api";
    connection.statement_timeout = std::chrono::seconds(20);
    return connection;
  };
  settings.redis = redis;
  // A client that waits is told soon that the queue is away.
  settings.redis.connect_timeout = std::chrono::seconds(1);
  settings.redis.reply_timeout = std::chrono::seconds(3);
  settings.pool.max_connections = configured.max_connections;
  settings.pool.min_connections = configured.min_connections;
  settings.tokens = service.tokens;
  settings.tokens_file = service.tokens_file;
  settings.insecure = flags.insecure;
  settings.limits = limits(context.settings());
  settings.cors_origins = service.cors_origins;
  settings.cache_bytes = static_cast<std::size_t>(service.cache_mib) << 20;
  settings.shared_cache = shared_cache(service);
  settings.exports = context.settings().data_dir / "exports";
  settings.sources = context.settings().sources.enabled;
  settings.explain = explain;
  return settings;
}

struct Roles {
  bool api = false;
  bool worker = false;
  bool scheduler = false;
};

Roles parse_roles(std::string_view text) {
  Roles roles;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view name = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (name == "api")
      roles.api = true;
    else if (name == "worker")
      roles.worker = true;
    else if (name == "scheduler")
      roles.scheduler = true;
    else
      throw UsageError("unknown role '" + std::string(name) + "': there are api, worker and scheduler");
  }
  if (!roles.api && !roles.worker && !roles.scheduler)
    throw UsageError("--role names no role: there are api, worker and scheduler");
  return roles;
}

// Brings the schema up to date. A server that cannot be reached yet is waited for by who cannot do without;
// for the API that is no reason not to start: readyz tells.
bool migrate(Context& context, Database& database, bool must) {
  base::Backoff backoff(std::chrono::milliseconds(500), std::chrono::seconds(10));
  for (;;) {
    try {
      database.migrate();
      return true;
    } catch (const pg::Error& error) {
      if (must && !error.retryable()) throw;
      base::log::warn("the schema could not be brought up to date", {{"error", error.what()}});
    }
    if (!must || !base::sleep_for(backoff.next(), context.stop())) return false;
  }
}

// For all of a service to stop: eight seconds for jobs and ten for requests, and as much again for what ends
// at its next look. Less than systemd and Docker give (TimeoutStopSec, stop_grace_period).
constexpr std::chrono::seconds longest_stop(45);

// What this process does, in the order in which it begins.
class Service {
 public:
  Service(Context& context, const ServeFlags& flags, const Roles& roles)
      : context_(context),
        flags_(flags),
        roles_(roles),
        database_(context, Database::Missing::create),
        redis_(context) {
    database_.keep_alive();
    redis_.keep_alive();
    const redis::Settings& redis = redis_.settings();
    if (roles_.worker) worker_.emplace(context, database_, redis);
    if (roles_.scheduler) scheduler_.emplace(scheduler_settings(context, database_, redis));
    if (roles_.api) api_.emplace(api_settings(context, database_, redis, flags_));
  }

  void start() {
    const bool is_embedded = database_.embedded() != nullptr;
    const bool has_jobs = worker_ || scheduler_;
    if (is_embedded) migrate(context_, database_, has_jobs);
    if (api_) api_->start();
    notify_service_manager("READY=1");
    if (has_jobs && !is_embedded && !migrate(context_, database_, true)) return;
    if (worker_) worker_->start();
    if (scheduler_) scheduler_->start();
  }

  // The worker first: whatever hangs afterwards, its tasks are handed back.
  void stop() {
    notify_service_manager("STOPPING=1");
    if (worker_) worker_->stop();
    if (scheduler_) scheduler_->stop();
    if (api_) api_->stop();
  }

  void reload() {
    if (api_) api_->reload_tokens();
  }

 private:
  Context& context_;
  const ServeFlags& flags_;
  Roles roles_;
  Database database_;
  RedisServer redis_;
  std::optional<WorkerRole> worker_;
  std::optional<jobs::Scheduler> scheduler_;
  std::optional<api::Server> api_;
};

void run_until_stopped(Context& context, const ServeFlags& flags, const Roles& roles, Hangup& hangup) {
  const LastResort last_resort(context.stop(), longest_stop);
  Service service(context, flags, roles);
  const Hangup::Listener listener(hangup, [&service] { service.reload(); });
  service.start();
  while (base::sleep_for(std::chrono::hours(1), context.stop())) {
  }
  base::log::info("stopping");
  service.stop();
}

int serve(Context& context, const ServeFlags& flags) {
  const Roles roles = parse_roles(flags.roles);
  base::share_freed_memory();
  raise_descriptor_limit();
  const auto hangup = std::make_shared<Hangup>();
  context.on_hangup([hangup] { hangup->notify(); });
  run_until_stopped(context, flags, roles, *hangup);
  context.release_signals();  // being told to stop is how a service ends well
  return done;
}

}  // namespace

void add_serve(Commands& commands) {
  const auto flags = std::make_shared<ServeFlags>();
  CLI::App& command = commands.add("serve", "The service: HTTP API, worker for jobs, scheduler of jobs");
  command.add_option("--listen", flags->listen, "Where, instead of SERVER_HOST and SERVER_PORT")
      ->type_name("HOST:PORT");
  command
      .add_option("--role", flags->roles, "What this process does, of api,worker,scheduler (default: all)")
      ->type_name("ROLES");
  commands.overrides(command, "--mirror", "SOURCE_MIRROR", "DIR", "Read the sources from a mirror");
  command.add_flag("--insecure", flags->insecure, "Listen beyond loopback without tokens too");
  commands.on(command, [flags](Context& context) { return serve(context, *flags); });
}

}  // namespace cli
