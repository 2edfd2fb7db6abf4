// Escapes of surrogates ("\ud800") in YAML: libyaml refuses a text that has one, this file rewrites them so
// that it does not. A rewrite can only go by the look of the text, so every one of them is remembered, and
// what turns out not to stand between double quotes is left as it is in a second attempt.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace parse {

struct SurrogateEscape {
  std::size_t character = 0;  // its place in the rewritten text, counted in characters as libyaml does
  bool lone = false;          // half of a pair, now U+FFFD; otherwise a whole pair, now one character
};

struct RewrittenSurrogates {
  std::string text;
  std::vector<SurrogateEscape> escapes;  // in the order of the text
};

/// `text`, which is valid UTF-8, with its surrogate escapes rewritten, except those whose ordinal numbers are
/// in `literal` (ascending): these stay, and are in `escapes` all the same.
RewrittenSurrogates rewrite_surrogates(std::string_view text, const std::vector<std::size_t>& literal);

}  // namespace parse
