// sqlgen [--check] [--database URL] ROOT
//
// Writes ROOT/src/store/generated from ROOT/sql/*.sql, typed by a PostgreSQL that has this program's
// migrations applied; with --check it writes nothing and exits 1 when the files there are stale. The server
// is a throwaway one unless --database names one that may be used: a schema is made there and dropped again.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/files.hpp"
#include "embedded/postgres.hpp"
#include "generate.hpp"

namespace {

struct Arguments {
  bool check = false;
  std::string database;
  std::string root;
};

std::optional<Arguments> parse_arguments(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--check")
      arguments.check = true;
    else if (word == "--database" && i + 1 < argc)
      arguments.database = argv[++i];
    else if (arguments.root.empty() && !word.starts_with("-"))
      arguments.root = word;
    else
      return std::nullopt;
  }
  if (arguments.root.empty()) return std::nullopt;
  return arguments;
}

/// A server of our own, gone with this object.
class ThrowawayServer {
 public:
  ThrowawayServer() {
    // As root the server runs as another account, which has to get in.
    std::filesystem::permissions(directory_.path(), std::filesystem::perms::others_exec,
                                 std::filesystem::perm_options::add);
    server_.emplace(embedded::PostgresSettings{directory_.path()});
  }
  const std::string& url() const { return server_->url(); }

 private:
  base::TemporaryDirectory directory_{"vuln-datasync-sqlgen-"};
  std::optional<embedded::Postgres> server_;
};

/// A schema of our own, dropped at the end.
class ScratchSchema {
 public:
  explicit ScratchSchema(const std::string& database) : connection_(settings(database)) {
    connection_.exec("CREATE SCHEMA " + pg::quote_identifier(connection_.schema()));
  }
  ScratchSchema(const ScratchSchema&) = delete;
  ScratchSchema& operator=(const ScratchSchema&) = delete;
  ~ScratchSchema() {
    try {
      connection_.exec("DROP SCHEMA " + pg::quote_identifier(connection_.schema()) + " CASCADE");
    } catch (const pg::Error& error) {
      std::fprintf(stderr, "sqlgen: %s\n", error.what());
    }
  }
  pg::Connection& connection() { return connection_; }

 private:
  static pg::Settings settings(const std::string& database) {
    pg::Settings settings;
    settings.conninfo = database;
    settings.schema = "sqlgen_" + std::to_string(getpid());
    return settings;
  }

  pg::Connection connection_;
};

int run(const Arguments& arguments) {
  std::optional<ThrowawayServer> server;
  if (arguments.database.empty()) server.emplace();
  ScratchSchema scratch(server ? server->url() : arguments.database);
  const auto files = sqlgen::generate(scratch.connection(), arguments.root);
  const std::string folder = arguments.root + "/src/store/generated";
  if (!arguments.check) {
    for (const std::string& name : sqlgen::write_files(folder, files))
      std::printf("wrote src/store/generated/%s\n", name.c_str());
    return 0;
  }
  const auto stale = sqlgen::stale_files(folder, files);
  for (const std::string& name : stale)
    std::fprintf(stderr, "src/store/generated/%s is stale: run make sql-generate\n", name.c_str());
  return stale.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const auto arguments = parse_arguments(argc, argv);
  if (!arguments) {
    std::fputs("usage: sqlgen [--check] [--database URL] ROOT\n", stderr);
    return 2;
  }
  try {
    return run(*arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
