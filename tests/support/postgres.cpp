#include "support/postgres.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <vector>

#include "base/files.hpp"
#include "base/process.hpp"
#include "embedded/programs.hpp"
#include "support/eventually.hpp"

namespace support {
namespace {

namespace fs = std::filesystem;

bool keep_databases() {
  return std::getenv("KEEP_TEST_DB") != nullptr;
}

/// The account that servers run as when the tests run as root, which PostgreSQL refuses.
std::optional<base::Account> server_account() {
  if (geteuid() != 0) return std::nullopt;
  auto account = base::find_account("postgres");
  if (!account) throw std::runtime_error("running as root, and there is no account called postgres");
  return account;
}

/// Starts `arguments` as the server's account with its output in `log`. Unlike base::Process it can let the
/// child end with the thread that started it, however that ends: a test that was killed leaves no server
/// behind.
pid_t spawn(std::vector<std::string> arguments, const fs::path& log, bool die_with_us) {
  const std::optional<base::Account> account = server_account();
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  if (account && (setgroups(account->groups.size(), account->groups.data()) != 0 ||
                  setgid(account->gid) != 0 || setuid(account->uid) != 0))
    _exit(126);
  if (die_with_us) prctl(PR_SET_PDEATHSIG, SIGQUIT);  // after setuid, which clears it
  if (chdir("/") == 0) execv(argv[0], argv.data());
  _exit(127);
}

class Server {
 public:
  Server() {
    const fs::path& directory = directory_.path();
    if (const auto account = server_account()) {
      if (chown(directory.c_str(), account->uid, account->gid) != 0)
        throw std::runtime_error("cannot give " + directory.string() + " to " + account->name);
    }
    const std::string bin = embedded::choose_postgres_programs(std::nullopt, {}).directory;
    const std::string data = directory / "data";
    const pid_t initdb = spawn({bin + "/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                                "--locale=C", "--no-sync"},
                               log(), true);
    int status = 0;
    if (waitpid(initdb, &status, 0) != initdb || status != 0) fail("initdb failed");
    server_ = spawn({bin + "/postgres", "-D", data, "-k", directory.string(), "-c", "listen_addresses=", "-c",
                     "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c",
                     "max_connections=100"},
                    log(), !keep_databases());
    wait_until_ready();
  }

  ~Server() {
    if (keep_databases()) {
      directory_.keep();
      return;
    }
    kill(server_, SIGINT);  // fast shutdown
    waitpid(server_, nullptr, 0);
  }

  std::string url() const { return "postgresql://postgres@/postgres?host=" + directory_.path().string(); }

 private:
  fs::path log() const { return directory_.path() / "log"; }

  void wait_until_ready() {
    bool ready = false;
    eventually([&] {
      try {
        const pg::Connection connection({url()});
        ready = true;
      } catch (const pg::Error&) {
      }
      return ready || waitpid(server_, nullptr, WNOHANG) == server_;
    });
    if (!ready) fail("the server did not start");
  }

  [[noreturn]] void fail(const std::string& what) {
    std::ifstream file(log());
    throw std::runtime_error(what + ":\n" + std::string(std::istreambuf_iterator<char>(file), {}));
  }

  base::TemporaryDirectory directory_{"vds-pg-"};
  pid_t server_ = 0;
};

/// A connection string of the server that all tests of this process share.
std::string server_url() {
  if (const char* url = std::getenv("VDS_TEST_DATABASE_URL"); url != nullptr && *url != '\0') return url;
  static const Server server;
  return server.url();
}

/// `url` (a URI or keywords) with another database, and another user when that is given.
std::string with_database(const std::string& url, std::string_view database, std::string_view user) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) {
    std::string keywords = url + " dbname=" + std::string(database);
    return user.empty() ? keywords : keywords + " user=" + std::string(user);
  }
  const std::size_t authority = scheme + 3;
  const std::size_t query = std::min(url.find('?', authority), url.size());
  const std::size_t path = std::min(url.find('/', authority), query);
  std::string host = url.substr(authority, path - authority);  // with user and password
  if (!user.empty()) host = std::string(user) + "@" + host.substr(host.find('@') + 1);
  return url.substr(0, authority) + host + "/" + std::string(database) + url.substr(query);
}

std::string unique_name() {
  static std::atomic<int> counter{0};
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return "vds_test_" + std::to_string(getpid()) + "_" +
         std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now).count() % 100000) + "_" +
         std::to_string(++counter);
}

}  // namespace

TestDatabase::TestDatabase() : name_(unique_name()) {
  pg::Connection(pg::Settings{server_url()}).exec("CREATE DATABASE " + name_ + " TEMPLATE template0");
  if (keep_databases()) std::cerr << "test database: " << url() << "\n";
}

TestDatabase::~TestDatabase() {
  if (keep_databases()) return;
  try {
    pg::Connection(pg::Settings{server_url()}).exec("DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const pg::Error& error) {
    std::cerr << "dropping a test database: " << error.what() << "\n";
  }
}

std::string TestDatabase::url(std::string_view user) const {
  return with_database(server_url(), name_, user);
}

pg::Settings TestDatabase::settings(std::string_view user) const {
  pg::Settings settings;
  settings.conninfo = url(user);
  return settings;
}

pg::Connection TestDatabase::connect_with_schema() const {
  pg::Connection connection = connect();
  connection.exec("CREATE SCHEMA vulndb");
  return connection;
}

}  // namespace support
