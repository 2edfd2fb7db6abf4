#include "parse/affected_range.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace parse {

namespace {

constexpr std::string_view blanks = " \t\r\n";

// What no grammar here or in a package manager uses as a mark, but for those that versions hold as well: '!'
// of Python's epochs ("1!2.0"), '~' and ':' of Debian-like versions.
bool is_version_character(char c) {
  constexpr std::string_view marks = ",|<>=^*()[]{}\"'`\\";
  return c > ' ' && c < '\x7F' && marks.find(c) == std::string_view::npos;
}

// "1.x", "x", "1.X.3": any version that agrees in the other parts. ("7.x-1.0" is a version of a Drupal
// module.)
bool is_wildcard(std::string_view version) {
  while (!version.empty()) {
    const std::string_view part = version.substr(0, version.find('.'));
    if (part == "x" || part == "X") return true;
    version.remove_prefix(std::min(version.size(), part.size() + 1));
  }
  return false;
}

// Reads tokens off the front of a text.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : left_(text) {}

  bool at_end() const { return left_.empty(); }
  const char* place() const { return left_.data(); }

  bool skip_blanks() {
    const auto size = std::min(left_.find_first_not_of(blanks), left_.size());
    left_.remove_prefix(size);
    return size > 0;
  }

  bool take(char c) {
    if (left_.empty() || left_.front() != c) return false;
    left_.remove_prefix(1);
    return true;
  }

  // The longest of the six operators, or "".
  std::string_view comparison() {
    for (const std::string_view each : {"<=", ">=", "==", "<", ">", "="})
      if (left_.starts_with(each)) {
        left_.remove_prefix(each.size());
        return each;
      }
    return {};
  }

  // A version, or "".
  std::string_view version() {
    const auto end = std::find_if_not(left_.begin(), left_.end(), is_version_character);
    const std::string_view text = left_.substr(0, static_cast<std::size_t>(end - left_.begin()));
    if (text.empty() || !base::is_alphanumeric(text.front()) || is_wildcard(text)) return {};
    left_.remove_prefix(text.size());
    return text;
  }

 private:
  std::string_view left_;
};

std::string_view between(const char* first, const char* last) {
  return {first, static_cast<std::size_t>(last - first)};
}

// One form for intervals that mean the same: `[,v)` and `(,v)`, `<0` and `>=0 <0`.
Interval normal(Interval interval) {
  interval.lower_inclusive |= interval.lower.empty();
  interval.upper_inclusive &= !interval.upper.empty();
  const bool from_the_start = interval.lower.empty() || is_zero(interval.lower);
  if (from_the_start && is_zero(interval.upper) && !interval.upper_inclusive)
    return {Interval::Kind::nothing, {}, {}, true, false, interval.text};
  return interval;
}

Interval exact(std::string_view version, std::string_view text) {
  return {Interval::Kind::exact, version, {}, true, false, text};
}

// Adds one comparator to the interval of its alternative. False when it does not fit beside the others.
bool add(Interval& interval, std::string_view comparison, std::string_view version) {
  const bool free_below = interval.lower.empty();
  if (comparison.front() == '=') {
    if (!free_below || !interval.upper.empty()) return false;
    interval.kind = Interval::Kind::exact;
    interval.lower = version;
    return true;
  }
  if (interval.kind == Interval::Kind::exact) return false;
  const bool inclusive = comparison.ends_with('=');
  if (comparison.front() == '>') {
    interval.lower = version;
    interval.lower_inclusive = inclusive;
    return free_below;
  }
  const bool free_above = interval.upper.empty();
  interval.upper = version;
  interval.upper_inclusive = inclusive;
  return free_above;
}

std::optional<Interval> read_alternative(std::string_view text) {
  Interval interval;
  interval.text = base::trimmed(text);
  Tokens tokens(interval.text);
  do {
    const std::string_view comparison = tokens.comparison();
    tokens.skip_blanks();
    const std::string_view version = tokens.version();
    if (comparison.empty() || version.empty() || !add(interval, comparison, version)) return std::nullopt;
    if (tokens.at_end()) return normal(interval);
    const bool apart = tokens.skip_blanks();
    if (!tokens.take(',') && !apart) return std::nullopt;
    tokens.skip_blanks();
  } while (true);
}

std::optional<std::vector<Interval>> read_comparators(std::string_view text) {
  std::vector<Interval> intervals;
  while (true) {
    const auto bar = text.find("||");
    const auto interval = read_alternative(text.substr(0, bar));
    if (!interval) return std::nullopt;
    intervals.push_back(*interval);
    if (bar == std::string_view::npos) return intervals;
    text.remove_prefix(bar + 2);
  }
}

// "[v]", and "(0)" for nothing.
std::optional<Interval> one_sided(const Interval& interval) {
  if (interval.lower_inclusive && interval.upper_inclusive && !interval.lower.empty())
    return exact(interval.lower, interval.text);
  if (!interval.lower_inclusive && !interval.upper_inclusive && is_zero(interval.lower))
    return Interval{Interval::Kind::nothing, {}, {}, true, false, interval.text};
  return std::nullopt;
}

Interval two_sided(const Interval& interval) {
  const bool same = !interval.lower.empty() && interval.lower == interval.upper;
  if (same && interval.lower_inclusive && interval.upper_inclusive)
    return exact(interval.lower, interval.text);
  return normal(interval);
}

std::optional<Interval> read_brackets(Tokens& tokens) {
  Interval interval;
  const char* first = tokens.place();
  interval.lower_inclusive = tokens.take('[');
  if (!interval.lower_inclusive && !tokens.take('(')) return std::nullopt;
  tokens.skip_blanks();
  interval.lower = tokens.version();
  tokens.skip_blanks();
  const bool two_sides = tokens.take(',');
  if (two_sides) {
    tokens.skip_blanks();
    interval.upper = tokens.version();
    tokens.skip_blanks();
  }
  interval.upper_inclusive = tokens.take(']');
  if (!interval.upper_inclusive && !tokens.take(')')) return std::nullopt;
  interval.text = between(first, tokens.place());
  return two_sides ? two_sided(interval) : one_sided(interval);
}

std::optional<std::vector<Interval>> read_bracket_list(std::string_view text) {
  std::vector<Interval> intervals;
  Tokens tokens(base::trimmed(text));
  do {
    tokens.skip_blanks();
    const auto interval = read_brackets(tokens);
    if (!interval) return std::nullopt;
    intervals.push_back(*interval);
    tokens.skip_blanks();
  } while (tokens.take(','));
  if (!tokens.at_end()) return std::nullopt;
  return intervals;
}

}  // namespace

bool is_zero(std::string_view version) {
  return version == "0" || version == "v0";
}

std::optional<std::vector<Interval>> read_affected_range(RangeGrammar grammar, std::string_view text) {
  if (grammar == RangeGrammar::comparators) return read_comparators(text);
  if (auto intervals = read_bracket_list(text)) return intervals;
  // Two nuget files retract themselves in the other grammar.
  const auto nothing = read_alternative(text);
  if (!nothing || nothing->kind != Interval::Kind::nothing) return std::nullopt;
  return std::vector<Interval>{*nothing};
}

}  // namespace parse
