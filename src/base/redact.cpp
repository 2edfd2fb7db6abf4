#include "base/redact.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.hpp"

namespace base {

namespace {

constexpr std::string_view mask = "***";

bool is_word(char c) {
  return is_alphanumeric(c) || c == '_' || c == '-';
}

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// A secret inside a text: where it begins and ends.
struct Secret {
  std::size_t begin;
  std::size_t end;
};

// "://" stands at `at`: the password, or for HTTP a lone user part, before the '@'. The last '@' counts,
// because people forget to encode those in passwords; in database URLs they forget slashes too.
std::optional<Secret> in_url(std::string_view text, std::size_t at) {
  const bool is_http = text.substr(0, at).ends_with("http") || text.substr(0, at).ends_with("https");
  const std::string_view ends = is_http ? " \t\r\n\"'/?#" : " \t\r\n\"'";
  const std::size_t begin = at + 3;
  const std::string_view authority = text.substr(begin, text.find_first_of(ends, begin) - begin);
  const std::size_t last_at = authority.rfind('@');
  if (last_at == std::string_view::npos) return std::nullopt;
  const std::size_t colon = authority.find(':');
  if (colon < last_at) return Secret{begin + colon + 1, begin + last_at};
  // A user without a password is no secret of a database or of ssh, but may be a token of git and HTTP.
  if (!is_http) return std::nullopt;
  return Secret{begin, begin + last_at};
}

// The value that begins there, quoted as libpq allows.
Secret parameter_value(std::string_view text, std::size_t begin) {
  const bool quoted = begin < text.size() && text[begin] == '\'';
  std::size_t end = begin + (quoted ? 1 : 0);
  while (end < text.size() && (quoted ? text[end] != '\'' : !is_space(text[end]) && text[end] != '&')) {
    if (text[end] == '\\') ++end;
    ++end;
  }
  return {begin, std::min(end + (quoted ? 1 : 0), text.size())};
}

// A word like "password" stands at `at`: the value after an equals sign.
std::optional<Secret> in_parameter(std::string_view text, std::size_t at) {
  static constexpr std::array<std::string_view, 5> names{"password", "sslpassword", "passwd", "token",
                                                         "secret"};
  if (at > 0 && is_alphanumeric(text[at - 1])) return std::nullopt;
  for (const std::string_view name : names) {
    if (!starts_with_ignoring_case(text.substr(at), name)) continue;
    std::size_t begin = at + name.size();
    while (begin < text.size() && text[begin] == ' ') ++begin;
    if (begin >= text.size() || text[begin] != '=') continue;
    do ++begin;
    while (begin < text.size() && text[begin] == ' ');
    return parameter_value(text, begin);
  }
  return std::nullopt;
}

std::optional<Secret> in_bearer(std::string_view text, std::size_t at) {
  static constexpr std::string_view name = "bearer ";
  if (!starts_with_ignoring_case(text.substr(at), name)) return std::nullopt;
  std::size_t end = at + name.size();
  while (end < text.size() && (is_word(text[end]) || text[end] == '.' || text[end] == '+' ||
                               text[end] == '/' || text[end] == '=' || text[end] == '~'))
    ++end;
  return Secret{at + name.size(), end};
}

}  // namespace

std::string redact(std::string_view text) {
  std::string result;
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::optional<Secret> secret;
    if (text.substr(at).starts_with("://"))
      secret = in_url(text, at);
    else if (is_letter(text[at]))
      secret = in_parameter(text, at);
    if (!secret && (text[at] == 'B' || text[at] == 'b')) secret = in_bearer(text, at);
    if (!secret || secret->begin == secret->end) continue;
    result += text.substr(done, secret->begin - done);
    result += mask;
    done = secret->end;
    at = done - 1;
  }
  result += text.substr(done);
  return result;
}

}  // namespace base
