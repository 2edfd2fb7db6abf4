// A real PostgreSQL for tests: one server per test process, one database per test.
//
// The server is the newest one installed (14 or later) on a private Unix socket in a temporary directory, and
// ends with the process. Environment:
//   VDS_TEST_DATABASE_URL  use this running server instead (its user must be allowed to create databases)
//   KEEP_TEST_DB           leave databases and server running for a look; their URLs go to standard error
#pragma once

#include <string>
#include <string_view>

#include "pg/connection.hpp"

namespace support {

/// A database of its own, dropped with this object.
class TestDatabase {
 public:
  TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  ~TestDatabase();

  const std::string& name() const { return name_; }
  /// A connection string for the superuser, or for `user` (who needs no password).
  std::string url(std::string_view user = {}) const;
  pg::Settings settings(std::string_view user = {}) const;
  /// Connects as the superuser; the schema (vulndb) is the search_path but does not exist yet.
  pg::Connection connect() const { return pg::Connection(settings()); }
  /// The same with an empty schema "vulndb" in place.
  pg::Connection connect_with_schema() const;

 private:
  std::string name_;
};

}  // namespace support
