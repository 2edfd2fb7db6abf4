// The part of doctor that looks at this machine: configuration, data directory, disk, programs.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "api/service.hpp"
#include "base/files.hpp"
#include "base/format.hpp"
#include "base/process.hpp"
#include "cli/doctor.hpp"

namespace cli {

namespace {

namespace fs = std::filesystem;
using State = Finding::State;

constexpr std::uint64_t gib = std::uint64_t{1} << 30;
// The first sync of the public sources moves 2 GB into the cache and twice as much into the database.
constexpr std::uint64_t comfortable = 10 * gib;
constexpr std::uint64_t least = 1 * gib;

std::string gibibytes(std::uint64_t bytes) {
  return base::format("{:.1f} GiB", static_cast<double>(bytes) / static_cast<double>(gib));
}

bool holds_a_secret(const fs::path& path) {
  Layer layer;
  if (path.extension() == ".toml") {
    layer = read_config_file(path);
  } else {
    std::vector<std::pair<std::string, std::string>> foreign;
    const Layers layers = read_env_file(path, foreign);
    layer = layers.bare;
    layer.insert(layers.prefixed.begin(), layers.prefixed.end());
    if (std::any_of(foreign.begin(), foreign.end(),
                    [](const auto& one) { return one.first == "PGPASSWORD"; }))
      return true;
  }
  return std::any_of(layer.begin(), layer.end(), [](const auto& entry) {
    const Variable* const variable = find_variable(entry.first);
    return variable != nullptr && variable->secret;
  });
}

Finding examine_file(const fs::path& path) {
  struct stat status {};
  const bool others_read = ::stat(path.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0;
  if (others_read && holds_a_secret(path))
    return {State::warning, "configuration",
            base::format("{} holds a secret and everybody on this machine can read it", path.native()),
            base::format("chmod 640 '{}'", path.native())};
  return {State::ok, "configuration", base::format("read from {}", path.native())};
}

/// The nearest directory on the way to `path` that exists.
fs::path existing_parent(fs::path path) {
  std::error_code ignored;
  while (!fs::exists(path, ignored) && path.has_relative_path()) path = path.parent_path();
  return path;
}

Finding examine_data_dir(const fs::path& path) {
  const fs::path there = existing_parent(path);
  const bool exists = there == path;
  if (!fs::is_directory(there))
    return {State::wrong, "data directory", base::format("{} is not a directory", there.native()),
            "choose another with --data-dir or VULN_DATASYNC_DATA_DIR"};
  if (::access(there.c_str(), W_OK | X_OK) != 0)
    return {State::wrong, "data directory",
            base::format("{} cannot be written to by this user", there.native()),
            base::format("install -d -o {} '{}'  as root, or choose another with --data-dir", ::geteuid(),
                         path.native())};
  return {State::ok, "data directory",
          path.native() + (exists ? " can be written to" : " does not exist yet and can be made")};
}

Finding examine_disk(const fs::path& path) {
  const std::uint64_t available = base::disk_space(path).available;
  const std::string seen = base::format("{} free for {} (the public sources take about {})",
                                        gibibytes(available), path.native(), gibibytes(comfortable));
  if (available >= comfortable) return {State::ok, "disk", seen};
  return {available < least ? State::wrong : State::warning, "disk", seen,
          "free some space, or choose a larger disk with --data-dir"};
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

Finding examine_git(const Settings& settings) {
  const auto& enabled = settings.sources.enabled;
  const bool needed = std::find(enabled.begin(), enabled.end(), "gitlab") != enabled.end();
  if (base::find_program("git").empty())
    return {needed ? State::wrong : State::warning, "git", "git is not installed; the GitLab source needs it",
            "apt-get install git"};
  base::RunLimits limits;
  limits.timeout = std::chrono::seconds(5);
  base::Command command{{"git", "--version"}};
  command.output = base::Stream::pipe();
  return {State::ok, "git", first_line(base::run(command, {}, limits).output)};
}

}  // namespace

Findings examine_configuration(const Settings& settings) {
  Findings findings;
  for (const fs::path& file : settings.files) findings.push_back(examine_file(file));
  if (settings.files.empty())
    findings.push_back({State::ok, "configuration", "no file: environment and defaults"});
  const ServiceSettings& service = settings.service;
  if (!service.tokens_file.empty() && ::access(service.tokens_file.c_str(), R_OK) != 0)
    findings.push_back({State::wrong, "API tokens",
                        base::format("{} cannot be read", service.tokens_file.native()),
                        "make it readable for this user, or unset API_TOKENS_FILE"});
  if (!api::is_loopback(service.host) && service.tokens.empty() && service.tokens_file.empty())
    findings.push_back({State::wrong, "API tokens",
                        base::format("SERVER_HOST={} is reachable for others and there is no token: serve "
                                     "will refuse to start",
                                     service.host),
                        "set API_TOKENS_FILE to a file with a line from: openssl rand -hex 32"});
  if (settings.sources.enabled.empty())
    findings.push_back(
        {State::wrong, "sources", "ENABLED_SOURCES names none", "ENABLED_SOURCES=osv,gitlab,cve"});
  return findings;
}

Findings examine_machine(const Settings& settings) {
  return {examine_data_dir(settings.data_dir), examine_disk(settings.data_dir), examine_git(settings)};
}

}  // namespace cli
