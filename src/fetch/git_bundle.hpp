// A git bundle: a repository's history in one file, as it is carried across an air gap. Its objects are kept
// in a bare repository in the cache, so that the next bundle only adds to it.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "fetch/git_cache.hpp"

namespace fetch {

/// What `bundle` names HEAD, else `main`, else `master`, else its only branch; reads just its head. Throws
/// Error `no_repository` when it is no bundle or names none of these.
GitHead bundle_head(const std::filesystem::path& bundle, const std::stop_token& stop = {});

/// The repository at `place` after everything in `bundle` was added to it. Throws Error `git`,
/// as when the bundle is cut off.
GitRepository unbundle(const std::filesystem::path& bundle, const GitHead& head, const GitPlace& place,
                       const std::stop_token& stop = {});

}  // namespace fetch
