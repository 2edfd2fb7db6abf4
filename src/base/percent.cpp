#include "base/percent.hpp"

#include <charconv>
#include <system_error>

namespace base {

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    if (text[i] == '%' && i + 2 < text.size()) {
      const char* const end = text.data() + i + 3;
      const auto [stopped, error] = std::from_chars(text.data() + i + 1, end, byte, 16);
      if (error == std::errc() && stopped == end) {
        out += static_cast<char>(byte);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

}  // namespace base
