// A source that is a git repository or bundle of one file per record.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "fetch/git.hpp"
#include "fetch/source.hpp"

namespace fetch {

/// Whether `path` may be an advisory of the GitLab database: `<type>/<package>/<identifier>.yml`, whatever
/// the type, for new ones come; but not the files with which that repository maintains itself (`ci/`,
/// `.gitlab/`).
bool is_gitlab_advisory(std::string_view path);

/// The newest state of a repository on this machine, read in place. Its fingerprint is the commit, and where
/// the known one is still there the answer is a delta. Throws Error, `empty` where a full state has no
/// record.
Fetched open_git_repository(const Request& request, const GitRepository& repository, const GitSelect& select);

/// The same for a bundle, through a repository in the request's cache.
Fetched open_git_bundle(const Request& request, const std::filesystem::path& bundle, const GitSelect& select);

/// The same for a repository on another machine, at an address that git understands, through a shallow copy
/// in the request's cache.
Fetched open_git_remote(const Request& request, const std::string& url, const GitSelect& select);

}  // namespace fetch
