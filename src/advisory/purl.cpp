#include "advisory/purl.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "advisory/purl_parts.hpp"
#include "base/ascii.hpp"
#include "base/percent.hpp"

namespace advisory {

namespace purl {

namespace {

using base::lower;

/// Percent-decodes `text`; nothing for a code that is none or stands for a NUL.
std::optional<std::string> decoded(std::string_view text) {
  if (text.find("%00") != std::string_view::npos) return std::nullopt;
  return base::strictly_percent_decoded(text);
}

bool is_type(std::string_view text) {
  return !text.empty() && base::is_letter(text[0]) && std::all_of(text.begin(), text.end(), [](char c) {
    return base::is_alphanumeric(c) || c == '.' || c == '-';
  });
}

bool is_qualifier_key(std::string_view text) {
  return !text.empty() && base::is_letter(text[0]) && std::all_of(text.begin(), text.end(), [](char c) {
    return base::is_alphanumeric(c) || c == '.' || c == '-' || c == '_';
  });
}

bool are_qualifiers(std::string_view text) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || !is_qualifier_key(pair.substr(0, equals))) return false;
  }
  return true;
}

/// Cuts `text` at its last `separator`; what stood behind it, or nothing.
std::optional<std::string_view> cut_last(std::string_view& text, char separator) {
  const std::size_t at = text.rfind(separator);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view behind = text.substr(at + 1);
  text = text.substr(0, at);
  return behind;
}

/// Drops the version, which the last '@' begins; but one that begins a segment before the last is a scope's.
/// False when there is no name before it.
bool cut_version(std::string_view& path) {
  const std::size_t at = path.rfind('@');
  if (at == std::string_view::npos) return true;
  const bool begins_segment = at == 0 || path[at - 1] == '/';
  if (begins_segment) return path.find('/', at) != std::string_view::npos;
  path = path.substr(0, at);
  return true;
}

bool cut_scheme(std::string_view& text) {
  if (text.size() < 4 || lower(text[0]) != 'p' || lower(text[1]) != 'k' || lower(text[2]) != 'g' ||
      text[3] != ':')
    return false;
  text.remove_prefix(4);
  text.remove_prefix(std::min(text.size(), text.find_first_not_of('/')));
  return true;
}

bool read_path(std::string_view path, Parts& parts) {
  const auto segments = split_path(path);
  if (segments.empty()) return false;
  for (const std::string_view segment : segments) {
    auto text = decoded(segment);
    if (!text) return false;
    parts.segments.push_back(std::move(*text));
  }
  parts.name = std::move(parts.segments.back());
  parts.segments.pop_back();
  return std::none_of(parts.segments.begin(), parts.segments.end(),
                      [](const std::string& s) { return s.find('/') != std::string::npos; });
}

}  // namespace

}  // namespace purl

std::optional<std::string_view> versionless_purl(std::string_view text, base::Arena& arena) {
  std::string_view rest = text;
  purl::cut_last(rest, '#');
  const auto qualifiers = purl::cut_last(rest, '?');
  if (qualifiers && !purl::are_qualifiers(*qualifiers)) return std::nullopt;
  if (!purl::cut_scheme(rest)) return std::nullopt;
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos || !purl::is_type(rest.substr(0, slash))) return std::nullopt;
  const std::string type = base::lowered(rest.substr(0, slash));
  rest.remove_prefix(slash + 1);
  if (!purl::cut_version(rest)) return std::nullopt;
  purl::Parts parts;
  parts.type = purl::type_called(type);
  if (!purl::read_path(rest, parts) || !purl::has_right_namespace(parts)) return std::nullopt;
  purl::normalize(parts);
  const std::string canonical = purl::build(parts);
  return canonical == text ? text : arena.copy(canonical);
}

}  // namespace advisory
