// PostgreSQL's lexical structure, as far as finding parameters and statement ends needs it
// (PostgreSQL documentation, "Lexical Structure").
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sqlgen {

enum class TokenKind { space, comment, string, quoted_name, name, number, parameter, named, punctuation };

struct Token {
  TokenKind kind;
  std::string_view text;  // parameter: "$1"; named: "@name"
};

/// Cuts SQL into tokens; together they are the whole text.
class Lexer {
 public:
  explicit Lexer(std::string_view sql) : left_(sql) {}
  /// The next token, or nothing at the end. An unfinished string or comment goes to the end of the text.
  std::optional<Token> next();

 private:
  std::size_t comment_size() const;
  std::size_t string_size(std::size_t quote, bool escapes) const;
  std::size_t dollar_quoted_size() const;
  Token take(TokenKind kind, std::size_t size);

  std::string_view left_;
  bool after_operator_ = false;  // the last token was an operator character: @ may belong to it
};

}  // namespace sqlgen
