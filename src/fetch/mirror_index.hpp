// mirror.json: what a mirror consists of, for readers that cannot list a directory.
//
//   {"files": [{"path": "osv/all.zip", "sha256": "…", "size": 1234}, …],
//    "sources": {"osv": {"fetched_at": "…Z", "fingerprint": "…", "watermark": "…", "whole_at": "…Z"}, …}}
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fetch {

inline constexpr const char* mirror_index_name = "mirror.json";
/// What the writer of a mirror keeps in it for itself; no part of the mirror.
inline constexpr const char* mirror_work_name = ".download";

/// More bytes than the list of any honest mirror has.
inline constexpr std::uint64_t largest_mirror_index = std::uint64_t{256} << 20;

struct MirrorFile {
  std::string path;  // with slashes, below the mirror's directory
  std::uint64_t size = 0;
  std::string sha256;  // in lower-case hexadecimal
};

/// Up to where the writer of a mirror followed a source; times as seconds since 1970, 0 for never.
struct MirroredState {
  std::string fingerprint;
  std::string watermark;
  std::int64_t fetched_at = 0;
  std::int64_t whole_at = 0;  // when the archive was fetched last
};

struct MirrorIndex {
  std::vector<MirrorFile> files;  // by path
  std::map<std::string, MirroredState, std::less<>> sources;
};

/// Reads a mirror.json. Throws Error `corrupt` for a text that is none (a path that leads out of the mirror
/// makes it none), naming `origin`.
MirrorIndex read_mirror_index(std::string_view json, std::string_view origin);

std::string to_text(const MirrorIndex& index);

/// The files below `mirror`, each with its size and checksum, without mirror.json itself and what is being
/// written. Throws base::FileError.
std::vector<MirrorFile> list_mirror_files(const std::filesystem::path& mirror);

/// The SHA-256 of a file in hexadecimal. Throws base::FileError.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace fetch
