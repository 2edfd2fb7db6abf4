#include "cli/settings.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <thread>

#include "advisory/advisory.hpp"
#include "base/files.hpp"
#include "base/format.hpp"
#include "base/listed.hpp"
#include "cli/config_file.hpp"
#include "cli/error.hpp"
#include "cli/value_reader.hpp"
#include "fetch/mirror.hpp"
#include "jobs/cron.hpp"

namespace cli {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view embedded_word = "embedded";

// libpq's own variables that say where a database is; PGUSER or PGPASSWORD alone do not.
bool names_a_server(const std::vector<std::pair<std::string, std::string>>& environment) {
  return std::any_of(environment.begin(), environment.end(), [](const auto& entry) {
    const std::string& name = entry.first;
    return !entry.second.empty() &&
           (name == "PGHOST" || name == "PGHOSTADDR" || name == "PGSERVICE" || name == "PGDATABASE");
  });
}

// A keyword and value as libpq reads them (libpq documentation, "Keyword/Value Connection Strings").
std::string keyword(std::string_view name, std::string_view value) {
  std::string result = base::format("{}='", name);
  for (const char c : value) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "' ";
}

std::string connection_string_of_parts(const ValueReader& values) {
  static_cast<void>(values.number("DB_PORT", 1, 65535));
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> parts{{{"DB_HOST", "host"},
                                                                                {"DB_PORT", "port"},
                                                                                {"DB_NAME", "dbname"},
                                                                                {"DB_USER", "user"},
                                                                                {"DB_PASSWORD", "password"},
                                                                                {"DB_SSL_MODE", "sslmode"}}};
  std::string result;
  for (const auto& [name, libpq_name] : parts)
    if (const auto value = values.find(name)) result += keyword(libpq_name, value->text);
  if (!result.empty()) result.pop_back();
  return result;
}

// Nothing: embedded. The strongest place that says something decides, whole strings before parts there.
std::optional<std::string> database_url(const ValueReader& values, bool libpq_knows) {
  const auto layer = values.strongest_layer(
      {"DATABASE_URL", "DB_DSN", "DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD", "DB_SSL_MODE"});
  if (!layer) return libpq_knows ? std::optional(std::string()) : std::nullopt;
  for (const std::string_view name : {"DATABASE_URL", "DB_DSN"})
    if (const auto value = values.find_in(*layer, name))
      return value->text == embedded_word ? std::nullopt : std::optional(value->text);
  return connection_string_of_parts(values);
}

bool read_yes_or_no(const ValueReader& values, std::string_view name, bool otherwise) {
  const auto value = values.find(name);
  if (value && value->text != "yes" && value->text != "no") refuse_value(name, *value, "yes or no");
  return value ? value->text == "yes" : otherwise;
}

// The package and the container image forbid it: a database that nobody asked for may lie where nobody looks,
// or vanish with a container.
void require_database_said(const ValueReader& values) {
  if (read_yes_or_no(values, "IMPLICIT_EMBEDDED", true) || values.strongest_layer({"DATABASE_URL", "DB_DSN"}))
    return;
  throw UsageError(
      base::format("no database is set, and {} forbids to assume one: set DATABASE_URL to a libpq connection "
                   "string, or to the word embedded for a private PostgreSQL in the data directory",
                   values.find("IMPLICIT_EMBEDDED")->origin));
}

DatabaseSettings read_database(const ValueReader& values, bool libpq_knows) {
  DatabaseSettings database;
  auto url = database_url(values, libpq_knows);
  const auto direct = values.find("DATABASE_DIRECT_URL");
  if (!url && direct && direct->text != embedded_word) url = direct->text;
  if (!url) require_database_said(values);
  database.embedded = !url;
  database.url = url.value_or("");
  database.direct_url = url && direct ? direct->text : database.url;
  database.schema = values.text("DB_SCHEMA", database.schema);
  // PostgreSQL cuts longer names off, and then finds nothing under the whole name.
  if (database.schema.size() > 63)
    refuse_value("DB_SCHEMA", *values.find("DB_SCHEMA"), "a name of at most 63 bytes");
  database.max_connections = values.number("DB_MAX_CONNS", 1, 10000).value_or(database.max_connections);
  database.min_connections = values.number("DB_MIN_CONNS", 0, 10000)
                                 .value_or(std::min(database.min_connections, database.max_connections));
  if (database.min_connections > database.max_connections)
    refuse_value("DB_MIN_CONNS", *values.find("DB_MIN_CONNS"),
                 base::format("at most DB_MAX_CONNS, which is {}", database.max_connections));
  return database;
}

RedisSettings read_redis(const ValueReader& values) {
  RedisSettings redis;
  const auto layer = values.strongest_layer({"REDIS_URL", "REDIS_ADDR"});
  if (layer) {
    const auto url = values.find_in(*layer, "REDIS_URL");
    redis.address = url ? url->text : values.find_in(*layer, "REDIS_ADDR")->text;
    redis.embedded = redis.address == embedded_word;
    if (redis.embedded) redis.address.clear();
  }
  redis.password = values.text("REDIS_PASSWORD");
  redis.database = values.number("REDIS_DB", 0, 1'000'000);
  return redis;
}

std::vector<std::string> read_enabled_sources(const ValueReader& values) {
  const auto given = values.find("ENABLED_SOURCES");
  const std::vector<std::string> names = values.list("ENABLED_SOURCES");
  for (const std::string& name : names)
    if (!advisory::source_from(name))
      refuse_value("ENABLED_SOURCES", *given, "a list of " + base::listed(advisory::all_sources, "and"));
  std::vector<std::string> enabled;
  for (const advisory::Source source : advisory::all_sources)
    if (!given || std::find(names.begin(), names.end(), to_string(source)) != names.end())
      enabled.emplace_back(to_string(source));
  return enabled;
}

unsigned read_workers(const ValueReader& values, std::string_view name) {
  constexpr int most = 1024;
  const int cores = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, most);
  return static_cast<unsigned>(values.number(name, 1, most).value_or(cores));
}

