// Reading members of a JSON record whose types are known by its schema. Null, "", [] and {} count as absent,
// whatever the type; any other value of a wrong type is remembered, so that a parser can read on and refuse
// the record once at its end.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace parse {

/// Where a value stands, as a chain of frames on the stack: it costs nothing until it is printed.
class Path {
 public:
  Path() = default;
  Path(const Path& parent, std::string_view key) : parent_(&parent), key_(key) {}
  Path(const Path& parent, std::size_t index) : parent_(&parent), index_(index), is_index_(true) {}

  /// "affected[2].ranges[0].type"; "the record" for the top level.
  std::string text() const;

 private:
  const Path* parent_ = nullptr;
  std::string_view key_;
  std::size_t index_ = 0;
  bool is_index_ = false;
};

class TypeCheck {
 public:
  using Value = base::json::Value;

  /// The string, or "" when `value` is absent or of another type.
  std::string_view text(const Value& value, const Path& path);
  /// The items, or none.
  std::span<const Value> array(const Value& value, const Path& path);
  /// The object, or null.
  Value object(const Value& value, const Path& path);

  /// The same for the member `key` of `object`.
  std::string_view text(const Value& object, std::string_view key, const Path& path);
  std::span<const Value> array(const Value& object, std::string_view key, const Path& path);
  Value object(const Value& object, std::string_view key, const Path& path);

  /// Like array(), each of whose items must be a string; all of them are looked at.
  std::span<const Value> texts(const Value& object, std::string_view key, const Path& path);

  /// An item of an array that must be an object, {} included.
  void expect_object(const Value& item, const Path& path);

  bool ok() const { return complaint_.empty(); }
  /// The first value of a wrong type: "affected[0].package.name is a number, not a string".
  const std::string& complaint() const { return complaint_; }

 private:
  void complain(const Value& value, const char* expected, const Path& path);

  std::string complaint_;
};

/// The member `key` of `object`, or null when it has none.
base::json::Value member(const base::json::Value& object, std::string_view key);

}  // namespace parse
