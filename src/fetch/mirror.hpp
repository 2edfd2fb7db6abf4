// A mirror: the three sources as files in a directory or behind a web server.
//
//   osv/all.zip              every record
//   osv/modified_id.csv      the list of them, with times
//   osv/ECOSYSTEM/ID.json    records that changed after all.zip was packed
//   cve/main.zip             every record
//   cve/delta/*.zip          records that changed after that
//   gitlab/                  a git repository, or gitlab/advisories.bundle
//   mirror.json              the list of the files; only readers over HTTP need it
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "fetch/source.hpp"
#include "http/settings.hpp"

namespace fetch {

/// Opens one source of the mirror at `address`: a directory, a file:// or an http(s):// URL. A web mirror is
/// copied into the request's cache, of which only what differs is fetched. Throws base::Error: Error when the
/// part exists and is broken or holds no record at all, base::FileError when the operating system refuses.
Fetched open_mirror(const Request& request, const std::string& address, const http::Settings& http = {});

/// Whether the address is one of a web server.
bool is_web_mirror(std::string_view address);

/// Whether the address has a form that open_mirror() takes.
bool is_mirror_address(std::string_view address);

/// The directory that the address of a mirror names: a path, or a file:// URL with percent-encoding resolved.
/// Throws Error for any other URL.
std::filesystem::path mirror_directory(std::string_view address);

}  // namespace fetch