SourceSettings read_sources(const ValueReader& values) {
  SourceSettings sources;
  sources.enabled = read_enabled_sources(values);
  sources.osv_bucket = values.text("OSV_BUCKET", "osv-vulnerabilities");
  sources.osv_gcs_endpoint = values.text("OSV_GCS_ENDPOINT", "https://storage.googleapis.com");
  sources.osv_http_url = values.text("OSV_HTTP_URL", "https://osv-vulnerabilities.storage.googleapis.com");
  sources.gitlab_repo_url =
      values.text("GITLAB_REPO_URL", "https://gitlab.com/gitlab-org/advisories-community.git");
  sources.cve_project_url =
      values.text("CVE_PROJECT_URL", "https://github.com/CVEProject/cvelistV5/archive/refs/heads/main.zip");
  // Who takes the archive from elsewhere gets its parts from nowhere unless told where from.
  const bool published = !values.find("CVE_PROJECT_URL");
  sources.cve_releases_url = values.text(
      "CVE_RELEASES_URL", published ? "https://api.github.com/repos/CVEProject/cvelistV5/releases" : "");
  sources.cve_raw_url = values.text(
      "CVE_RAW_URL", published ? "https://raw.githubusercontent.com/CVEProject/cvelistV5/main" : "");
  sources.mirror = values.path("SOURCE_MIRROR").string();
  if (!sources.mirror.empty() && !fetch::is_mirror_address(sources.mirror))
    refuse_value("SOURCE_MIRROR", *values.find("SOURCE_MIRROR"),
                 "a directory, file:// and an absolute path, or an http(s):// URL");
  sources.reconcile_interval = values.duration("RECONCILE_INTERVAL").value_or(std::chrono::hours(24));
  sources.osv_workers = read_workers(values, "OSV_WORKERS");
  sources.gitlab_workers = read_workers(values, "GITLAB_WORKERS");
  sources.cve_workers = read_workers(values, "CVE_WORKERS");
  return sources;
}

std::string read_schedule(const ValueReader& values, const char* name, const char* otherwise) {
  std::string text = values.text(name, otherwise);
  try {
    jobs::Cron::parse(text);
  } catch (const jobs::CronError& error) {
    refuse_value(
        name, *values.find(name),
        base::format("a cron expression, @hourly, @daily, @weekly or \"@every 90m\": {}", error.what()));
  }
  return text;
}

