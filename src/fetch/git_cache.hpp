// The bare repository in the cache, to which bundles and remote repositories are added.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "fetch/git.hpp"
#include "fetch/git_command.hpp"

namespace fetch {

/// A branch, and the commit it is at.
struct GitHead {
  std::string reference;  // "HEAD", "refs/heads/main"
  std::string commit;
};

/// Where a bare repository is, and the file that keeps other processes out of it.
struct GitPlace {
  std::filesystem::path repository;
  std::filesystem::path lock;

  /// The one in a cache directory.
  GitPlace(const std::filesystem::path& cache)  // NOLINT: a cache is such a place
      : repository(cache / "objects.git"), lock(cache / "lock") {}
  GitPlace(std::filesystem::path at, std::filesystem::path lock_file)
      : repository(std::move(at)), lock(std::move(lock_file)) {}
};

/// Bytes of all files in a directory.
std::uint64_t bytes_in(const std::filesystem::path& directory);

/// Reads lines of `<id> SEPARATOR <reference>`.
std::vector<GitHead> parse_git_heads(std::string_view lines, char separator);

/// The repository at `place` with `commit` in it: where it is not there yet, the git command
/// `command` is run to fetch it into refs/heads/main. A repository that turns out to be damaged is thrown
/// away and made anew. Throws Error `git`.
GitRepository update_git_cache(const GitPlace& place, const std::string& commit,
                               const std::vector<std::string>& command, const GitAccess& access,
                               const std::stop_token& stop);

/// Throws the repository in `cache` away, because something in it is damaged.
void discard_git_cache(const std::filesystem::path& cache);

}  // namespace fetch
