#include "parse/yaml_surrogates.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace parse {

namespace {

struct Escape {
  std::size_t size = 0;  // in bytes, the backslash included
  std::uint32_t code = 0;
};

// The escape \uXXXX or \UXXXXXXXX at the beginning of `text`.
std::optional<Escape> unicode_escape(std::string_view text) {
  if (text.size() < 2 || (text[1] != 'u' && text[1] != 'U')) return std::nullopt;
  const std::size_t digits = text[1] == 'u' ? 4 : 8;
  if (text.size() < 2 + digits) return std::nullopt;
  Escape escape{2 + digits, 0};
  const char* end = text.data() + escape.size;
  const auto [stopped, error] = std::from_chars(text.data() + 2, end, escape.code, 16);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return escape;
}

bool is_high(std::uint32_t code) {
  return code >= 0xD800 && code <= 0xDBFF;
}

bool is_low(std::uint32_t code) {
  return code >= 0xDC00 && code <= 0xDFFF;
}

class Rewriter {
 public:
  Rewriter(std::string_view text, const std::vector<std::size_t>& literal) : left_(text), literal_(literal) {}

  RewrittenSurrogates run() {
    out_.text.reserve(left_.size());
    while (!left_.empty()) {
      copy(std::min(left_.find('\\'), left_.size()));
      if (left_.size() > 1)
        escape();
      else
        copy(left_.size());
    }
    return std::move(out_);
  }

 private:
  void copy(std::size_t bytes) {
    for (const char c : left_.substr(0, bytes))
      characters_ += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    out_.text += left_.substr(0, bytes);
    left_.remove_prefix(bytes);
  }

  // A backslash and what it escapes. An escaped backslash is passed over as a whole, so that what follows it
  // is not taken for an escape.
  void escape() {
    const auto first = unicode_escape(left_);
    if (!first || (!is_high(first->code) && !is_low(first->code))) return copy(2);
    const auto second = is_high(first->code) ? unicode_escape(left_.substr(first->size)) : std::nullopt;
    const bool pair = second && is_low(second->code);
    const std::size_t size = first->size + (pair ? second->size : 0);
    const bool literal = std::binary_search(literal_.begin(), literal_.end(), out_.escapes.size());
    out_.escapes.push_back({characters_, !pair});
    if (literal) return copy(size);
    const std::string_view rewritten = pair ? scalar_value(first->code, second->code) : "\\uFFFD";
    out_.text += rewritten;
    characters_ += rewritten.size();
    left_.remove_prefix(size);
  }

  // "\UXXXXXXXX" for a pair (Unicode 15.0, section 3.9, table 3-5).
  std::string_view scalar_value(std::uint32_t high, std::uint32_t low) {
    std::uint32_t code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    for (std::size_t i = sizeof(scalar_value_) - 1; i > 1; --i, code >>= 4)
      scalar_value_[i] = "0123456789ABCDEF"[code & 0xF];
    return {scalar_value_, sizeof(scalar_value_)};
  }

  std::string_view left_;
  const std::vector<std::size_t>& literal_;
  std::size_t characters_ = 0;
  char scalar_value_[10] = {'\\', 'U'};
  RewrittenSurrogates out_;
};

}  // namespace

RewrittenSurrogates rewrite_surrogates(std::string_view text, const std::vector<std::size_t>& literal) {
  return Rewriter(text, literal).run();
}

}  // namespace parse
