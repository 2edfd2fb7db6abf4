// What the HTTP service is told by whoever starts it.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pg/pool.hpp"
#include "redis/settings.hpp"

namespace api {

/// Against clients that are too many, too fast, too slow or too big.
struct Limits {
  std::size_t header_bytes = std::size_t{16} << 10;  // request line and fields; 431 above
  std::size_t target_bytes = std::size_t{8} << 10;   // 414 above
  std::size_t body_bytes = std::size_t{64} << 10;    // 413 above
  std::size_t connections = 4096;                    // those above get 503 and are closed
  std::chrono::seconds request_time{30};  // for a whole request to arrive, idle time before it included
  std::chrono::seconds write_time{30};    // for a client to take the next piece of an answer
  std::chrono::seconds stop_time{10};     // for requests under way when the service stops
  /// Requests a second of one client (an IPv4 address or an IPv6 /64), four seconds' worth at once; 0: any
  /// number. Those above get 429.
  double rate = 0;
};

struct Settings {
  /// A numeric address or "localhost": names are not looked up. An IPv6 address stands without brackets.
  std::string host = "127.0.0.1";
  int port = 8080;       // 0: any that is free
  unsigned threads = 0;  // that read and write sockets; 0: half as many as there are cores, four at most

  /// How to connect; asked before each new connection.
  std::function<pg::Settings()> database;
  pg::PoolSettings pool;
  /// The queue's; connected to when it is first needed.
  redis::Settings redis;

  /// Bearer tokens for writing: these, and those in the file, one a line, which is read at the start and by
  /// reload_tokens().
  std::vector<std::string> tokens;
  std::filesystem::path tokens_file;
  /// Listen beyond loopback also where there are no tokens.
  bool insecure = false;
  /// Origins whose pages may read the answers ("https://example.org", or "*"); none: CORS is off.
  std::vector<std::string> cors_origins;
  Limits limits;

  std::size_t cache_bytes = std::size_t{64} << 20;  // of documents in memory; 0: no cache
  /// A Redis in which processes share what they have read; none unless set.
  std::optional<redis::Settings> shared_cache;
  std::filesystem::path exports;                                // snapshots, as `export` writes them
  std::vector<std::string> sources = {"osv", "gitlab", "cve"};  // the enabled ones

  /// JSON that says how the vulnerability with this public id was decided, as `explain --json` prints it.
  std::function<std::string(pg::Connection&, const std::string& id)> explain;
};

}  // namespace api
