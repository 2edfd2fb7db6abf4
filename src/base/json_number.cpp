// Canonical number text (json.hpp): without an exponent, so that equal numbers written alike compare alike.
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>

#include "base/ascii.hpp"
#include "base/json.hpp"
#include "base/json_scan.hpp"

namespace base::json {

namespace {

constexpr std::size_t max_number_digits = 1000;

struct NumberParts {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  long exponent = 0;
  bool has_exponent = false;
};

std::string_view digits(std::string_view text, std::size_t& at) {
  const std::size_t start = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  return text.substr(start, at - start);
}

// RFC 8259 section 6: -? int frac? exp?
std::optional<NumberParts> split_number(std::string_view text) {
  NumberParts parts;
  std::size_t at = 0;
  if (at < text.size() && text[at] == '-') {
    parts.negative = true;
    ++at;
  }
  parts.whole = digits(text, at);
  if (parts.whole.empty() || (parts.whole.size() > 1 && parts.whole[0] == '0')) return std::nullopt;
  if (at < text.size() && text[at] == '.') {
    ++at;
    parts.fraction = digits(text, at);
    if (parts.fraction.empty()) return std::nullopt;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    bool negative = false;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) negative = text[at++] == '-';
    const std::string_view exponent = digits(text, at);
    if (exponent.empty()) return std::nullopt;
    parts.has_exponent = true;
    for (const char c : exponent) parts.exponent = std::min(parts.exponent * 10 + (c - '0'), 1000000L);
    if (negative) parts.exponent = -parts.exponent;
  }
  if (at != text.size()) return std::nullopt;
  return parts;
}

// Moves the decimal point by the exponent. numeric keeps max(0, fraction digits - exponent) digits after it.
std::string shifted(const NumberParts& parts) {
  std::string all(parts.whole);
  all += parts.fraction;
  const long point = static_cast<long>(parts.whole.size()) + parts.exponent;
  std::string whole;
  std::string fraction;
  if (point <= 0) {
    whole = "0";
    fraction = std::string(static_cast<std::size_t>(-point), '0') + all;
  } else if (point >= static_cast<long>(all.size())) {
    whole = all + std::string(static_cast<std::size_t>(point) - all.size(), '0');
  } else {
    whole = all.substr(0, static_cast<std::size_t>(point));
    fraction = all.substr(static_cast<std::size_t>(point));
  }
  const auto first = whole.find_first_not_of('0');
  whole = first == std::string::npos ? "0" : whole.substr(first);
  return fraction.empty() ? whole : whole + "." + fraction;
}

}  // namespace

std::string_view canonical_number(std::string_view text, Arena& arena) {
  const auto parts = split_number(text);
  if (!parts) return {};
  const long span =
      std::abs(parts->exponent) + static_cast<long>(parts->whole.size() + parts->fraction.size());
  if (span > static_cast<long>(max_number_digits)) return {};
  const bool zero = parts->whole.find_first_not_of('0') == std::string_view::npos &&
                    parts->fraction.find_first_not_of('0') == std::string_view::npos;
  if (!parts->has_exponent) return zero && parts->negative ? text.substr(1) : text;
  const std::string plain = shifted(*parts);
  return arena.copy(parts->negative && !zero ? "-" + plain : plain);
}

}  // namespace base::json
