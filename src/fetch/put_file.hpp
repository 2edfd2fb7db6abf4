// Files that take the place of others whole, without waiting for the disk: for many of them, followed by one
// base::sync_file_system().
#pragma once

#include <filesystem>
#include <string_view>

namespace fetch {

/// Replaces `path` by a file with this content. Throws base::FileError.
void put_file(const std::filesystem::path& path, std::string_view bytes);

/// Replaces `to` by a copy of `from`. Throws base::FileError.
void put_copy(const std::filesystem::path& from, const std::filesystem::path& to);

/// Renames `from`, on the same file system, to `to`, replacing what is called so. Throws base::FileError.
void move_file(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace fetch
