#include "parse/json_record.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/percent.hpp"

namespace parse {

namespace {

Reason reason_of(base::json::ErrorCode code) {
  switch (code) {
    case base::json::ErrorCode::empty:
      return Reason::empty;
    case base::json::ErrorCode::invalid_utf8:
      return Reason::invalid_utf8;
    case base::json::ErrorCode::invalid_json:
      return Reason::invalid_json;
    case base::json::ErrorCode::too_deep:
      return Reason::too_deep;
  }
  return Reason::invalid_json;
}

}  // namespace

std::optional<Refusal> read_json_record(std::string_view bytes, base::Arena& arena, Extent extent,
                                        JsonRecord& record) {
  const base::json::Parsed parsed = base::json::parse(bytes, arena);
  if (parsed.error)
    return Refusal{reason_of(parsed.error->code),
                   std::string(parsed.error->what) + " (byte " + std::to_string(parsed.error->offset) + ")",
                   {}};
  if (!parsed.value.is_object())
    return Refusal{Reason::not_an_object, "the top level of the JSON text is not an object", {}};
  record = {parsed.value, parsed.sanitized, {}};
  if (extent == Extent::identity) return std::nullopt;
  // One buffer per thread: records are hashed by the hundred thousand.
  thread_local std::string canonical;
  canonical.clear();
  base::json::write(parsed.value, canonical);
  record.content_sha256 = base::sha256(canonical);
  return std::nullopt;
}

std::string id_in_location(std::string_view location) {
  location.remove_prefix(location.rfind('/') + 1);
  if (location.ends_with(".json")) location.remove_suffix(5);
  return base::percent_decoded(location);
}

void remove_repeats(std::vector<std::string_view>& texts) {
  constexpr std::size_t few = 16;
  if (texts.size() <= few) {
    auto end = texts.begin();
    for (const std::string_view text : texts)
      if (std::find(texts.begin(), end, text) == end) *end++ = text;
    texts.erase(end, texts.end());
    return;
  }
  std::unordered_set<std::string_view> seen;
  std::erase_if(texts, [&](std::string_view text) { return !seen.insert(text).second; });
}

}  // namespace parse
