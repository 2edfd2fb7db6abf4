// JSON (RFC 8259) as a tree of small values in an arena, and its canonical text.
//
// The tree is what every stage works on: parsers build it from bytes (or YAML), merge recombines its parts,
// and writing it gives the canonical bytes that are hashed, stored, printed and exported. Three invariants
// make that cheap and exact:
//   - the members of an object are sorted by key, bytewise, and a key stands once (of duplicates the last
//   wins);
//   - a number is kept as decimal text in the one form that PostgreSQL's jsonb gives back, never as a double;
//   - a string is valid UTF-8 without U+0000.
// Values are views: they are valid as long as the arena and the input text they were parsed from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"

namespace base::json {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

struct Member;

class Value {
 public:
  constexpr Value() = default;  // null

  static Value boolean(bool value);
  /// `text` must be canonical number text (see canonical_number) that outlives the value.
  static Value number(std::string_view text);
  static Value string(std::string_view text);
  static Value array(std::span<const Value> items);
  /// `members` must be sorted by key without duplicates: ObjectBuilder does that.
  static Value object(std::span<const Member> members);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_string() const { return kind_ == Kind::string; }
  bool is_array() const { return kind_ == Kind::array; }
  bool is_object() const { return kind_ == Kind::object; }

  bool as_bool() const { return flag_; }
  /// The text of a string or number; empty for every other kind.
  std::string_view text() const {
    if (kind_ != Kind::string && kind_ != Kind::number) return {};
    return {static_cast<const char*>(data_), size_};
  }
  /// The items of an array; empty for every other kind.
  std::span<const Value> items() const {
    if (kind_ != Kind::array) return {};
    return {static_cast<const Value*>(data_), size_};
  }
  /// The members of an object, sorted by key; empty for every other kind.
  std::span<const Member> members() const;  // inline, below
  /// The member called `key` of an object, or nullptr.
  const Value* find(std::string_view key) const;
  /// True for null, "", [] and {}: what OSV treats as absent.
  bool is_empty() const {
    return kind_ == Kind::null || (size_ == 0 && kind_ != Kind::boolean && kind_ != Kind::number);
  }

 private:
  Kind kind_ = Kind::null;
  bool flag_ = false;
  std::uint32_t size_ = 0;
  const void* data_ = nullptr;
};

struct Member {
  std::string_view key;
  Value value;
};

inline std::span<const Member> Value::members() const {
  if (kind_ != Kind::object) return {};
  return {static_cast<const Member*>(data_), size_};
}

/// Same kind and same content.
bool operator==(const Value& a, const Value& b);

/// Collects the members of one object; finish() sorts them into the arena. Of duplicate keys the last wins.
class ObjectBuilder {
 public:
  explicit ObjectBuilder(Arena& arena) : arena_(arena) {}
  ObjectBuilder& add(std::string_view key, Value value);
  ObjectBuilder& add(std::string_view key, std::string_view text) { return add(key, Value::string(text)); }
  /// Adds nothing when `value` is empty (null, "", [] or {}).
  ObjectBuilder& add_unless_empty(std::string_view key, Value value);
  bool empty() const { return members_.empty(); }
  Value finish();

 private:
  Arena& arena_;
  std::vector<Member> members_;
};

/// A JSON array of `items`, copied into the arena.
Value make_array(Arena& arena, std::span<const Value> items);
/// A JSON array of strings, copied into the arena; the texts themselves are not copied.
Value make_array(Arena& arena, std::span<const std::string_view> texts);

struct Limits {
  std::size_t max_depth = 128;  // containers inside one another; the deepest real record has 14
};

enum class ErrorCode : std::uint8_t { empty, invalid_utf8, invalid_json, too_deep };

struct ParseError {
  ErrorCode code;
  std::size_t offset;  // byte offset into the text
  const char* what;    // "expected ':' after a key", in English
};

struct Parsed {
  Value value;
  bool sanitized = false;  // a U+0000 or a lone surrogate was replaced by U+FFFD
  std::optional<ParseError> error;
};

/// Parses one JSON text (a leading byte order mark is skipped). Strings without escapes are views into
/// `text`, everything else is in `arena`. Never throws for bad input.
Parsed parse(std::string_view text, Arena& arena, const Limits& limits = {});

/// The text of a JSON number as PostgreSQL's numeric prints it: no exponent, no "-0", trailing zeros of the
/// fraction kept ("7.0"). Empty when `text` is no JSON number or needs more than 1,000 digits.
/// Returns a view of `text` itself where that is already canonical.
std::string_view canonical_number(std::string_view text, Arena& arena);

/// Appends the canonical text of `value`: members in key order, no white space, only the escapes that JSON
/// requires, with the short forms \b \f \n \r \t where they exist and lower-case \u00xx otherwise.
void write(const Value& value, std::string& out);
std::string write(const Value& value);

/// The canonical text of what PostgreSQL printed of a jsonb: it writes strings and numbers as write() does,
/// and differs in white space and in the order of members alone (it puts shorter keys first). Nothing where
/// `text` is plainly something else, or has a key that needs an escape; parse() and write() give the same in
/// three times the time.
std::optional<std::string> canonical_jsonb(std::string_view text);

/// Appends `text` as a JSON string, quotes included.
void write_string(std::string_view text, std::string& out);

/// The same content indented by two spaces, for people.
void write_pretty(const Value& value, std::string& out);

}  // namespace base::json
