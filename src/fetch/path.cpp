#include "fetch/path.hpp"
#include "base/ascii.hpp"
#include "base/format.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace fetch {
namespace {

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

/// Length of the UTF-8 sequence that a byte beyond ASCII begins, or 0.
std::size_t announced_length(std::uint8_t first) {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  if (first >= 0xf0 && first <= 0xf4) return 4;
  return 0;
}

/// Length of the well-formed UTF-8 sequence of a character beyond ASCII at the start of `text`, or 0 (Unicode
/// 15.0, table 3-7: some first bytes narrow the second). C1 control characters count as malformed.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  const std::size_t length = announced_length(first);
  if (length == 0 || text.size() < length) return 0;
  const std::uint8_t lowest = first == 0xc2 || first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const std::uint8_t highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (byte(1) < lowest || byte(1) > highest) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  return length;
}

// Eight bytes at a time: names of records are checked by the million.
bool is_plain_ascii(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t high = 0x8080808080808080;
  for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t))) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof(word));
    // Bytes below 0x20 ("Determine if a word has a byte less than n", Bit Twiddling Hacks by S. E. Anderson),
    // from 0x7f on, and from 0x80 on.
    if ((((word - ones * 0x20) & ~word) | (word + ones) | word) & high) return false;
  }
  return std::all_of(text.begin(), text.end(), is_plain);
}

}  // namespace

std::string_view hostile_path(std::string_view path) {
  constexpr std::size_t longest = 4096;  // PATH_MAX on Linux
  if (path.empty()) return "is empty";
  if (path.size() > longest) return "is longer than 4096 bytes";
  if (path.find('\0') != std::string_view::npos) return "holds a NUL byte";
  if (path.front() == '/') return "starts with a slash";
  if (path.find('\\') != std::string_view::npos) return "holds a backslash";
  if (path.size() >= 2 && path[1] == ':' && base::is_letter(path[0])) return "starts with a drive letter";
  if (has_parent_segment(path)) return "has a `..` segment";
  return {};
}

std::string printable(std::string_view text) {
  if (is_plain_ascii(text)) return std::string(text);
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

bool is_printable(std::string_view text) {
  return is_plain_ascii(text) || printable(text) == text;
}

}  // namespace fetch
