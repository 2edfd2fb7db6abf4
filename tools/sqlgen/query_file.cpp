#include "query_file.hpp"

#include <algorithm>
#include <optional>
#include <regex>

#include "base/ascii.hpp"
#include "lexer.hpp"

namespace sqlgen {
namespace {

int lines_in(std::string_view text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

std::optional<Command> command_of(const std::string& word) {
  if (word == "one") return Command::one;
  if (word == "many") return Command::many;
  if (word == "exec") return Command::exec;
  if (word == "execrows") return Command::execrows;
  if (word == "copyfrom") return Command::copyfrom;
  return std::nullopt;
}

std::vector<std::string> split_names(const std::string& list) {
  std::vector<std::string> names;
  std::string name;
  for (const char c : list + ",") {
    if (c != ',' && c != ' ') {
      name += c;
    } else if (!name.empty()) {
      names.push_back(std::move(name));
      name.clear();
    }
  }
  return names;
}

/// Goes through the tokens of one file and builds its queries.
class Parser {
 public:
  Parser(const std::string& path, std::string_view text) : file_{path, {}}, lexer_(text) {}

  QueryFile run() {
    while (const auto token = lexer_.next()) {
      take(*token);
      line_ += lines_in(token->text);
    }
    if (state_ == State::in_statement)
      fail(line_, "the statement of " + query_.name + " has no ';' at its end");
    if (state_ == State::in_header) fail(query_.line, "there is no statement for " + query_.name);
    return std::move(file_);
  }

 private:
  enum class State { between, in_header, in_statement };

  [[noreturn]] void fail(int line, const std::string& what) const {
    throw SourceError(file_.path, line, what);
  }

  void take(const Token& token) {
    if (state_ == State::in_statement) return take_in_statement(token);
    if (token.kind == TokenKind::space) return;
    if (token.kind == TokenKind::comment) return take_comment(token.text);
    if (state_ == State::between) fail(line_, "a statement needs a line `-- name: SomeName :one` before it");
    state_ = State::in_statement;
    query_.sql_line = line_;
    take_in_statement(token);
  }

  void take_comment(std::string_view text) {
    static const std::regex name_line("--\\s*name:(.*)");
    static const std::regex name_and_command("\\s*([A-Z][A-Za-z0-9]*)\\s+:([a-z]+)\\s*");
    static const std::regex columns_line("--\\s*(notnull|nullable):(.*)");
    static const std::regex streamed_line("--\\s*streamed\\s*");
    const std::string comment(text);
    std::smatch match;
    if (std::regex_match(comment, match, name_line)) {
      if (state_ == State::in_header) fail(query_.line, "there is no statement for " + query_.name);
      const std::string rest = match[1];
      std::smatch words;
      const auto command =
          std::regex_match(rest, words, name_and_command) ? command_of(words[2]) : std::optional<Command>();
      if (!command)
        fail(line_,
             "expected `-- name: SomeName :COMMAND`, a name in CamelCase and one, many, exec, execrows or "
             "copyfrom");
      query_ = Query();
      query_.name = words[1];
      query_.command = *command;
      query_.line = line_;
      state_ = State::in_header;
    } else if (state_ == State::in_header && std::regex_match(comment, match, columns_line)) {
      ColumnNames& columns = match[1] == "notnull" ? query_.notnull : query_.nullable;
      columns = {split_names(match[2]), line_};
    } else if (state_ == State::in_header && std::regex_match(comment, streamed_line)) {
      if (query_.command != Command::many) fail(line_, "only a :many query can be streamed");
      query_.streamed = true;
    } else if (state_ == State::in_header && text.starts_with("--")) {
      query_.comment.emplace_back(base::trimmed(text.substr(2)));
    }
  }

  void take_in_statement(const Token& token) {
    switch (token.kind) {
      case TokenKind::comment:
        if (token.text.find("name:") != std::string_view::npos &&
            token.text.find(" :") != std::string_view::npos)
          fail(line_, "the statement of " + query_.name + " has no ';' at its end");
        // Comments are white space; their line breaks stay, so that lines can be counted.
        query_.sql += ' ';
        query_.sql.append(static_cast<std::size_t>(lines_in(token.text)), '\n');
        break;
      case TokenKind::space:
        for (const char c : token.text) {
          if (c == '\n') query_.sql.erase(query_.sql.find_last_not_of(" \t") + 1);
          query_.sql += c;
        }
        break;
      case TokenKind::parameter:
        positional(token.text);
        break;
      case TokenKind::named:
        query_.sql += placeholder(std::string(token.text.substr(1)), false);
        break;
      case TokenKind::punctuation:
        if (token.text == ";") return finish();
        [[fallthrough]];
      default:
        query_.sql += token.text;
        if (token.text == ")") sqlc_call();
    }
  }

  /// Replaces a `sqlc.arg(name)` that the statement ends with by its placeholder.
  void sqlc_call() {
    static const std::regex call("sqlc\\.(arg|narg)\\(\\s*'?([A-Za-z_][A-Za-z0-9_]*)'?\\s*\\)$");
    const std::size_t begin = query_.sql.rfind("sqlc.");
    if (begin == std::string::npos) return;
    const std::string tail = query_.sql.substr(begin);
    std::smatch match;
    if (!std::regex_match(tail, match, call))
      fail(line_,
           "of sqlc's functions only sqlc.arg(name) and sqlc.narg(name) are understood, without line breaks");
    query_.sql.resize(begin);
    query_.sql += placeholder(match[2], match[1] == "narg");
  }

  std::string placeholder(const std::string& name, bool nullable) {
    if (positional_) fail(line_, query_.name + " uses both $1 and named parameters");
    named_ = true;
    auto& parameters = query_.parameters;
    auto found = std::find_if(parameters.begin(), parameters.end(),
                              [&](const Parameter& p) { return p.name == name; });
    if (found == parameters.end()) {
      parameters.push_back({name, nullable});
      found = parameters.end() - 1;
    }
    if (found->nullable != nullable)
      fail(line_, "parameter " + name + " is sqlc.narg in one place and not in another");
    return "$" + std::to_string(found - parameters.begin() + 1);
  }

  void positional(std::string_view text) {
    if (named_) fail(line_, query_.name + " uses both $1 and named parameters");
    positional_ = true;
    const std::size_t number = std::stoul(std::string(text.substr(1)));
    if (number == 0 || number > 1000) fail(line_, "there is no parameter " + std::string(text));
    while (query_.parameters.size() < number)
      query_.parameters.push_back({"arg" + std::to_string(query_.parameters.size() + 1), false});
    query_.sql += text;
  }

  void finish() {
    if (query_.streamed && !query_.parameters.empty())
      fail(query_.line, query_.name + " is streamed by COPY, which takes no parameters");
    query_.sql = std::string(base::trimmed(query_.sql));
    file_.queries.push_back(std::move(query_));
    query_ = Query();
    state_ = State::between;
    positional_ = named_ = false;
  }

  QueryFile file_;
  Lexer lexer_;
  int line_ = 1;
  State state_ = State::between;
  Query query_;
  bool positional_ = false;
  bool named_ = false;
};

}  // namespace

QueryFile parse_query_file(const std::string& path, std::string_view text) {
  return Parser(path, text).run();
}

std::vector<std::string> keywords(std::string_view sql) {
  std::vector<std::string> words;
  Lexer lexer(sql);
  while (const auto token = lexer.next()) {
    if (token->kind == TokenKind::name || token->kind == TokenKind::punctuation)
      words.push_back(base::uppered(token->text));
  }
  return words;
}

}  // namespace sqlgen
