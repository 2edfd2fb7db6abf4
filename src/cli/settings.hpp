// The configuration of the program, read once: flags, environment, env file, configuration file, defaults.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "cli/variables.hpp"

namespace cli {

struct DatabaseSettings {
  bool embedded = true;
  std::string url;  // libpq connection string, when not embedded; empty leaves it to libpq's PG* variables
  std::string direct_url;  // for sync and migrations; the same unless set
  std::string schema = "vulndb";
  int max_connections = 100;
  int min_connections = 20;
};

struct RedisSettings {
  bool embedded = true;
  std::string address;  // redis://, rediss://, host:port or unix:PATH, when not embedded
  std::string password;
  std::optional<int> database;
};

struct SourceSettings {
  std::vector<std::string> enabled;  // in order of precedence, without duplicates
  std::string osv_bucket;
  std::string osv_gcs_endpoint;
  std::string osv_http_url;
  std::string gitlab_repo_url;
  std::string cve_project_url;
  std::string cve_releases_url;
  std::string cve_raw_url;
  std::string mirror;  // empty: none
  std::chrono::seconds reconcile_interval{};
  unsigned osv_workers = 1;
  unsigned gitlab_workers = 1;
  unsigned cve_workers = 1;
};

struct ServiceSettings {
  std::string sync_interval;
  std::string export_interval;
  std::string host;
  int port = 8080;
  std::vector<std::string> tokens;        // of API_TOKENS
  std::filesystem::path tokens_file;      // read by whoever checks tokens, again on SIGHUP
  int rate_limit = 0;                     // requests a second of one client; 0: any number
  std::vector<std::string> cors_origins;  // none: CORS is off
  int cache_mib = 64;                     // of documents in memory; 0: none
  std::string cache_redis_url;            // as RedisSettings::address; empty: no shared cache
  std::string export_retention;
};

struct Settings {
  DatabaseSettings database;
  RedisSettings redis;
  std::filesystem::path data_dir;  // absolute
  SourceSettings sources;
  std::optional<unsigned> batch_size;  // the pipeline has a measured default
  ServiceSettings service;
  base::log::Level log_level = base::log::Level::info;
  base::log::Format log_format = base::log::Format::text;
  /// The files that were read, for `doctor`.
  std::vector<std::filesystem::path> files;
};

/// Where settings come from besides the environment.
struct SettingsInput {
  /// Values given by flags, under their variable's bare name ("DATA_DIR", "SOURCE_MIRROR").
  Layer flags;
  std::optional<std::filesystem::path> config_file;  // --config
  std::optional<std::filesystem::path> env_file;     // --env-file
  std::vector<std::pair<std::string, std::string>> environment;
};

/// All settings. A name that is not known and a value that cannot be used are UsageErrors that say where they
/// stand. Variables of an env file that are for libraries (PG*, proxies) are put into the process's
/// environment unless they are there already.
///
/// Without --config the first of these is read, if there is one: ./vuln-datasync.toml (when it is root's or
/// ours), $XDG_CONFIG_HOME/vuln-datasync/vuln-datasync.toml, /etc/vuln-datasync/vuln-datasync.toml.
Settings read_settings(const SettingsInput& input);

}  // namespace cli
