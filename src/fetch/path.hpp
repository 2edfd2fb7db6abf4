// Paths of records inside their source. They come from outside, and they are printed and stored, never
// opened.
#pragma once

#include <string>
#include <string_view>

namespace fetch {

/// Why `path` must not stand in an archive: a phrase such as "has a `..` segment", or empty when it may.
/// Refused are an empty path, one of more than 4096 bytes, `..` segments, a leading slash, a backslash, a
/// drive letter and a NUL byte.
std::string_view hostile_path(std::string_view path);

/// `text` as valid UTF-8 without control characters: every byte that is not part of it becomes `\xNN`.
std::string printable(std::string_view text);

/// Whether `text` is that already.
bool is_printable(std::string_view text);

}  // namespace fetch
