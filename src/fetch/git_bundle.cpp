#include "fetch/git_bundle.hpp"

#include <algorithm>
#include <vector>

#include "base/files.hpp"
#include "base/format.hpp"
#include "fetch/error.hpp"
#include "fetch/git_command.hpp"
#include "fetch/path.hpp"

namespace fetch {
namespace {

namespace fs = std::filesystem;

fs::path repository_in(const fs::path& cache) {
  return cache / "objects.git";
}

// Format (gitformat-bundle(5)): lines of `<id> SP <reference>`.
std::vector<BundleHead> parse_heads(std::string_view lines) {
  std::vector<BundleHead> heads;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    const std::size_t space = line.find(' ');
    if (space != std::string_view::npos && is_object_id(line.substr(0, space)))
      heads.push_back({std::string(line.substr(space + 1)), std::string(line.substr(0, space))});
  }
  return heads;
}

bool is_sound(const GitRepository& repository, const std::stop_token& stop) {
  return try_git(repository.git_dir(), {"fsck", "--connectivity-only", "--no-dangling", "--no-progress"},
                 stop)
      .status.success();
}

// A bundle brings its whole history again, so that every one adds a pack of full size. Done before new
// commits come: the known one is still reachable and stays.
void merge_packs(const GitRepository& repository, const std::stop_token& stop) {
  // A failure shows when the repository is used.
  try_git(repository.git_dir(),
          {"-c", "gc.auto=6700", "-c", "gc.autoPackLimit=4", "-c", "gc.autoDetach=false", "gc", "--auto",
           "--quiet"},
          stop);
}

void make_repository(const GitRepository& repository, const BundleHead& head) {
  const std::string format = head.commit.size() == 40 ? "sha1" : "sha256";
  run_git({}, {"init", "--quiet", "--bare", "--template=", "--initial-branch=main",
               "--object-format=" + format, repository.git_dir().native()});
}

}  // namespace

BundleHead bundle_head(const fs::path& bundle, const std::stop_token& stop) {
  const base::RunResult result = try_git({}, {"bundle", "list-heads", fs::absolute(bundle).native()}, stop);
  const std::vector<BundleHead> heads = parse_heads(result.output);
  for (const char* name : {"HEAD", "refs/heads/main", "refs/heads/master"}) {
    const auto found =
        std::find_if(heads.begin(), heads.end(), [&](const auto& head) { return head.reference == name; });
    if (found != heads.end()) return *found;
  }
  if (heads.size() == 1 && heads[0].reference.starts_with("refs/heads/")) return heads[0];
  const std::string reason = result.status.success() ? "it names neither HEAD nor a branch main or master"
                                                     : git_reason(result.status, result.error);
  throw Error("no_repository", base::format("cannot use the git bundle {}: {}", bundle.native(), reason));
}

GitRepository unbundle(const fs::path& bundle, const BundleHead& head, const fs::path& cache,
                       const std::stop_token& stop) {
  base::make_directories(cache, 0700);
  const base::FileLock lock = base::FileLock::acquire(cache / "lock", base::FileLock::Mode::exclusive);
  GitRepository repository(fs::absolute(repository_in(cache)));
  const std::vector<std::string> command = {"fetch",
                                            "--quiet",
                                            "--no-tags",
                                            "--no-write-fetch-head",
                                            fs::absolute(bundle).native(),
                                            "+" + head.reference + ":refs/heads/main"};
  if (fs::exists(repository.git_dir())) {
    if (repository.has_commit(head.commit, stop)) return repository;
    merge_packs(repository, stop);
    if (try_git(repository.git_dir(), command, stop, git_protocols::file).status.success()) return repository;
    // The bundle may be to blame, or need commits that only the cache has: a sound one is kept.
    if (!is_sound(repository, stop)) base::remove_tree(repository.git_dir());
  }
  if (!fs::exists(repository.git_dir())) make_repository(repository, head);
  run_git(repository.git_dir(), command, stop, git_protocols::file);
  return repository;
}

void discard_git_cache(const fs::path& cache) {
  // What cannot be removed now will be found damaged again.
  std::error_code ignored;
  fs::remove_all(repository_in(cache), ignored);
}

}  // namespace fetch
