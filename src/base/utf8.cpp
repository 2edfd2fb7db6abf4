#include "base/utf8.hpp"

#include <simdjson.h>

namespace base {

bool is_valid_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

std::string_view cut_utf8(std::string_view text, std::size_t longest) {
  if (text.size() <= longest) return text;
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
  };
  while (longest > 0 && continues(longest)) --longest;
  return text.substr(0, longest);
}

std::string to_valid_utf8(std::string_view text) {
  if (is_valid_utf8(text)) return std::string(text);
  std::string result;
  while (!text.empty()) {
    // A character has at most four bytes, and no valid one begins with another.
    std::size_t size = 1;
    while (size < 4 && size < text.size() && !is_valid_utf8(text.substr(0, size))) ++size;
    const bool valid = is_valid_utf8(text.substr(0, size));
    if (valid)
      result += text.substr(0, size);
    else
      result += "\xEF\xBF\xBD";
    text.remove_prefix(valid ? size : 1);
  }
  return result;
}

}  // namespace base
