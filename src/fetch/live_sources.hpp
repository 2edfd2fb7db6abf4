// The three ways of open_live(), and what they share.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "fetch/git.hpp"
#include "fetch/git_cache.hpp"
#include "fetch/live.hpp"

namespace fetch {

Fetched open_live_osv(const Request& request, const LiveSettings& settings);
Fetched open_live_cve(const Request& request, const LiveSettings& settings);
Fetched open_live_gitlab(const Request& request, const LiveSettings& settings);

/// The newest commit of the GitLab database at `url` (GITLAB_REPO_URL): a path, a bundle or a remote
/// repository. Throws Error.
GitHead gitlab_head(const std::string& url, const std::stop_token& stop);

/// Adds that commit to the repository at `place`. Throws Error.
GitRepository fetch_gitlab(const std::string& url, const GitHead& head, const GitPlace& place,
                           const std::stop_token& stop);

/// The answer that the source is where it was.
Fetched unchanged(const std::string& fingerprint);

/// What with_awaited() puts between the fingerprint and the number.
inline constexpr std::string_view awaited_mark = ", awaiting ";

/// `url` without the slashes at its end.
std::string without_slash(std::string url);

struct GitHubBranch {
  std::string repository;  // an address for git
  std::string reference;   // "refs/heads/main"
};

/// The branch behind `https://github.com/OWNER/REPOSITORY/archive/refs/heads/BRANCH.zip`, also on another
/// host; nothing for any other address.
std::optional<GitHubBranch> github_branch(std::string_view archive_url);

/// `raw_url` with the commit in the place of the branch, where it is
/// `https://raw.githubusercontent.com/OWNER/ REPOSITORY/BRANCH` and a commit is known.
std::string raw_url_of_commit(const std::string& raw_url, const std::string& commit);

/// The commit that an archive was packed from, where it says so.
std::optional<std::string> packed_commit(const std::filesystem::path& archive);

}  // namespace fetch
