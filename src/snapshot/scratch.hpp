// A database to try a dump in: made for it, and dropped with it. One that a killed process left behind is
// dropped by the next: whoever uses one holds an advisory lock on its name.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "pg/connection.hpp"

namespace snapshot {

/// A server that runs as long as `alive`.
struct ScratchServer {
  std::string conninfo;
  std::shared_ptr<void> alive;
};

struct ScratchSettings {
  /// The server where databases are made; one that was restored into has the dump's schema.
  pg::Settings server;
  /// Where the role may not make databases there: starts a private server instead. Empty: an error.
  std::function<ScratchServer()> start_private = {};
};

class ScratchDatabase {
 public:
  /// Throws pg::Error, with what to grant where there is no other way.
  explicit ScratchDatabase(const ScratchSettings& settings);
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;
  ~ScratchDatabase();

  const std::string& name() const { return name_; }
  /// The connection that watches over it, to the same server.
  const pg::Connection& server() const { return *server_; }
  /// Connects to it; `schema` is the search_path.
  pg::Connection connect(const std::string& schema) const;

 private:
  void create();

  pg::Settings settings_;
  ScratchServer private_server_;  // before the connection to it
  std::optional<pg::Connection> server_;
  std::string name_;
};

}  // namespace snapshot
