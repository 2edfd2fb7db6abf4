#include "fetch/git_bundle.hpp"

#include <algorithm>
#include <vector>

#include "base/format.hpp"
#include "fetch/error.hpp"
#include "fetch/git_command.hpp"

namespace fetch {
namespace fs = std::filesystem;

GitHead bundle_head(const fs::path& bundle, const std::stop_token& stop) {
  const base::RunResult result = try_git({}, {"bundle", "list-heads", fs::absolute(bundle).native()}, stop);
  // Format (gitformat-bundle(5)): lines of `<id> SP <reference>`.
  const std::vector<GitHead> heads = parse_git_heads(result.output, ' ');
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

GitRepository unbundle(const fs::path& bundle, const GitHead& head, const GitPlace& place,
                       const std::stop_token& stop) {
  const std::vector<std::string> command = {"fetch",
                                            "--quiet",
                                            "--no-tags",
                                            "--no-write-fetch-head",
                                            fs::absolute(bundle).native(),
                                            "+" + head.reference + ":refs/heads/main"};
  return update_git_cache(place, head.commit, command, {git_protocols::file}, stop);
}

}  // namespace fetch
