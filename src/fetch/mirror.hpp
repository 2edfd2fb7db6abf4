// A mirror: the three sources as files in a directory (interface.md section 2, "Mirror layout").
#pragma once

#include <filesystem>
#include <string_view>

#include "fetch/source.hpp"

namespace fetch {

/// Opens one source of the mirror in directory `mirror`:
///   osv     osv/all.zip: every `*.json` entry;
///   cve     cve/main.zip: every `CVE-*.json` entry, by its path from the last `cves/` folder on; the archive
///           may be wrapped in a second zip, as the daily releases are;
///   gitlab  gitlab/advisories.bundle, or gitlab/ as a repository: the advisory files of its head commit.
/// Throws base::Error: Error when the part exists and is broken or holds no record at all, base::FileError
/// when the operating system refuses.
Fetched open_mirror(const Request& request, const std::filesystem::path& mirror);

/// The directory that a `--mirror` argument names: a path, or a file:// URL with percent-encoding resolved.
/// Throws Error for any other URL.
std::filesystem::path mirror_directory(std::string_view argument);

}  // namespace fetch