ServiceSettings read_service(const ValueReader& values) {
  ServiceSettings service;
  service.sync_interval = read_schedule(values, "SYNC_INTERVAL", "@hourly");
  service.export_interval = read_schedule(values, "EXPORT_INTERVAL", "@daily");
  service.host = values.text("SERVER_HOST", "127.0.0.1");
  service.port = values.number("SERVER_PORT", 0, 65535).value_or(service.port);
  // API_TOKENS_FILE is a setting of its own: the file may change while the service runs.
  service.tokens_file = values.path("API_TOKENS_FILE");
  if (service.tokens_file.empty()) service.tokens = values.list("API_TOKENS");
  service.rate_limit = values.number("API_RATE_LIMIT", 0, 1'000'000).value_or(service.rate_limit);
  service.cors_origins = values.list("API_CORS_ORIGINS");
  service.cache_mib = values.number("API_CACHE_MIB", 0, 1'000'000).value_or(service.cache_mib);
  service.cache_redis_url = values.text("API_CACHE_REDIS_URL");
  service.export_retention = values.text("EXPORT_RETENTION", "7 daily, 4 weekly, 12 monthly");
  return service;
}

fs::path read_data_dir(const ValueReader& values) {
  fs::path path = values.path("DATA_DIR");
  if (path.empty() && ::geteuid() == 0) path = "/var/lib/vuln-datasync";
  if (path.empty()) {
    const char* const xdg = std::getenv("XDG_DATA_HOME");
    // The XDG base directory specification: a relative path is invalid and to be ignored.
    const bool usable = xdg != nullptr && *xdg == '/';
    path = (usable ? fs::path(xdg) : home_directory() / ".local" / "share") / "vuln-datasync";
  }
  return fs::absolute(path).lexically_normal();
}

void read_log(const ValueReader& values, Settings& settings) {
  if (const auto value = values.find("LOG_LEVEL")) {
    const auto level = base::log::parse_level(value->text);
    if (!level) refuse_value("LOG_LEVEL", *value, "trace, debug, info, warn, error or off");
    settings.log_level = *level;
  }
  if (const auto value = values.find("LOG_FORMAT")) {
    const auto format = base::log::parse_format(value->text);
    if (!format) refuse_value("LOG_FORMAT", *value, "text or json");
    settings.log_format = *format;
  }
}

// Puts the variables of libraries where these look for them, and where we do ourselves.
void adopt(const std::vector<std::pair<std::string, std::string>>& foreign,
           std::vector<std::pair<std::string, std::string>>& environment) {
  for (const auto& entry : foreign) {
    const auto same_name = [&](const auto& other) { return other.first == entry.first; };
    if (std::any_of(environment.begin(), environment.end(), same_name)) continue;
    environment.push_back(entry);
    ::setenv(entry.first.c_str(), entry.second.c_str(), 1);
  }
}

}  // namespace

namespace {

// A file that the user named and that cannot be read is the user's mistake, not a failure of the program.
template <typename Read>
auto read_named(Read read) {
  try {
    return read();
  } catch (const base::FileError& error) {
    throw UsageError(error.what());
  }
}

}  // namespace

Settings read_settings(const SettingsInput& input) {
  Settings settings;
  auto environment = input.environment;
  Layers own = environment_layers(environment);
  Layers file;
  if (input.env_file) {
    std::vector<std::pair<std::string, std::string>> foreign;
    file = read_named([&] { return read_env_file(*input.env_file, foreign); });
    adopt(foreign, environment);
    settings.files.push_back(*input.env_file);
  }
  Layer config;
  if (const auto path = input.config_file ? input.config_file : default_config_file()) {
    config = read_named([&] { return read_config_file(*path); });
    settings.files.push_back(*path);
  }
  const ValueReader values({input.flags, std::move(own.prefixed), std::move(file.prefixed),
                            std::move(own.bare), std::move(file.bare), std::move(config)});
  settings.database = read_database(values, names_a_server(environment));
  settings.redis = read_redis(values);
  settings.data_dir = read_data_dir(values);
  settings.sources = read_sources(values);
  if (const auto size = values.number("BATCH_SIZE", 1, 1'000'000))
    settings.batch_size = static_cast<unsigned>(*size);
  settings.service = read_service(values);
  read_log(values, settings);
  return settings;
}

}  // namespace cli
