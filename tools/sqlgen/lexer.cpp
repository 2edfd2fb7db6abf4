#include "lexer.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace sqlgen {
namespace {

bool starts_name(char c) {
  return base::is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool continues_name(char c) {
  return starts_name(c) || base::is_digit(c) || c == '$';
}

bool is_operator(char c) {
  return std::string_view("+-*/<>=~!@#%^&|`?").find(c) != std::string_view::npos;
}

/// The number of characters from `from` on for which `holds`.
template <typename Predicate>
std::size_t run_length(std::string_view text, std::size_t from, Predicate holds) {
  std::size_t end = from;
  while (end < text.size() && holds(text[end])) ++end;
  return end - from;
}

}  // namespace

std::optional<Token> Lexer::next() {
  if (left_.empty()) return std::nullopt;
  const char first = left_[0];
  const char second = left_.size() > 1 ? left_[1] : '\0';
  const std::size_t blanks =
      run_length(left_, 0, [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
  if (blanks > 0) return take(TokenKind::space, blanks);
  if ((first == '-' && second == '-') || (first == '/' && second == '*'))
    return take(TokenKind::comment, comment_size());
  if (first == '\'') return take(TokenKind::string, string_size(0, false));
  if ((first == 'e' || first == 'E') && second == '\'') return take(TokenKind::string, string_size(1, true));
  if (first == '"') return take(TokenKind::quoted_name, string_size(0, false));
  if (first == '$' && base::is_digit(second))
    return take(TokenKind::parameter, 1 + run_length(left_, 1, base::is_digit));
  if (const std::size_t size = dollar_quoted_size(); size > 0) return take(TokenKind::string, size);
  if (first == '@' && starts_name(second) && !after_operator_)
    return take(TokenKind::named, 1 + run_length(left_, 1, continues_name));
  if (starts_name(first)) return take(TokenKind::name, run_length(left_, 0, continues_name));
  if (base::is_digit(first))
    return take(TokenKind::number,
                run_length(left_, 0, [](char c) { return base::is_digit(c) || c == '.'; }));
  return take(TokenKind::punctuation, 1);
}

Token Lexer::take(TokenKind kind, std::size_t size) {
  const Token token{kind, left_.substr(0, size)};
  left_.remove_prefix(token.text.size());
  after_operator_ = kind == TokenKind::punctuation && is_operator(token.text[0]);
  return token;
}

/// Comments between /* and */ may stand inside one another.
std::size_t Lexer::comment_size() const {
  if (left_[0] == '-') return std::min(left_.find('\n'), left_.size());
  std::size_t depth = 0;
  for (std::size_t at = 0; at + 1 < left_.size(); ++at) {
    const std::string_view pair = left_.substr(at, 2);
    if (pair != "/*" && pair != "*/") continue;
    depth = pair == "/*" ? depth + 1 : depth - 1;
    ++at;
    if (depth == 0) return at + 1;
  }
  return left_.size();
}

/// A string or name from its `quote` on; doubled quotes belong to it, and after a backslash everything where
/// that `escapes`.
std::size_t Lexer::string_size(std::size_t quote, bool escapes) const {
  for (std::size_t at = quote + 1; at < left_.size(); ++at) {
    if (escapes && left_[at] == '\\') {
      ++at;
    } else if (left_[at] == left_[quote]) {
      if (at + 1 == left_.size() || left_[at + 1] != left_[quote]) return at + 1;
      ++at;
    }
  }
  return left_.size();
}

/// $tag$...$tag$; 0 when there is none.
std::size_t Lexer::dollar_quoted_size() const {
  if (left_[0] != '$') return 0;
  const std::size_t name = run_length(left_, 1, [](char c) { return starts_name(c) || base::is_digit(c); });
  if (1 + name >= left_.size() || left_[1 + name] != '$') return 0;
  const std::string_view tag = left_.substr(0, name + 2);
  const std::size_t end = left_.find(tag, tag.size());
  return end == std::string_view::npos ? left_.size() : end + tag.size();
}

}  // namespace sqlgen
