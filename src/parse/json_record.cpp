#include "parse/json_record.hpp"

#include <algorithm>
#include <unordered_set>

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

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
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

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
      if (high && low) {
        out += static_cast<char>(*high * 16 + *low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::string id_in_location(std::string_view location) {
  location.remove_prefix(location.rfind('/') + 1);
  if (location.ends_with(".json")) location.remove_suffix(5);
  return percent_decoded(location);
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
