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

/// The archive at `url`, or `unchanged` when its fingerprint is the known one (or that of
/// an older generation). One request. Throws http::Error
/// and what ArchiveCache::open() throws.
Fetched open_web_archive(const Request& request, const std::string& url, const ZipLayout& layout,
                         http::Client& client, const ArchiveCache& cache);

}  // namespace fetch
