// The git command, run so that nothing but its arguments decides what it does: no system or user
// configuration, no hook, no prompt, no GIT_* variable of our caller, no protocol but the ones named.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/process.hpp"

namespace fetch {

/// What a git command may transport objects over, as in GIT_ALLOW_PROTOCOL (git(1)).
namespace git_protocols {
inline constexpr std::string_view none = "none";  // a partial clone then cannot call home for what it lacks
inline constexpr std::string_view file = "file";  // bundles
inline constexpr std::string_view remote = "https:http:ssh:git:file";
}  // namespace git_protocols

/// How a git command may reach other machines.
struct GitAccess {
  std::string_view protocols = git_protocols::none;
  /// The value of an Authorization field for HTTP, or nothing. In the environment of git, never among its
  /// arguments, which everybody on the machine can read.
  std::string authorization = {};
};

/// `git ARGUMENTS` on the repository `git_dir` (empty: none), ready to be started. A repository of another
/// user is accepted, because nothing that its configuration names is executed by the commands used here.
base::Command git_command(const std::filesystem::path& git_dir, const std::vector<std::string>& arguments,
                          const GitAccess& access = {});

/// Starts a command. Throws Error `git` when git is missing.
base::Process start_git(const base::Command& command);

/// Runs the command to its end. Throws Error `git` when git is missing, cannot be started or was interrupted;
/// how it ended is the caller's business.
base::RunResult try_git(const std::filesystem::path& git_dir, const std::vector<std::string>& arguments,
                        const std::stop_token& stop = {}, const GitAccess& access = {});

/// As try_git(), and its output. Throws Error `git` with git's own reason also when it fails.
std::string run_git(const std::filesystem::path& git_dir, const std::vector<std::string>& arguments,
                    const std::stop_token& stop = {}, const GitAccess& access = {});

/// Runs the command and hands each NUL-terminated field of its output to `take` as it comes, so that the
/// listing of a large tree is never in memory. Throws Error `git` as run_git() does.
void stream_git(const std::filesystem::path& git_dir, const std::vector<std::string>& arguments,
                const std::stop_token& stop, const std::function<void(std::string_view field)>& take);

/// A nameless file for the error text of a child that we talk to, so that it can't block on a full pipe.
base::Fd error_file();
/// What a child wrote to it.
std::string read_error_file(const base::Fd& file);

/// The line of git's error text that says why, without its "fatal: ".
std::string git_reason(const base::ExitStatus& status, std::string_view error_text);

/// Whether `text` is a full object id: 40 or 64 lower-case hexadecimal digits.
bool is_object_id(std::string_view text);

}  // namespace fetch
