#include "fetch/git_command.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "base/ascii.hpp"
#include "base/files.hpp"
#include "base/format.hpp"
#include "fetch/error.hpp"
#include "fetch/path.hpp"

namespace fetch {
namespace {

/// Variables of our caller that only say how to reach a server.
bool is_about_transport(std::string_view name) {
  constexpr std::array<std::string_view, 5> kept = {"GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT",
                                                    "GIT_SSL_CAINFO", "GIT_SSL_CAPATH"};
  return std::find(kept.begin(), kept.end(), name) != kept.end();
}

std::vector<std::pair<std::string, std::optional<std::string>>> git_environment(const GitAccess& access) {
  std::vector<std::pair<std::string, std::optional<std::string>>> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string_view name = text.substr(0, text.find('='));
    if (name.starts_with("GIT_") && !is_about_transport(name)) result.emplace_back(name, std::nullopt);
  }
  const auto set = [&](std::string_view name, std::string_view value) {
    result.emplace_back(std::string(name), std::string(value));
  };
  set("GIT_CONFIG_NOSYSTEM", "1");
  set("GIT_CONFIG_GLOBAL", "/dev/null");
  set("GIT_TERMINAL_PROMPT", "0");
  set("GIT_ASKPASS", "true");
  set("GIT_NO_REPLACE_OBJECTS", "1");
  set("GIT_OPTIONAL_LOCKS", "0");
  set("GIT_ALLOW_PROTOCOL", access.protocols);
  if (!access.authorization.empty()) {
    set("GIT_CONFIG_COUNT", "1");
    set("GIT_CONFIG_KEY_0", "http.extraHeader");
    set("GIT_CONFIG_VALUE_0", "Authorization: " + access.authorization);
  }
  // A transfer that has stalled ends, and ssh asks nobody for a password.
  set("GIT_HTTP_LOW_SPEED_LIMIT", "256");
  set("GIT_HTTP_LOW_SPEED_TIME", "60");
  if (std::getenv("GIT_SSH") == nullptr && std::getenv("GIT_SSH_COMMAND") == nullptr)
    set("GIT_SSH_COMMAND", "ssh -oBatchMode=yes -oConnectTimeout=20");
  set("LC_ALL", "C");
  return result;
}

Error not_run(const base::ProcessError& error) {
  if (base::find_program("git").empty())
    return {"git", "cannot read git data: the program git is not in PATH; install the package git"};
  return {"git", base::format("cannot run git: {}", error.what())};
}

[[noreturn]] void fail(const std::filesystem::path& git_dir, const std::vector<std::string>& arguments,
                       const base::ExitStatus& status, std::string_view error_text) {
  throw Error("git", base::format("git {} failed{}{}: {}", arguments.front(), git_dir.empty() ? "" : " in ",
                                  git_dir.native(), git_reason(status, error_text)));
}

}  // namespace

base::Command git_command(const std::filesystem::path& git_dir, const std::vector<std::string>& arguments,
                          const GitAccess& access) {
  base::Command command;
  command.arguments = {"git",
                       "-c",
                       "safe.directory=*",
                       "-c",
                       "core.hooksPath=/dev/null",
                       "-c",
                       "core.fsmonitor=false",
                       "-c",
                       "gc.auto=0",
                       "-c",
                       "maintenance.auto=false"};
  if (!git_dir.empty()) command.arguments.push_back("--git-dir=" + git_dir.native());
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.environment = git_environment(access);
  // In no directory of ours: git must not find a repository around it.
  command.directory = "/";
  // git lets helpers do its transfers: they must end with it, or they write into what the next run uses.
  command.new_session = true;
  return command;
}

base::Process start_git(const base::Command& command) {
  try {
    return base::Process(command);
  } catch (const base::ProcessError& error) {
    throw not_run(error);
  }
}

base::RunResult try_git(const std::filesystem::path& git_dir, const std::vector<std::string>& arguments,
                        const std::stop_token& stop, const GitAccess& access) {
  base::RunLimits limits;
  limits.stop = stop;
  try {
    return base::run(git_command(git_dir, arguments, access), {}, limits);
  } catch (const base::ProcessError& error) {
    throw not_run(error);
  }
}

std::string run_git(const std::filesystem::path& git_dir, const std::vector<std::string>& arguments,
                    const std::stop_token& stop, const GitAccess& access) {
  base::RunResult result = try_git(git_dir, arguments, stop, access);
  if (!result.status.success()) fail(git_dir, arguments, result.status, result.error);
  return std::move(result.output);
}

void stream_git(const std::filesystem::path& git_dir, const std::vector<std::string>& arguments,
                const std::stop_token& stop, const std::function<void(std::string_view field)>& take) {
  const base::Fd errors = error_file();
  base::Command command = git_command(git_dir, arguments);
  command.output = base::Stream::pipe();
  command.error = base::Stream::file(errors);
  base::Process git = start_git(command);
  std::string buffer(std::size_t{64} << 10, '\0');
  std::string partial;
  while (const std::size_t length = base::read_some(git.output(), buffer.data(), buffer.size(), "git")) {
    if (stop.stop_requested()) throw Error("git", base::format("git {} was interrupted", arguments.front()));
    std::string_view rest(buffer.data(), length);
    for (std::size_t end = 0; (end = rest.find('\0')) != std::string_view::npos;
         rest.remove_prefix(end + 1)) {
      if (partial.empty()) {
        take(rest.substr(0, end));
        continue;
      }
      partial += rest.substr(0, end);
      take(partial);
      partial.clear();
    }
    partial += rest;
  }
  const base::ExitStatus status = git.wait();
  if (!status.success()) fail(git_dir, arguments, status, read_error_file(errors));
}

base::Fd error_file() {
  base::Fd file(memfd_create("git-errors", MFD_CLOEXEC));
  if (!file) throw base::FileError("create", "a memory file", errno);
  return file;
}

std::string read_error_file(const base::Fd& file) {
  std::string text(4096, '\0');
  const ssize_t length = pread(file.get(), text.data(), text.size(), 0);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  return text;
}

std::string git_reason(const base::ExitStatus& status, std::string_view error_text) {
  for (const std::string_view prefix : {"fatal: ", "error: "}) {
    const std::size_t at = error_text.find(prefix);
    if (at == std::string_view::npos) continue;
    const std::string_view reason = error_text.substr(at + prefix.size());
    return printable(reason.substr(0, reason.find('\n')));
  }
  return status.to_string();
}

bool is_object_id(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) && std::all_of(text.begin(), text.end(), [](char c) {
           return base::is_digit(c) || (c >= 'a' && c <= 'f');
         });
}

}  // namespace fetch
