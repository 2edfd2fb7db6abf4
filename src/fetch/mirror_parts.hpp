// The parts of a mirror that lies in a directory. Each gives the state absent where it is not there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "fetch/known_files.hpp"
#include "fetch/overlay.hpp"
#include "fetch/source.hpp"

namespace fetch {

/// osv/: the archive, and over it the single files that the list names, or all of them where there is no
/// list. An archive that is the known one is not read again where the list tells what changed, unless a
/// reconciliation is due or what changed has other copies that may count.
Fetched open_mirror_osv(const Request& request, const std::filesystem::path& directory);

/// cve/: the archive, and over it the archives of changes. Where only these are new, they alone are read.
Fetched open_mirror_cve(const Request& request, const std::filesystem::path& directory);

/// gitlab/: a repository or a bundle.
Fetched open_mirror_gitlab(const Request& request, const std::filesystem::path& directory);

/// Every record of osv/ (the archive and all single files below it), each once; nothing where there is no
/// archive.
std::unique_ptr<const Collection> mirror_osv_records(const Request& request,
                                                     const std::filesystem::path& directory);

/// When a record of OSV says that it was changed last, in microseconds since 1970; Versions::none where it
/// does not.
std::int64_t osv_modified(std::string_view record);

/// The fingerprints that are remembered of the files of a mirror's part; none where everything is to be read.
KnownFiles known_files(const Request& request);

/// Whether there is something at `path`. Throws base::FileError where the system does not tell.
bool is_there(const std::filesystem::path& path);

}  // namespace fetch
