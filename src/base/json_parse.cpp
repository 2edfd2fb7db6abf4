// One pass over validated UTF-8, recursive by container. Most bytes of an advisory are inside long strings,
// so the speed is that of finding their ends (find_special) and of validating UTF-8 (simdjson, vectorised).
#include <simdjson.h>

#include <algorithm>
#include <cstring>

#include "base/ascii.hpp"
#include "base/json.hpp"
#include "base/json_scan.hpp"

namespace base::json {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
// Six bytes ("1e999,") may ask for a thousand: no honest text needs this many digits for its exponents.
constexpr std::size_t max_expansion = std::size_t{1} << 20;

void append_utf8(std::uint32_t code, std::string& out) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

class Parser {
 public:
  Parser(std::string_view text, Arena& arena, const Limits& limits)
      : begin_(text.data()), at_(begin_), end_(begin_ + text.size()), arena_(arena), limits_(limits) {}

  Parsed run() {
    Parsed result;
    skip_space();
    if (value(result.value, 0)) {
      skip_space();
      if (at_ != end_) fail(ErrorCode::invalid_json, "text after the end of the value");
    }
    result.sanitized = sanitized_;
    result.error = error_;
    return result;
  }

 private:
  bool fail(ErrorCode code, const char* what) {
    if (!error_) error_ = ParseError{code, static_cast<std::size_t>(at_ - begin_), what};
    return false;
  }

  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }

  bool take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  bool literal(std::string_view word, Value value, Value& out) {
    if (static_cast<std::size_t>(end_ - at_) < word.size() || std::string_view(at_, word.size()) != word)
      return fail(ErrorCode::invalid_json, "not a JSON value");
    at_ += word.size();
    out = value;
    return true;
  }

  bool value(Value& out, std::size_t depth) {
    if (at_ == end_) return fail(ErrorCode::invalid_json, "the text ends where a value should stand");
    switch (*at_) {
      case '{':
        return object(out, depth + 1);
      case '[':
        return array(out, depth + 1);
      case '"': {
        std::string_view text;
        if (!string(text)) return false;
        out = Value::string(text);
        return true;
      }
      case 't':
        return literal("true", Value::boolean(true), out);
      case 'f':
        return literal("false", Value::boolean(false), out);
      case 'n':
        return literal("null", Value(), out);
      default:
        return number(out);
    }
  }

  bool object(Value& out, std::size_t depth) {
    if (depth > limits_.max_depth) return fail(ErrorCode::too_deep, "containers are nested too deeply");
    ++at_;
    const std::size_t first = members_.size();
    skip_space();
    if (!take('}')) {
      do {
        Member member;
        skip_space();
        if (at_ == end_ || *at_ != '"') return fail(ErrorCode::invalid_json, "expected a key");
        if (!string(member.key)) return false;
        skip_space();
        if (!take(':')) return fail(ErrorCode::invalid_json, "expected ':' after a key");
        skip_space();
        if (!value(member.value, depth)) return false;
        insert(first, member);
        skip_space();
      } while (take(','));
      if (!take('}')) return fail(ErrorCode::invalid_json, "expected ',' or '}' in an object");
    }
    sort_if_large(first);
    out = Value::object(arena_.copy(std::span<const Member>(members_).subspan(first)));
    members_.resize(first);
    return true;
  }

  // Objects of records are small and often sorted already, so inserting in place is the cheapest way to keep
  // the order; a hostile object with thousands of keys is appended to and sorted once at its end.
  void insert(std::size_t first, const Member& member) {
    constexpr std::size_t small = 64;
    if (members_.size() - first >= small) {
      members_.push_back(member);
      return;
    }
    // The first byte decides most comparisons, for less than the call that compares all bytes costs.
    const auto not_after = [](std::string_view a, std::string_view b) {
      if (!a.empty() && !b.empty() && a[0] != b[0])
        return static_cast<unsigned char>(a[0]) < static_cast<unsigned char>(b[0]);
      return a <= b;
    };
    auto place = members_.end();
    while (place != members_.begin() + static_cast<std::ptrdiff_t>(first) &&
           not_after(member.key, std::prev(place)->key)) {
      if (std::prev(place)->key == member.key) {
        std::prev(place)->value = member.value;
        return;
      }
      --place;
    }
    members_.insert(place, member);
  }

  void sort_if_large(std::size_t first) {
    const auto begin = members_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto in_order = [](const Member& a, const Member& b) { return a.key < b.key; };
    if (std::adjacent_find(begin, members_.end(), [&](const Member& a, const Member& b) {
          return !in_order(a, b);
        }) == members_.end())
      return;
    std::stable_sort(begin, members_.end(), in_order);
    // Of equal keys keep the last: reverse, drop later ones, reverse.
    std::reverse(begin, members_.end());
    members_.erase(
        std::unique(begin, members_.end(), [](const Member& a, const Member& b) { return a.key == b.key; }),
        members_.end());
    std::reverse(members_.begin() + static_cast<std::ptrdiff_t>(first), members_.end());
  }

