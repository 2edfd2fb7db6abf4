#include "fetch/git_remote.hpp"

#include <algorithm>

#include "base/format.hpp"
#include "base/redact.hpp"
#include "fetch/error.hpp"
#include "fetch/git_command.hpp"

namespace fetch {
namespace {

Error remote_failed(const std::string& url, const base::RunResult& result) {
  return {"git",
          base::format("cannot reach the git repository {}: {}", base::redact(url),
                       base::redact(git_reason(result.status, result.error))),
          Error::Retry::yes};
}

}  // namespace

// Format (git-ls-remote(1)): `<id> TAB <reference> LF`.
GitHead remote_head(const std::string& url, const std::vector<std::string>& references,
                    const std::stop_token& stop) {
  std::vector<std::string> arguments = {"ls-remote", "--", url};
  arguments.insert(arguments.end(), references.begin(), references.end());
  const base::RunResult result = try_git({}, arguments, stop, git_protocols::remote);
  if (!result.status.success()) throw remote_failed(url, result);
  const std::vector<GitHead> heads = parse_git_heads(result.output, '\t');
  for (const std::string& reference : references) {
    const auto found = std::find_if(heads.begin(), heads.end(),
                                    [&](const GitHead& head) { return head.reference == reference; });
    if (found != heads.end()) return *found;
  }
  throw Error("no_repository", base::format("cannot use the git repository {}: it has no {}",
                                            base::redact(url), references.front()));
}

GitRepository fetch_remote(const std::string& url, const GitHead& head, const std::filesystem::path& cache,
                           const std::stop_token& stop) {
  const auto command = [&](bool shallow) {
    std::vector<std::string> result = {"fetch", "--quiet", "--no-tags", "--no-write-fetch-head"};
    if (shallow) result.emplace_back("--depth=1");
    result.insert(result.end(), {"--", url, "+" + head.reference + ":refs/heads/main"});
    return result;
  };
  try {
    return update_git_cache(cache, head.commit, command(true), git_protocols::remote, stop);
  } catch (const Error& error) {
    // Plain files behind a web server are a repository too, but only whole.
    if (std::string_view(error.what()).find("shallow") == std::string_view::npos) throw;
  }
  return update_git_cache(cache, head.commit, command(false), git_protocols::remote, stop);
}

}  // namespace fetch
