#include "api/target.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "base/percent.hpp"
#include "base/utf8.hpp"

namespace api {

namespace {

constexpr std::size_t most_parameters = 64;

[[noreturn]] void refuse(const std::string& why) {
  throw Refusal(400, "bad_target", why);
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// Calls `take` for each part between separators; an empty text has none.
template <typename Take>
void split(std::string_view text, char separator, const Take& take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() < scheme.size() || !base::equal_ignoring_case(target.substr(0, scheme.size()), scheme))
      continue;
    const std::size_t path = target.find_first_of("/?", scheme.size());
    return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
  }
  return target;
}

}  // namespace

std::string percent_decode(std::string_view text, bool plus_is_blank, std::string_view what) {
  std::string coded(text);
  if (plus_is_blank) std::replace(coded.begin(), coded.end(), '+', ' ');
  auto decoded = base::strictly_percent_decoded(coded);
  if (!decoded) refuse(std::string(what) + " holds a '%' that begins no percent code; write %25 for '%'");
  if (!base::is_valid_utf8(*decoded)) refuse(std::string(what) + " is not valid UTF-8 once it is decoded");
  if (std::any_of(decoded->begin(), decoded->end(), is_control))
    refuse(std::string(what) + " holds a control character");
  return std::move(*decoded);
}

Target parse_target(std::string_view target) {
  target = without_authority(target);
  target = target.substr(0, target.find('#'));  // no client should send a fragment
  const std::size_t mark = std::min(target.find('?'), target.size());
  std::string_view path = target.substr(0, mark);
  if (!path.starts_with('/')) {
    if (!path.empty()) refuse("the target does not begin with '/'");
    path = "/";
  }
  path.remove_prefix(1);
  Target result;
  const bool ends_with_slash = path.ends_with('/');
  split(path, '/', [&](std::string_view part) {
    std::string segment = percent_decode(part, false, "the path");
    if (segment == "." || segment == "..") refuse("the path holds '.' or '..' as a segment");
    result.segments.push_back(std::move(segment));
  });
  if (ends_with_slash) result.segments.emplace_back();
  split(target.substr(std::min(mark + 1, target.size())), '&', [&](std::string_view part) {
    if (part.empty()) return;
    if (result.query.size() == most_parameters) refuse("the query has more than 64 parameters");
    const std::size_t equals = std::min(part.find('='), part.size());
    result.query.emplace_back(
        percent_decode(part.substr(0, equals), true, "the query"),
        percent_decode(part.substr(std::min(equals + 1, part.size())), true, "the query"));
  });
  return result;
}

}  // namespace api
