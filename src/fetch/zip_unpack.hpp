// An archive inside an archive.
#pragma once

#include <filesystem>

#include "fetch/file.hpp"
#include "fetch/zip.hpp"

namespace fetch {

/// Limits for an archive that serves as an entry: compressed twice, it hardly shrinks the second time.
inline constexpr ZipLimits wrapped_limits = {
    .entry = UINT32_MAX - std::uint64_t{1}, .harmless = std::uint64_t{1} << 30, .ratio = 4};

/// Unpacks entry `index` of `archive` into a nameless file in `directory`, which vanishes with the returned
/// object; memory use does not depend on its size. Messages name it by the path of `archive`. Throws Error
/// `corrupt` as ZipReader::read() does, and base::FileError when there is no room.
File unpack_to_file(const ZipArchive& archive, std::size_t index, const std::filesystem::path& directory);

}  // namespace fetch
