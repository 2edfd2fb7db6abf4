// What is passed to libpq to connect, and how messages call the place it connects to. Private to this room.
#pragma once

#include <string>
#include <vector>

#include "pg/connection.hpp"

namespace pg::detail {

/// The keywords and values for PQconnectdbParams: our defaults first, then `settings.conninfo`, which wins.
class ConnectOptions {
 public:
  /// Throws Error when conninfo cannot be read. Its text is not quoted, because it may hold a password.
  explicit ConnectOptions(const Settings& settings);
  ConnectOptions(const ConnectOptions&) = delete;
  ConnectOptions& operator=(const ConnectOptions&) = delete;

  /// Both end with a null pointer and are valid as long as this object.
  std::vector<const char*> keywords() const;
  std::vector<const char*> values() const;

 private:
  void add(const char* keyword, std::string value) { options_.push_back({keyword, std::move(value)}); }

  struct Option {
    const char* keyword;
    std::string value;
  };
  std::vector<Option> options_;
};

/// `host:port` or `socket DIRECTORY:port`, database and user; never the password.
std::string address_of(pg_conn* connection);

}  // namespace pg::detail
