#include "support/program.hpp"
#include "support/paths.hpp"

#include <unistd.h>

namespace support {

namespace fs = std::filesystem;

namespace {

// In memory where there is room: embedded servers are as durable as ever, and syncing costs nothing there.
fs::path fast_directory() {
  constexpr std::uint64_t enough = std::uint64_t{1} << 30;
  const bool usable = ::access("/dev/shm", W_OK) == 0 && base::disk_space("/dev/shm").available >= enough;
  return usable ? "/dev/shm" : "";
}

}  // namespace

Program::Program() : directory_("vds-e2e-", fast_directory()) {
  fs::permissions(directory_.path(), fs::perms(0755));  // under root, for the account of the server
  for (const char* name :
       {"DATABASE_URL", "DB_DSN", "DB_HOST", "PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"})
    environment_.emplace_back(name, std::nullopt);
  set("HOME", directory_.path().string());
  set("XDG_CONFIG_HOME", directory_.path().string());
  set("VULN_DATASYNC_DATA_DIR", data_dir().string());
}

Program::~Program() {
  if (fs::exists(data_dir() / "postgres")) run({"database", "stop"});
}

base::Command Program::command(std::vector<std::string> arguments) const {
  base::Command command;
  command.arguments = std::move(arguments);
  command.arguments.insert(command.arguments.begin(), VDS_PROGRAM);
  command.environment = environment_;
  command.directory = directory_.path();
  return command;
}

base::RunResult Program::run(std::vector<std::string> arguments, std::string_view input) const {
  base::RunLimits limits;
  limits.timeout = std::chrono::minutes(4);
  return base::run(command(std::move(arguments)), input, limits);
}

}  // namespace support
