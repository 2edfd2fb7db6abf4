// The part of doctor that asks Redis.
#include <charconv>
#include <map>

#include "base/format.hpp"
#include "base/process.hpp"
#include "cli/doctor.hpp"
#include "redis/connection.hpp"

namespace cli {

namespace {

using State = Finding::State;

constexpr const char* subject = "Redis";
constexpr std::chrono::seconds patience{3};
constexpr int oldest_redis = 5;

redis::Settings connection_settings(const RedisSettings& configured) {
  redis::Settings settings = redis::parse_address(configured.address);
  if (!configured.password.empty()) settings.password = configured.password;
  if (configured.database) settings.database = *configured.database;
  settings.connect_timeout = patience;
  settings.reply_timeout = patience;
  return settings;
}

/// What is typed to reach the same server. Who needs a password knows it.
std::string redis_cli(const redis::Settings& settings) {
  std::string text = "redis-cli";
  if (!settings.socket.empty())
    text += base::format(" -s '{}'", settings.socket.native());
  else
    text += base::format(" -h {} -p {}", settings.host, settings.port);
  if (settings.tls) text += " --tls";
  if (!settings.user.empty()) text += base::format(" --user {}", settings.user);
  if (!settings.password.empty()) text += " --askpass";
  return text;
}

/// The lines `name:value` of INFO (https://redis.io/commands/info/).
class Info {
 public:
  explicit Info(std::string_view text) {
    while (!text.empty()) {
      std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(text.size(), line.size() + 1));
      if (line.ends_with('\r')) line.remove_suffix(1);
      const std::size_t colon = line.find(':');
      if (colon != std::string_view::npos) fields_.emplace(line.substr(0, colon), line.substr(colon + 1));
    }
  }
  std::string get(const std::string& name) const {
    const auto found = fields_.find(name);
    return found == fields_.end() ? "" : found->second;
  }

 private:
  std::map<std::string, std::string> fields_;
};

Finding examine_version(const Info& info, const std::string& name) {
  const std::string version = info.get("redis_version");
  int major = 0;
  std::from_chars(version.data(), version.data() + version.size(), major);
  if (major >= oldest_redis) return {State::ok, subject, base::format("version {} at {}", version, name)};
  return {State::wrong, subject, base::format("{} is version {}, older than {}", name, version, oldest_redis),
          "upgrade Redis"};
}

Finding examine_policy(const Info& info, const std::string& cli) {
  const std::string policy = info.get("maxmemory_policy");
  if (policy == "noeviction") return {State::ok, subject, "maxmemory-policy is noeviction"};
  // Without a limit nothing is ever evicted.
  const bool limited = info.get("maxmemory") != "0";
  return {limited ? State::wrong : State::warning, subject,
          base::format("maxmemory-policy is {}: {}, and jobs are lost", policy,
                       limited ? "Redis throws tasks away when its memory is full"
                               : "once maxmemory is set, Redis throws tasks away"),
          cli + " CONFIG SET maxmemory-policy noeviction, then CONFIG REWRITE"};
}

Finding examine_persistence(redis::Connection& connection, const Info& info, const std::string& cli) {
  if (info.get("aof_enabled") == "1") return {State::ok, subject, "persistent (appendonly)"};
  if (info.get("rdb_last_bgsave_status") == "err")
    return {State::wrong, subject, "the last snapshot to disk failed, and Redis may refuse to write",
            cli + " LASTSAVE, and the disk and log of Redis"};
  std::string save;
  try {
    const redis::Reply reply = connection.command({"CONFIG", "GET", "save"});
    if (reply.items.size() == 2) save = reply.items[1].text;
  } catch (const redis::Error&) {
    return {State::ok, subject, "does not tell whether it persists: CONFIG is not allowed"};
  }
  if (!save.empty()) return {State::ok, subject, base::format("persistent (snapshots: save {})", save)};
  return {State::warning, subject,
          "not persistent: after a restart waiting jobs are put back from PostgreSQL, foreign tasks are lost",
          cli + " CONFIG SET appendonly yes, then CONFIG REWRITE"};
}

Findings examine_server(redis::Connection& connection) {
  const std::string cli = redis_cli(connection.settings());
  const Info info(connection.command({"INFO"}).text);
  Findings findings = {examine_version(info, connection.settings().name())};
  if (const std::string role = info.get("role"); !role.empty() && role != "master")
    findings.push_back({State::wrong, subject,
                        base::format("{} is a replica: jobs cannot be written", connection.settings().name()),
                        base::format("set REDIS_URL to its master, {}:{}", info.get("master_host"),
                                     info.get("master_port"))});
  findings.push_back(examine_policy(info, cli));
  findings.push_back(examine_persistence(connection, info, cli));
  // Each step of the queue is a script.
  connection.command({"EVAL", "return redis.call('EXISTS', KEYS[1])", "1", "asynq:queues"});
  return findings;
}

// Unlike the queue, a cache may forget: it should, before it takes all memory.
Findings examine_shared_cache(const std::string& address) {
  constexpr const char* cache = "shared cache";
  if (address.empty()) return {};
  try {
    redis::Settings where = redis::parse_address(address);
    where.connect_timeout = patience;
    where.reply_timeout = patience;
    redis::Connection connection(where);
    const Info info(connection.command({"INFO"}).text);
    const bool limited = info.get("maxmemory") != "0";
    if (limited && info.get("maxmemory_policy") != "noeviction")
      return {{State::ok, cache, base::format("{}, which forgets when it is full", where.name())}};
    return {{State::warning, cache,
             base::format("{} {}", where.name(),
                          limited ? "takes nothing more when it is full" : "may take all memory"),
             redis_cli(where) +
                 " CONFIG SET maxmemory-policy allkeys-lru, and maxmemory; not on the queue's Redis"}};
  } catch (const base::Error& error) {
    return {{State::warning, cache, error.what(),
             "check API_CACHE_REDIS_URL; lookups go to the database meanwhile"}};
  }
}

Findings examine_queue(const Settings& settings) {
  if (settings.redis.embedded) {
    if (const auto program = base::find_program("redis-server"); !program.empty())
      return {{State::ok, subject, base::format("embedded, with {}", program.native())}};
    return {{State::warning, subject, "redis-server is not installed; serve needs it for jobs",
             "apt-get install redis-server, or set REDIS_URL"}};
  }
  std::string cli = "check REDIS_URL";
  try {
    redis::Connection connection(connection_settings(settings.redis));
    cli = redis_cli(connection.settings()) + " PING";
    return examine_server(connection);
  } catch (const redis::Error& error) {
    const bool refused = error.code() == "NOPERM";
    return {
        {State::wrong, subject, error.what(),
         refused
             ? "ACL SETUSER USER ~asynq:* &asynq:* +@all -@dangerous +info  in redis-cli, as an administrator"
             : cli}};
  } catch (const base::Error& error) {
    return {{State::wrong, subject, error.what(), cli}};
  }
}

}  // namespace

Findings examine_redis(const Settings& settings) {
  Findings findings = examine_queue(settings);
  for (Finding& one : examine_shared_cache(settings.service.cache_redis_url))
    findings.push_back(std::move(one));
  return findings;
}

}  // namespace cli