  bool array(Value& out, std::size_t depth) {
    if (depth > limits_.max_depth) return fail(ErrorCode::too_deep, "containers are nested too deeply");
    ++at_;
    const std::size_t first = items_.size();
    skip_space();
    if (!take(']')) {
      do {
        skip_space();
        Value item;
        if (!value(item, depth)) return false;
        items_.push_back(item);
        skip_space();
      } while (take(','));
      if (!take(']')) return fail(ErrorCode::invalid_json, "expected ',' or ']' in an array");
    }
    out = Value::array(arena_.copy(std::span<const Value>(items_).subspan(first)));
    items_.resize(first);
    return true;
  }

  bool number(Value& out) {
    const char* const start = at_;
    while (at_ != end_ &&
           (is_digit(*at_) || *at_ == '-' || *at_ == '+' || *at_ == '.' || *at_ == 'e' || *at_ == 'E'))
      ++at_;
    const std::string_view text(start, static_cast<std::size_t>(at_ - start));
    const std::string_view canonical = canonical_number(text, arena_);
    if (canonical.empty()) {
      at_ = start;
      return fail(ErrorCode::invalid_json,
                  text.empty() ? "not a JSON value" : "not a number, or one of over 1,000 digits");
    }
    if (canonical.data() < begin_ || canonical.data() > end_) expansion_ += canonical.size();
    if (expansion_ > max_expansion) return fail(ErrorCode::invalid_json, "numbers that need too many digits");
    out = Value::number(canonical);
    return true;
  }

  bool string(std::string_view& out) {
    const char* const start = ++at_;
    at_ = find_special(at_, end_);
    if (at_ == end_) return fail(ErrorCode::invalid_json, "a string has no end");
    if (*at_ == '\\') return escaped_string(start, out);
    if (*at_ != '"') return fail(ErrorCode::invalid_json, "a control character in a string");
    out = {start, static_cast<std::size_t>(at_ - start)};
    ++at_;
    return true;
  }

  // From the first escape on.
  bool escaped_string(const char* run, std::string_view& out) {
    std::string& text = scratch_;
    text.clear();
    for (;;) {
      text.append(run, at_);
      if (at_ == end_) return fail(ErrorCode::invalid_json, "a string has no end");
      if (*at_ == '"') break;
      if (*at_ != '\\') return fail(ErrorCode::invalid_json, "a control character in a string");
      ++at_;
      if (!escape(text)) return false;
      run = at_;
      at_ = find_special(at_, end_);
    }
    ++at_;
    out = arena_.copy(text);
    return true;
  }

  bool escape(std::string& text) {
    if (at_ == end_) return fail(ErrorCode::invalid_json, "a string has no end");
    static constexpr std::string_view from = "\"\\/bfnrt";
    static constexpr std::string_view to = "\"\\/\b\f\n\r\t";
    const char c = *at_++;
    if (const auto which = from.find(c); which != std::string_view::npos) {
      text += to[which];
      return true;
    }
    std::uint32_t code = 0;
    if (c != 'u' || !hex4(code)) return fail(ErrorCode::invalid_json, "an unknown escape in a string");
    if (code >= 0xD800 && code < 0xDC00 && end_ - at_ >= 6 && at_[0] == '\\' && at_[1] == 'u') {
      const char* const before = at_;
      at_ += 2;
      std::uint32_t low = 0;
      if (hex4(low) && low >= 0xDC00 && low < 0xE000) {
        append_utf8(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), text);
        return true;
      }
      at_ = before;
    }
    if (code == 0 || (code >= 0xD800 && code < 0xE000)) {
      text += replacement;
      sanitized_ = true;
    } else {
      append_utf8(code, text);
    }
    return true;
  }

  bool hex4(std::uint32_t& code) {
    if (end_ - at_ < 4) return false;
    code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const int digit = hex_value(*at_);
      if (digit < 0) return false;
      code = code * 16 + static_cast<std::uint32_t>(digit);
    }
    return true;
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  Arena& arena_;
  const Limits& limits_;
  bool sanitized_ = false;
  std::size_t expansion_ = 0;  // bytes of numbers that are longer than their text
  std::optional<ParseError> error_;
  // Children of the containers now open, innermost last: a container copies its own part into the arena.
  std::vector<Value> items_;
  std::vector<Member> members_;
  std::string scratch_;
};

}  // namespace

Parsed parse(std::string_view text, Arena& arena, const Limits& limits) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  Parsed result;
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    result.error = ParseError{ErrorCode::empty, 0, "there is no text"};
    return result;
  }
  if (!simdjson::validate_utf8(text.data(), text.size())) {
    result.error = ParseError{ErrorCode::invalid_utf8, 0, "the text is not valid UTF-8"};
    return result;
  }
  return Parser(text, arena, limits).run();
}

}  // namespace base::json
