#include "fetch/path.hpp"
#include "base/format.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace fetch {
namespace {

bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool has_parent_segment(std::string_view path) {
  while (true) {
    const std::size_t slash = path.find('/');
    if (path.substr(0, slash) == "..") return true;
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
  }
}

bool is_plain(char c) {
  return c >= 0x20 && c < 0x7f;
}

/// Length of the well-formed UTF-8 sequence of a character beyond ASCII at the start of `text`, or 0 (Unicode
/// 15.0, table 3-7). C1 control characters count as malformed.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : std::uint8_t{0};
  };
  const auto continues = [&](std::size_t i) { return byte(i) >= 0x80 && byte(i) <= 0xbf; };
  const std::uint8_t first = byte(0);
  const std::uint8_t second = byte(1);
  if (!continues(1)) return 0;
  if (first == 0xc2) return second >= 0xa0 ? 2 : 0;
  if (first >= 0xc3 && first <= 0xdf) return 2;
  if (!continues(2)) return 0;
  if (first == 0xe0) return second >= 0xa0 ? 3 : 0;
  if (first == 0xed) return second <= 0x9f ? 3 : 0;
  if (first >= 0xe1 && first <= 0xef) return 3;
  if (!continues(3)) return 0;
  if (first == 0xf0) return second >= 0x90 ? 4 : 0;
  if (first == 0xf4) return second <= 0x8f ? 4 : 0;
  return first >= 0xf1 && first <= 0xf3 ? 4 : 0;
}

}  // namespace

std::string_view hostile_path(std::string_view path) {
  constexpr std::size_t longest = 4096;  // PATH_MAX on Linux
  if (path.empty()) return "is empty";
  if (path.size() > longest) return "is longer than 4096 bytes";
  if (path.find('\0') != std::string_view::npos) return "holds a NUL byte";
  if (path.front() == '/') return "starts with a slash";
  if (path.find('\\') != std::string_view::npos) return "holds a backslash";
  if (path.size() >= 2 && path[1] == ':' && is_ascii_letter(path[0])) return "starts with a drive letter";
  if (has_parent_segment(path)) return "has a `..` segment";
  return {};
}

std::string printable(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  std::string result;
  while (!text.empty()) {
    const std::size_t length = is_plain(text[0]) ? 1 : sequence_length(text);
    if (length > 0)
      result += text.substr(0, length);
    else
      result += base::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

}  // namespace fetch
