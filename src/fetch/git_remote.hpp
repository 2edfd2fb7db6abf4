// A git repository on another machine, copied into the cache as shallow as possible.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "fetch/git_cache.hpp"

namespace fetch {

/// The first of `references` that the repository at `url` has. One question, no objects move. Throws Error:
/// `git` when the server or git fails (a retry makes sense), `no_repository` when it has none of them.
GitHead remote_head(const std::string& url, const std::vector<std::string>& references,
                    const std::stop_token& stop = {});

/// The repository at `place` after `head` of `url` was added to it, without the history before
/// it. Throws Error `git`.
GitRepository fetch_remote(const std::string& url, const GitHead& head, const GitPlace& place,
                           const std::stop_token& stop = {});

}  // namespace fetch
