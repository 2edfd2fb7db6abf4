// Records made to cost much, and what a parser says of them.
#pragma once

#include <string>
#include <string_view>

#include "parse/parse.hpp"

namespace support {

/// `text` as often as `times` says.
inline std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// `times` copies of `pattern`, joined by commas, with each '#' replaced by the number of the copy.
inline std::string numbered(std::string_view pattern, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) {
    if (i > 0) out += ',';
    const std::string number = std::to_string(i);
    for (const char c : pattern) {
      if (c == '#')
        out += number;
      else
        out += c;
    }
  }
  return out;
}

/// The word a record is refused with, or "accepted".
inline std::string reason_of(advisory::Source source, const std::string& bytes,
                             std::string_view location = "") {
  base::Arena arena;
  const parse::Parsed parsed = parse::parse(source, location, bytes, arena);
  const auto* refusal = std::get_if<parse::Refusal>(&parsed);
  return refusal == nullptr ? "accepted" : std::string(to_string(refusal->reason));
}

}  // namespace support
