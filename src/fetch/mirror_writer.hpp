// Writes a mirror: downloads the sources into a directory, to be read where there is no network.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "fetch/live.hpp"

namespace fetch {

struct MirrorOptions {
  std::filesystem::path directory;
  std::vector<std::string> sources;
  LiveSettings live;
  /// How long lists of changes are followed before an archive is fetched again.
  std::chrono::seconds reconcile_interval{};
  bool full = false;  // fetch the archives whether they changed or not
  std::stop_token stop;
  /// Is told what is done for which source.
  std::function<void(std::string_view source, std::string_view what)> note;
};

/// What became of one source.
struct MirroredSource {
  std::string mode = {};  // full, delta, unchanged
  std::uint64_t bytes_fetched = 0;
  std::size_t records = 0;  // of a delta
  std::string error = {};   // the part is as it was before
};

/// Brings the mirror in the directory, which is made when missing, up to the state of the sources. Each file
/// is replaced whole or not at all; what was broken off is resumed by the next call; of what changed little
/// only the changes are fetched: OSV's as single files, the CVE list's as an archive, GitLab's by git.
/// mirror.json is written last. A source that fails leaves its part as it was. Throws base::FileError, and
/// Error when another process writes the mirror or a stop is requested.
std::map<std::string, MirroredSource> write_mirror(const MirrorOptions& options);

/// Writes mirror.json for the files that lie in the directory. Throws base::FileError.
void write_mirror_index(const std::filesystem::path& directory);

}  // namespace fetch
