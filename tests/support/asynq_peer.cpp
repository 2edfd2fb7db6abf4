#include "support/asynq_peer.hpp"

#include <stdexcept>

#include "base/files.hpp"
#include "support/paths.hpp"

namespace support {

namespace fs = std::filesystem;

namespace {

fs::path build_directory() {
  return fs::path(VDS_PROGRAM).parent_path() / "interop";
}

std::string go() {
  const fs::path found = base::find_program("go");
  if (!found.empty()) return found;
  return base::find_program("/usr/local/go/bin/go");  // where Go's own archive is unpacked
}

base::RunResult run_go(std::vector<std::string> arguments) {
  base::Command command;
  command.arguments = std::move(arguments);
  command.arguments.insert(command.arguments.begin(), go());
  command.directory = fs::path(VDS_SOURCE_DIR) / "tests" / "interop";
  command.environment = {{"GOCACHE", (build_directory() / "cache").string()},
                         {"GOMODCACHE", (build_directory() / "modules").string()},
                         {"GOFLAGS", "-mod=readonly -modcacherw -buildvcs=false"},
                         {"GOTOOLCHAIN", "local"},
                         {"GOWORK", "off"},
                         {"CGO_ENABLED", "0"}};
  command.new_session = true;
  base::RunLimits limits;
  limits.timeout = std::chrono::minutes(4);
  return base::run(std::move(command), {}, limits);
}

}  // namespace

std::optional<std::string> AsynqPeer::missing() {
  if (go().empty()) return "Go is not installed";
  base::make_directories(build_directory());
  const auto turn = base::FileLock::acquire(build_directory() / "lock", base::FileLock::Mode::exclusive);
  try {
    const base::RunResult modules = run_go({"mod", "download"});
    if (!modules.status.success()) return "Go cannot get the modules: " + modules.error;
    const base::RunResult built = run_go({"build", "-o", (build_directory() / "interop").string(), "."});
    if (!built.status.success()) throw std::runtime_error("tests/interop does not build: " + built.error);
  } catch (const base::ProcessError& error) {
    return std::string("Go does not get ready: ") + error.what();  // no network that answers, or no processor
  }
  return std::nullopt;
}

base::Command AsynqPeer::command(std::vector<std::string> arguments) const {
  base::Command command;
  command.arguments = {build_directory() / "interop", socket_};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  return command;
}

std::string AsynqPeer::run(std::vector<std::string> arguments) const {
  base::RunResult result = base::run(command(std::move(arguments)));
  std::string text = result.status.success() ? std::move(result.output) : "error: " + result.error;
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

base::Process AsynqPeer::consume(const std::vector<std::string>& queues, const base::Fd& output) const {
  base::Command server = command({"consume"});
  server.arguments.insert(server.arguments.end(), queues.begin(), queues.end());
  server.output = base::Stream::file(output);
  return base::Process(server);
}

}  // namespace support
