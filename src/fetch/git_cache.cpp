#include "fetch/git_cache.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "fetch/git_command.hpp"

namespace fetch {
namespace {

namespace fs = std::filesystem;

bool is_sound(const GitRepository& repository, const std::stop_token& stop) {
  return try_git(repository.git_dir(), {"fsck", "--connectivity-only", "--no-dangling", "--no-progress"},
                 stop)
      .status.success();
}

// Every fetch adds a pack, and a bundle brings its whole history again, so that each has full size. Done
// before new commits come: the known one is still reachable and stays.
void merge_packs(const GitRepository& repository, const std::stop_token& stop) {
  // A failure shows when the repository is used.
  try_git(repository.git_dir(),
          {"-c", "gc.auto=6700", "-c", "gc.autoPackLimit=4", "-c", "gc.autoDetach=false", "gc", "--auto",
           "--quiet"},
          stop);
}

void make_repository(const GitRepository& repository, const std::string& commit) {
  const std::string format = commit.size() == 40 ? "sha1" : "sha256";
  run_git({}, {"init", "--quiet", "--bare", "--template=", "--initial-branch=main",
               "--object-format=" + format, repository.git_dir().native()});
}

}  // namespace

std::uint64_t bytes_in(const fs::path& directory) {
  std::uint64_t bytes = 0;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(directory, ignored))
    if (entry.is_regular_file(ignored)) bytes += entry.file_size(ignored);
  return bytes;
}

std::vector<GitHead> parse_git_heads(std::string_view lines, char separator) {
  std::vector<GitHead> heads;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    const std::size_t end = line.find(separator);
    if (end != std::string_view::npos && is_object_id(line.substr(0, end)))
      heads.push_back({std::string(line.substr(end + 1)), std::string(line.substr(0, end))});
  }
  return heads;
}

GitRepository update_git_cache(const GitPlace& place, const std::string& commit,
                               const std::vector<std::string>& command, const GitAccess& access,
                               const std::stop_token& stop) {
  base::make_directories(place.lock.parent_path(), 0700);
  const base::FileLock lock = base::FileLock::acquire(place.lock, base::FileLock::Mode::exclusive);
  GitRepository repository(fs::absolute(place.repository));
  if (fs::exists(repository.git_dir())) {
    if (repository.has_commit(commit, stop)) return repository;
    merge_packs(repository, stop);
    if (try_git(repository.git_dir(), command, stop, access).status.success()) return repository;
    // The other side may be to blame, or send only what the cache lacks: a sound one is kept.
    if (!is_sound(repository, stop)) base::remove_tree(repository.git_dir());
  }
  if (!fs::exists(repository.git_dir())) make_repository(repository, commit);
  run_git(repository.git_dir(), command, stop, access);
  return repository;
}

void discard_git_cache(const fs::path& cache) {
  // What cannot be removed now will be found damaged again.
  std::error_code ignored;
  fs::remove_all(GitPlace(cache).repository, ignored);
}

}  // namespace fetch
