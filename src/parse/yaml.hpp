// YAML to the JSON tree that all stages work on. libyaml reads the syntax (YAML 1.1,
// https://yaml.org/spec/1.1/, with the additions of 1.2 that it knows); this file says what its events mean:
//
//   scalars     are text, whatever they look like: `1.10`, `1e3`, `0x10`, `012`, `1_000`, `yes`, `2020-01-02`
//               and `12:30:45` stay as they are written, plain, quoted or as a block. Lines are folded and
//               block scalars chomped as YAML says.
//   null        A plain `null`, `Null`, `NULL` or `~` and a value that is not there at all are null, which
//               parsers treat as absent. Quoted, or as a key, they are text.
//   keys        are text; a list or a mapping as a key is refused (invalid_yaml). Of duplicate keys the last
//               wins.
//   refused     anchors, aliases, tags (explicit ones, `!` included), tag directives and the plain merge key
//               `<<` (yaml_alias); a second document (invalid_yaml); a text without any document (empty).
//   characters  UTF-8, with or without a byte order mark, lines ending in LF, CRLF or CR. Raw control
//               characters are no YAML (invalid_yaml). Escapes can write what JSON text in PostgreSQL cannot
//               hold: "\0" and the lone half of a surrogate pair become U+FFFD, and the result is marked as
//               sanitized; a whole pair ("\ud83d\ude00", as JSON writes it) is its character.
//   tabs        separate tokens and stand in scalars, but never indent (invalid_yaml).
//
// Bounded: by bytes, depth and number of values; time and memory are linear in the bytes.
#pragma once

#include <optional>
#include <string_view>

#include "base/arena.hpp"
#include "base/json.hpp"
#include "parse/parse.hpp"

namespace parse {

struct YamlLimits {
  std::size_t max_bytes = max_record_bytes;
  std::size_t max_depth = 128;         // containers inside one another; the deepest real record has 5
  std::size_t max_values = 1'000'000;  // keys included; the longest real record has under 1,000
};

struct Yaml {
  base::json::Value value;
  bool sanitized = false;
  std::optional<Refusal> refusal;  // without record_id
};

/// Reads one YAML document. The value is in `arena` and needs `text` no longer. Refuses with empty,
/// too_large, invalid_utf8, invalid_yaml, too_deep or yaml_alias.
Yaml read_yaml(std::string_view text, base::Arena& arena, const YamlLimits& limits = {});

}  // namespace parse
