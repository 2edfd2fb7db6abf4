#include "parse/uri.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.hpp"
#include "base/percent.hpp"

namespace parse {

namespace {

bool is_hex_digit(char c) {
  return base::hex_value(c) >= 0;
}

// Unreserved and reserved characters but for those that need a look at where they stand: % # [ ].
constexpr std::array<bool, 256> plain_characters() {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0; c < plain.size(); ++c) plain[c] = base::is_alphanumeric(static_cast<char>(c));
  for (const char c : std::string_view("-._~:/?@!$&'()*+,;=")) plain[static_cast<unsigned char>(c)] = true;
  return plain;
}

constexpr std::array<bool, 256> plain = plain_characters();

std::size_t length_of_scheme(std::string_view url) {
  const auto colon = url.find(':');
  if (colon == std::string_view::npos || colon == 0 || !base::is_letter(url[0])) return 0;
  const std::string_view scheme = url.substr(0, colon);
  const bool valid = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return base::is_alphanumeric(c) || c == '+' || c == '-' || c == '.';
  });
  return valid ? colon + 1 : 0;
}

// Brackets are for an IP address as host, before the path begins.
std::size_t end_of_host(std::string_view url, std::size_t scheme) {
  if (url.substr(scheme, 2) != "//") return scheme;
  return std::min(url.find_first_of("/?#", scheme + 2), url.size());
}

class Writer {
 public:
  explicit Writer(std::string_view url) : url_(url), host_end_(end_of_host(url, length_of_scheme(url))) {}

  bool stays(std::size_t at) {
    const char c = url_[at];
    if (plain[static_cast<unsigned char>(c)]) return true;
    if (c == '[' || c == ']') return at < host_end_;
    if (c == '%') return at + 2 < url_.size() && is_hex_digit(url_[at + 1]) && is_hex_digit(url_[at + 2]);
    if (c != '#' || fragment_) return false;
    fragment_ = true;
    return true;
  }

 private:
  std::string_view url_;
  std::size_t host_end_;
  bool fragment_ = false;
};

}  // namespace

std::string_view as_uri(std::string_view url, base::Arena& arena) {
  if (length_of_scheme(url) == 0) return {};
  Writer writer(url);
  std::size_t at = 0;
  while (at < url.size() && writer.stays(at)) ++at;
  if (at == url.size()) return url;
  std::string out(url.substr(0, at));
  for (; at < url.size(); ++at) {
    // The first character is looked at again: it does not stay, so nothing was remembered of it.
    if (writer.stays(at))
      out += url[at];
    else
      base::append_percent_code(url[at], out);
  }
  return arena.copy(out);
}

}  // namespace parse
