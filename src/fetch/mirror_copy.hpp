// A part of a mirror behind a web server, copied to this machine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "fetch/source.hpp"
#include "http/settings.hpp"

namespace fetch {

struct MirrorCopy {
  bool is_there = false;            // the mirror has this part
  std::filesystem::path directory;  // a mirror with this part alone
  std::uint64_t bytes = 0;          // that were transferred
};

/// Makes the files of the request's source in its cache equal to those that mirror.json at `url` lists: files
/// that are there, with the right size and SHA-256, are not fetched again; the others are, resuming what was
/// broken off; what is not listed is removed. Throws Error (`corrupt` for a mirror.json that is none, or that
/// files contradict several times), http::Error, base::FileError.
MirrorCopy copy_mirror_part(const Request& request, const std::string& url, const http::Settings& settings);

}  // namespace fetch
