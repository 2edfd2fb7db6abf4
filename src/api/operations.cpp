#include "api/operations.hpp"

#include <algorithm>

#include "api/backend.hpp"
#include "api/jobs.hpp"
#include "api/process_metrics.hpp"
#include "api/route.hpp"
#include "base/format.hpp"
#include "base/version.hpp"
#include "pg/migrations.hpp"
#include "redis/error.hpp"
#include "store/json.hpp"
#include "store/status_json.hpp"

namespace api {

namespace {

using base::json::Value;

// What is wrong with the database, or nothing.
std::string database_trouble(Backend& backend) {
  try {
    backend.pool().read([](pg::Connection& connection) {
      pg::Migrator(connection).require_current();
      return true;
    });
    return {};
  } catch (const base::Error& error) {
    return error.what();
  }
}

// What is wrong with the queue, or nothing.
std::string queue_trouble(Backend& backend) {
  try {
    backend.queue().queues();
    return {};
  } catch (const redis::Error& error) {
    return error.what();
  }
}

base::json::ObjectBuilder part_json(const std::string& trouble, base::Arena& arena) {
  base::json::ObjectBuilder object(arena);
  object.add("status", trouble.empty() ? "ok" : "down");
  object.add("error", trouble.empty() ? Value() : Value::string(arena.copy(trouble)));
  return object;
}

Value sources_json(Backend& backend, pg::Connection& connection, base::Arena& arena) {
  std::vector<Value> items;
  const auto& enabled = backend.settings().sources;
  for (const auto& source : store::sql::source_states(connection)) {
    const Value plain = store::source_json(source, arena);
    base::json::ObjectBuilder object(arena);
    for (const auto& [key, value] : plain.members()) object.add(key, value);
    object.add("enabled",
               Value::boolean(std::find(enabled.begin(), enabled.end(), source.source) != enabled.end()));
    items.push_back(object.finish());
  }
  return base::json::make_array(arena, std::span<const Value>(items));
}

Value pool_json(const pg::PoolUse& use, base::Arena& arena) {
  return base::json::ObjectBuilder(arena)
      .add("open", store::json_number(use.open, arena))
      .add("in_use", store::json_number(use.in_use, arena))
      .add("ceiling", store::json_number(use.ceiling, arena))
      .finish();
}

Value cache_json(const CacheUse& use, base::Arena& arena) {
  return base::json::ObjectBuilder(arena)
      .add("entries", store::json_number(static_cast<std::int64_t>(use.entries), arena))
      .add("bytes", store::json_number(static_cast<std::int64_t>(use.bytes), arena))
      .add("hits", store::json_number(static_cast<std::int64_t>(use.hits), arena))
      .add("misses", store::json_number(static_cast<std::int64_t>(use.misses), arena))
      .finish();
}

Value shared_cache_json(SharedCache* cache, base::Arena& arena) {
  if (cache == nullptr) return {};
  const SharedCacheUse use = cache->use();
  return base::json::ObjectBuilder(arena)
      .add("status", use.is_connected ? "ok" : "down")
      .add("hits", store::json_number(static_cast<std::int64_t>(use.hits), arena))
      .add("misses", store::json_number(static_cast<std::int64_t>(use.misses), arena))
      .add("outdated", store::json_number(static_cast<std::int64_t>(use.outdated), arena))
      .add("errors", store::json_number(static_cast<std::int64_t>(use.errors), arena))
      .finish();
}

void write_source_metrics(Backend& backend, pg::Connection& connection, MetricsText& text) {
  const auto sources = store::sql::source_states(connection);
  text.describe("vulndatasync_source_last_success_timestamp_seconds", "gauge",
                "When a sync of the source last succeeded, in seconds since 1970.");
  for (const auto& source : sources)
    if (source.last_success)
      text.sample("vulndatasync_source_last_success_timestamp_seconds", {{"source", source.source}},
                  std::chrono::duration<double>(source.last_success->time_since_epoch()).count());
  text.describe("vulndatasync_source_max_age_seconds", "gauge",
                "From which age on a source counts as stale.");
  for (const auto& source : sources)
    text.sample("vulndatasync_source_max_age_seconds", {{"source", source.source}},
                static_cast<double>(source.max_age_seconds));
  text.describe("vulndatasync_source_failures", "gauge", "Attempts that failed since the last success.");
  for (const auto& source : sources)
    text.sample("vulndatasync_source_failures", {{"source", source.source}},
                static_cast<double>(source.failures));
  text.describe("vulndatasync_source_records", "gauge", "Records stored of the source.");
  for (const auto& source : sources)
    text.sample("vulndatasync_source_records", {{"source", source.source}},
                static_cast<double>(source.records));
  text.describe("vulndatasync_feed_cursor", "gauge",
                "The last cursor of the change feed that this process saw.");
  text.sample("vulndatasync_feed_cursor", {}, static_cast<double>(backend.feed().position()));
}

void write_cache_metrics(const CacheUse& use, MetricsText& text) {
  text.describe("vulndatasync_cache_requests_total", "counter", "Lookups, by whether the cache had them.");
  text.sample("vulndatasync_cache_requests_total", {{"result", "hit"}}, use.hits);
  text.sample("vulndatasync_cache_requests_total", {{"result", "miss"}}, use.misses);
  text.describe("vulndatasync_cache_removed_total", "counter", "Entries removed, by why.");
  text.sample("vulndatasync_cache_removed_total", {{"reason", "evicted"}}, use.evicted);
  text.sample("vulndatasync_cache_removed_total", {{"reason", "changed"}}, use.invalidated);
  text.describe("vulndatasync_cache_entries", "gauge", "Entries of the cache.");
  text.sample("vulndatasync_cache_entries", {}, static_cast<double>(use.entries));
  text.describe("vulndatasync_cache_bytes", "gauge", "Bytes of the cache.");
  text.sample("vulndatasync_cache_bytes", {}, static_cast<double>(use.bytes));
}

void write_shared_cache_metrics(const SharedCacheUse& use, MetricsText& text) {
  constexpr const char* requests = "vulndatasync_shared_cache_requests_total";
  text.describe(requests, "counter",
                "Lookups that the cache did not have, by what the shared cache in Redis had. An error is an "
                "unreadable value or a command that failed.");
  text.sample(requests, {{"result", "hit"}}, use.hits);
  text.sample(requests, {{"result", "miss"}}, use.misses);
  text.sample(requests, {{"result", "outdated"}}, use.outdated);
  text.sample(requests, {{"result", "error"}}, use.errors);
  text.describe("vulndatasync_shared_cache_up", "gauge", "1 when the shared cache can be asked.");
  text.sample("vulndatasync_shared_cache_up", {}, std::uint64_t{use.is_connected ? 1U : 0U});
}

void write_pool_metrics(Backend& backend, MetricsText& text) {
  const pg::PoolUse use = backend.pool().use();
  text.describe("vulndatasync_pool_connections", "gauge", "Database connections, by state.");
  text.sample("vulndatasync_pool_connections", {{"state", "in_use"}}, static_cast<double>(use.in_use));
  text.sample("vulndatasync_pool_connections", {{"state", "idle"}},
              static_cast<double>(use.open - use.in_use));
  text.describe("vulndatasync_pool_ceiling", "gauge", "The most database connections that there may be.");
  text.sample("vulndatasync_pool_ceiling", {}, static_cast<double>(use.ceiling));
  text.describe("vulndatasync_pool_waits_total", "counter", "Times that a connection had to be waited for.");
  text.sample("vulndatasync_pool_waits_total", {}, use.waits);
  text.describe("vulndatasync_pool_timeouts_total", "counter", "Times that it was waited for in vain.");
  text.sample("vulndatasync_pool_timeouts_total", {}, use.timeouts);
  text.describe("vulndatasync_workers_waiting", "gauge", "Requests that wait for a worker.");
  text.sample("vulndatasync_workers_waiting", {}, static_cast<double>(backend.workers().waiting()));
}

}  // namespace

Response show_index(Backend&, const Request&) {
  base::Arena arena;
  return json_response(base::json::ObjectBuilder(arena)
                           .add("name", "vuln-datasync")
                           .add("version", base::version)
                           .add("openapi", "/openapi.json")
                           .finish());
}

Response show_openapi(Backend&, const Request&) {
  static const std::string document = openapi();
  return json_response(document);
}

Response livez(Backend&, const Request&) {
  return json_response(R"({"status":"ok"})");
}

Response readyz(Backend& backend, const Request&) {
  const std::string trouble = database_trouble(backend);
  if (!trouble.empty()) return error_response(503, "not_ready", trouble);
  return json_response(R"({"status":"ok"})");
}

Response health(Backend& backend, const Request&) {
  base::Arena arena;
  base::json::ObjectBuilder object(arena);
  const std::string trouble = database_trouble(backend);
  bool is_well = trouble.empty();
  object.add("version", base::version).add("commit", base::commit);
  object.add("database",
             part_json(trouble, arena).add("pool", pool_json(backend.pool().use(), arena)).finish());
  object.add("cache", cache_json(backend.cache().use(), arena));
  object.add("shared_cache", shared_cache_json(backend.shared_cache(), arena));
  bool is_fresh = true;
  if (is_well) {
    backend.pool().read([&](pg::Connection& connection) {
      const Value sources = sources_json(backend, connection, arena);
      for (const Value& source : sources.items())
        if (source.find("enabled")->as_bool() && source.find("state")->text() != "ok") is_fresh = false;
      object.add("sources", sources);
      object.add("running", store::running_syncs_json(store::sql::running_syncs(connection), arena));
      return true;
    });
  }
  const std::string of_queue = queue_trouble(backend);
  object.add("queue", part_json(of_queue, arena).finish());
  object.add("status", !is_well ? "down" : is_fresh && of_queue.empty() ? "ok" : "degraded");
  if (!is_well)
    object.add("error", base::json::ObjectBuilder(arena)
                            .add("code", "database_unavailable")
                            .add("message", Value::string(trouble))
                            .finish());
  return json_response(object.finish(), is_well ? 200 : 503);
}

Response metrics(Backend& backend, const Request&) {
  Response response;
  response.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  std::string& out = response.body;
  MetricsText text(out);
  text.describe("vulndatasync_build_info", "gauge", "1, with the program's version.");
  text.sample("vulndatasync_build_info", {{"version", base::version}, {"commit", base::commit}},
              std::uint64_t{1});
  backend.http_metrics().write(out);
  write_cache_metrics(backend.cache().use(), text);
  if (backend.shared_cache() != nullptr) write_shared_cache_metrics(backend.shared_cache()->use(), text);
  write_pool_metrics(backend, text);
  write_process_metrics(text);
  write_queue_metrics(backend, text);
  // What the database knows is left out while it cannot be asked; this says so.
  std::uint64_t is_up = 1;
  try {
    std::string of_database;
    backend.pool().read([&](pg::Connection& connection) {
      of_database.clear();
      MetricsText database_text(of_database);
      write_source_metrics(backend, connection, database_text);
      backend.run_metrics().write(connection, of_database);
      return true;
    });
    out += of_database;
  } catch (const pg::Error&) {
    is_up = 0;
  }
  text.describe("vulndatasync_database_up", "gauge", "1 when PostgreSQL answered.");
  text.sample("vulndatasync_database_up", {}, is_up);
  return response;
}

Response show_stats(Backend& backend, const Request&) {
  // Counts whole tables: seconds with millions of rows, and needed again only when something has changed.
  constexpr std::chrono::seconds longest{30};
  return json_response(backend.remembered("stats", longest, [&](pg::Connection& connection) {
    const pg::Transaction snapshot(connection, pg::Transaction::Mode::read_only_snapshot);
    base::Arena arena;
    base::json::ObjectBuilder object(arena);
    object.add("vulnerabilities",
               store::stats_json(
                   store::sql::vulnerability_stats(connection).value_or(store::sql::VulnerabilityStatsRow{}),
                   arena));
    object.add("sources", sources_json(backend, connection, arena));
    object.add("quarantine", store::quarantine_json(store::sql::quarantine_counts(connection), arena));
    return base::json::write(object.finish());
  }));
}

Response list_sources(Backend& backend, const Request&) {
  return json_response(backend.pool().read([&](pg::Connection& connection) {
    base::Arena arena;
    return base::json::write(base::json::ObjectBuilder(arena)
                                 .add("items", sources_json(backend, connection, arena))
                                 .add("next_cursor", Value())
                                 .finish());
  }));
}

}  // namespace api
