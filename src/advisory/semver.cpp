#include "advisory/semver.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace advisory {

namespace {

using base::is_digit;

bool is_identifier_character(char c) {
  return base::is_alphanumeric(c) || c == '-';
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

bool is_all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

/// Numbers without leading zeros: the longer is the greater.
std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

std::strong_ordering compare_identifiers(std::string_view a, std::string_view b) {
  const bool a_is_number = is_all_digits(a);
  const bool b_is_number = is_all_digits(b);
  if (a_is_number && b_is_number) return compare_numbers(a, b);
  if (a_is_number != b_is_number)
    return a_is_number ? std::strong_ordering::less : std::strong_ordering::greater;
  return a <=> b;
}

/// Identifier by identifier; the list that ends first comes first.
std::strong_ordering compare_pre_releases(std::string_view a, std::string_view b) {
  while (true) {
    std::string_view rest_of_a;
    std::string_view rest_of_b;
    const bool more_of_a = cut(a, '.', rest_of_a);
    const bool more_of_b = cut(b, '.', rest_of_b);
    if (const auto order = compare_identifiers(a, b); order != 0) return order;
    if (!more_of_a || !more_of_b) return more_of_a <=> more_of_b;
    a = rest_of_a;
    b = rest_of_b;
  }
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

std::strong_ordering compare_semver(std::string_view a, std::string_view b) {
  std::string_view ignored;
  cut(a, '+', ignored);
  cut(b, '+', ignored);
  std::string_view pre_release_of_a;
  std::string_view pre_release_of_b;
  const bool a_is_release = !cut(a, '-', pre_release_of_a);
  const bool b_is_release = !cut(b, '-', pre_release_of_b);
  for (int i = 0; i < 3; ++i) {
    std::string_view rest_of_a;
    std::string_view rest_of_b;
    cut(a, '.', rest_of_a);
    cut(b, '.', rest_of_b);
    if (const auto order = compare_numbers(a, b); order != 0) return order;
    a = rest_of_a;
    b = rest_of_b;
  }
  if (a_is_release || b_is_release) return a_is_release <=> b_is_release;
  return compare_pre_releases(pre_release_of_a, pre_release_of_b);
}

}  // namespace advisory
