// An archive at an address, told apart from its earlier self by what the server says about it.
#pragma once

#include <string>
#include <string_view>

#include "fetch/archive_cache.hpp"
#include "http/client.hpp"

namespace fetch {

/// How the fingerprint of a Google object begins; its generation follows.
inline constexpr std::string_view generation_prefix = "generation ";

/// What the header of an answer says about its content: the generation of a Google object, else the ETag,
/// else the time of the last change with the length; "" when it says nothing.
std::string fingerprint_of(const http::Headers& headers);

/// What is known of a file before it is asked for.
struct KnownFile {
  std::string fingerprint;  // of what was taken in; empty: nothing was
  bool again = false;       // it is wanted though it is that one
};

struct BroughtFile {
  std::string fingerprint;  // the known one where that is still the newest
  std::uint64_t bytes = 0;  // that came over the network
  bool is_known = false;    // nothing was brought: it is the known one, or an older generation
};

/// Brings the file at `url` into `file`, unless it lies there already or is the known one. One request.
/// Throws http::Error and base::FileError.
BroughtFile bring_web_file(const std::string& url, const CachedFile& file, const KnownFile& known,
                           http::Client& client);

/// The archive at `url`, or `unchanged` when its fingerprint is the known one (or that of
/// an older generation). One request. Throws http::Error
/// and what ArchiveCache::open() throws.
Fetched open_web_archive(const Request& request, const std::string& url, const ZipLayout& layout,
                         http::Client& client, const ArchiveCache& cache);

}  // namespace fetch
