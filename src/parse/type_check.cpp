#include "parse/type_check.hpp"

namespace parse {

namespace {

using base::json::Kind;
using base::json::Value;

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "a boolean";
    case Kind::number:
      return "a number";
    case Kind::string:
      return "a string";
    case Kind::array:
      return "an array";
    case Kind::object:
      return "an object";
  }
  return "";
}

}  // namespace

Value member(const Value& object, std::string_view key) {
  const Value* found = object.find(key);
  return found == nullptr ? Value() : *found;
}

std::string Path::text() const {
  if (parent_ == nullptr) return "the record";
  std::string out = parent_->parent_ == nullptr ? std::string() : parent_->text();
  if (is_index_) return out + "[" + std::to_string(index_) + "]";
  if (!out.empty()) out += '.';
  return out.append(key_);
}

void TypeCheck::complain(const Value& value, const char* expected, const Path& path) {
  if (complaint_.empty()) complaint_ = path.text() + " is " + name_of(value.kind()) + ", not " + expected;
}

std::string_view TypeCheck::text(const Value& value, const Path& path) {
  if (!value.is_string() && !value.is_empty()) complain(value, "a string", path);
  return value.is_string() ? value.text() : std::string_view();
}

std::span<const Value> TypeCheck::array(const Value& value, const Path& path) {
  if (!value.is_array() && !value.is_empty()) complain(value, "an array", path);
  return value.items();
}

Value TypeCheck::object(const Value& value, const Path& path) {
  if (!value.is_object() && !value.is_empty()) complain(value, "an object", path);
  return value.is_object() ? value : Value();
}

std::string_view TypeCheck::text(const Value& object, std::string_view key, const Path& path) {
  return text(member(object, key), Path(path, key));
}

std::span<const Value> TypeCheck::array(const Value& object, std::string_view key, const Path& path) {
  return array(member(object, key), Path(path, key));
}

Value TypeCheck::object(const Value& object, std::string_view key, const Path& path) {
  return this->object(member(object, key), Path(path, key));
}

void TypeCheck::expect_object(const Value& item, const Path& path) {
  if (!item.is_object()) complain(item, "an object", path);
}

std::span<const Value> TypeCheck::texts(const Value& object, std::string_view key, const Path& path) {
  const Path here(path, key);
  const auto items = array(member(object, key), here);
  for (std::size_t i = 0; i < items.size(); ++i)
    if (!items[i].is_string()) complain(items[i], "a string", Path(here, i));
  return items;
}

}  // namespace parse
