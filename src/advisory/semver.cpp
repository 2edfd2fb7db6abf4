#include "advisory/semver.hpp"

#include <algorithm>

namespace advisory {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_identifier_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

bool is_numeric(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit) &&
         (text.size() == 1 || text[0] != '0');
}

/// <dot-separated identifiers>; those of a pre-release that are all digits have no leading zero.
bool are_identifiers(std::string_view text, bool pre_release) {
  while (true) {
    const std::size_t dot = text.find('.');
    const std::string_view part = text.substr(0, dot);
    if (part.empty() || !std::all_of(part.begin(), part.end(), is_identifier_character)) return false;
    if (pre_release && std::all_of(part.begin(), part.end(), is_digit) && !is_numeric(part)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

/// Cuts `text` at the first `separator`; returns whether there was one.
bool cut(std::string_view& text, char separator, std::string_view& after) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return false;
  after = text.substr(at + 1);
  text = text.substr(0, at);
  return true;
}

}  // namespace

bool is_semver(std::string_view text) {
  std::string_view build;
  if (cut(text, '+', build) && !are_identifiers(build, false)) return false;
  std::string_view pre_release;
  if (cut(text, '-', pre_release) && !are_identifiers(pre_release, true)) return false;
  std::string_view minor;
  std::string_view patch;
  return cut(text, '.', minor) && cut(minor, '.', patch) && is_numeric(text) && is_numeric(minor) &&
         is_numeric(patch);
}

}  // namespace advisory
