// Standard output: results and nothing else, as text for people or JSON for programs.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"

namespace cli {

/// The reader of our output went away, as `head` does: no mistake of anybody, so the program ends in silence.
class OutputClosed : public base::Error {
 public:
  using Error::Error;
};

class Output {
 public:
  /// `json`: what --json asked for; commands choose by it.
  explicit Output(bool json) : json_(json) {}
  bool wants_json() const { return json_; }

  /// Writes bytes as they are. Throws OutputClosed, or base::Error when it cannot be written (no space, ...).
  void write(std::string_view text);
  /// Writes text for people, through visible().
  void print(std::string_view text);
  /// Writes text and a line end.
  void line(std::string_view text = {});
  /// Writes one line of canonical JSON.
  void json(const base::json::Value& value);
  /// Hands everything to the system; the end of every command does so too.
  void flush();

 private:
  bool json_;
};

/// Valid UTF-8 with what would steer a terminal made visible: a control character but line end and tab as
/// "\x1b", and the marks that turn the direction of text as "\u202e". Records come from strangers.
std::string visible(std::string_view text);

/// Text in columns, aligned and two spaces apart; the last one may be long.
class Table {
 public:
  explicit Table(std::vector<std::string> header) { rows_.push_back(std::move(header)); }
  /// As many cells as the header has.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.size() == 1; }
  std::string to_string() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace cli
