#include "advisory/identifier.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace advisory {

namespace {

using base::is_alphanumeric;
using base::is_digit;

constexpr std::size_t shortest = 3;
constexpr std::size_t longest = 128;

bool is_lower_or_digit(char c) {
  return base::is_lower(c) || is_digit(c);
}

bool is_identifier_character(char c) {
  constexpr std::string_view marks = "._:+/-";
  return is_alphanumeric(c) || marks.find(c) != std::string_view::npos;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// "-xxxx-xxxx-xxxx" after a prefix: the random form of GHSA, CGA and MINI ids.
bool is_random_form(std::string_view id) {
  const auto hyphen = id.find('-');
  if (hyphen == std::string_view::npos || hyphen == 0 || id.size() - hyphen != 15) return false;
  const std::string_view tail = id.substr(hyphen);
  for (std::size_t i = 0; i < tail.size(); ++i)
    if (i % 5 == 0 ? tail[i] != '-' : !is_lower_or_digit(tail[i])) return false;
  return true;
}

// CWE ids in any case: see clean_identifier.
bool names_a_weakness(std::string_view id) {
  return (id.starts_with("CWE-") || id.starts_with("cwe-")) && all_digits(id.substr(4));
}

}  // namespace

std::optional<std::string_view> clean_identifier(std::string_view text) {
  constexpr std::string_view around = " \t\r\n,;";
  const auto first = text.find_first_not_of(around);
  if (first == std::string_view::npos) return std::nullopt;
  const std::string_view id = text.substr(first, text.find_last_not_of(around) - first + 1);
  if (id.size() < shortest || id.size() > longest) return std::nullopt;
  if (!is_alphanumeric(id.front()) || !is_alphanumeric(id.back())) return std::nullopt;
  if (!std::all_of(id.begin(), id.end(), is_identifier_character)) return std::nullopt;
  if (id.find('-') == std::string_view::npos || id.find("://") != std::string_view::npos ||
      names_a_weakness(id))
    return std::nullopt;
  if (std::none_of(id.begin(), id.end(), is_digit) && !is_random_form(id)) return std::nullopt;
  return id;
}

bool is_cve(std::string_view id) {
  if (!id.starts_with("CVE-") || id.size() < 13 || id.size() > 28 || id[8] != '-') return false;
  return all_digits(id.substr(4, 4)) && all_digits(id.substr(9));
}

bool is_ghsa(std::string_view id) {
  return id.starts_with("GHSA-") && is_random_form(id);
}

bool is_cwe(std::string_view id) {
  constexpr std::size_t longest_cwe = 4 + 9;  // the list ends at CWE-1432
  return id.size() <= longest_cwe && id.starts_with("CWE-") && all_digits(id.substr(4));
}

std::string_view prefix_of(std::string_view id) {
  return id.substr(0, id.find('-'));
}

}  // namespace advisory
