#include "support/json_schema.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <string_view>

namespace support {

namespace {

using base::json::Kind;
using base::json::Member;
using base::json::Value;

class Validator {
 public:
  explicit Validator(const Value& root) : root_(root) {}

  std::vector<std::string> check(const Value& schema, const Value& value, const std::string& path) {
    std::vector<std::string> out;
    for (const Member& keyword : schema.members()) {
      const auto more = keyword_complaints(schema, keyword, value, path);
      out.insert(out.end(), more.begin(), more.end());
    }
    return out;
  }

 private:
  using Complaints = std::vector<std::string>;

  bool accepts(const Value& schema, const Value& value) { return check(schema, value, "").empty(); }

  static Complaints one(bool good, const std::string& path, const std::string& what) {
    return good ? Complaints{} : Complaints{path + ": " + what};
  }

  Complaints keyword_complaints(const Value& schema, const Member& keyword, const Value& value,
                                const std::string& path) {
    const std::string_view name = keyword.key;
    const Value& argument = keyword.value;
    for (const std::string_view annotation : {"$schema", "$id", "$defs", "title", "description", "format"})
      if (name == annotation) return {};
    for (const std::string_view part : {"then", "else"})
      if (name == part) return {};  // with "if"
    if (name == "$ref") return check(resolve(argument.text()), value, path);
    if (name == "type") return one(has_type(argument, value), path, "has another type");
    if (name == "enum") return one(is_among(argument, value), path, "is not among the values");
    if (name == "const") return one(argument == value, path, "is not the constant");
    if (name == "pattern")
      return one(!value.is_string() || matches(argument.text(), value.text()), path, "does not match");
    if (name == "allOf") return all_of(argument, value, path);
    if (name == "oneOf") return one(count(argument, value) == 1, path, "is not exactly one of the forms");
    if (name == "not") return one(!accepts(argument, value), path, "is what it must not be");
    if (name == "if") return conditional(schema, argument, value, path);
    return structure(schema, keyword, value, path);
  }

  Complaints structure(const Value& schema, const Member& keyword, const Value& value,
                       const std::string& path) {
    const std::string_view name = keyword.key;
    const Value& argument = keyword.value;
    if (name == "required") return required(argument, value, path);
    if (name == "properties") return properties(argument, value, path);
    if (name == "additionalProperties") return additional(schema, argument, value, path);
    if (name == "items") return items(argument, value, path);
    if (name == "contains") {
      const auto found = value.items();
      const bool any =
          std::any_of(found.begin(), found.end(), [&](const Value& item) { return accepts(argument, item); });
      return one(!value.is_array() || any, path, "does not contain what it must");
    }
    if (name == "minItems")
      return one(!value.is_array() || value.items().size() >= std::stoul(std::string(argument.text())), path,
                 "has too few items");
    return {path + ": the schema's keyword " + std::string(name) + " is not known here"};
  }

  const Value& resolve(std::string_view reference) {
    static const std::string_view start = "#/$defs/";
    const Value* definitions = root_.find("$defs");
    return *definitions->find(reference.substr(start.size()));
  }

  static bool has_type(const Value& types, const Value& value) {
    static const std::map<Kind, std::string_view> names = {
        {Kind::null, "null"},     {Kind::boolean, "boolean"}, {Kind::number, "number"},
        {Kind::string, "string"}, {Kind::array, "array"},     {Kind::object, "object"}};
    const std::string_view name = names.at(value.kind());
    if (types.is_string()) return types.text() == name;
    return std::any_of(types.items().begin(), types.items().end(),
                       [&](const Value& type) { return type.text() == name; });
  }

  static bool is_among(const Value& values, const Value& value) {
    return std::find(values.items().begin(), values.items().end(), value) != values.items().end();
  }

  bool matches(std::string_view pattern, std::string_view text) {
    const std::string key(pattern);
    auto found = patterns_.find(key);
    if (found == patterns_.end()) found = patterns_.emplace(key, std::regex(key)).first;
    return std::regex_search(text.begin(), text.end(), found->second);
  }

  Complaints all_of(const Value& schemas, const Value& value, const std::string& path) {
    Complaints out;
    for (const Value& each : schemas.items()) {
      const Complaints more = check(each, value, path);
      out.insert(out.end(), more.begin(), more.end());
    }
    return out;
  }

  std::size_t count(const Value& schemas, const Value& value) {
    const auto all = schemas.items();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const Value& each) { return accepts(each, value); }));
  }

  Complaints conditional(const Value& schema, const Value& condition, const Value& value,
                         const std::string& path) {
    const Value* branch = schema.find(accepts(condition, value) ? "then" : "else");
    return branch == nullptr ? Complaints{} : check(*branch, value, path);
  }

  static Complaints required(const Value& names, const Value& value, const std::string& path) {
    Complaints out;
    for (const Value& name : names.items())
      if (value.is_object() && value.find(name.text()) == nullptr)
        out.push_back(path + ": has no " + std::string(name.text()));
    return out;
  }

  Complaints properties(const Value& schemas, const Value& value, const std::string& path) {
    Complaints out;
    for (const Member& each : schemas.members()) {
      const Value* found = value.find(each.key);
      if (found == nullptr) continue;
      const Complaints more = check(each.value, *found, path + "/" + std::string(each.key));
      out.insert(out.end(), more.begin(), more.end());
    }
    return out;
  }

  /// Only `false` is known: no members but those that are named.
  static Complaints additional(const Value& schema, const Value& allowed, const Value& value,
                               const std::string& path) {
    Complaints out = one(allowed.kind() == Kind::boolean && !allowed.as_bool(), path,
                         "additionalProperties is not false, which is not known here");
    const Value* named = schema.find("properties");
    for (const Member& each : value.members())
      if (named == nullptr || named->find(each.key) == nullptr)
        out.push_back(path + ": has the unknown member " + std::string(each.key));
    return out;
  }

  Complaints items(const Value& schema, const Value& value, const std::string& path) {
    Complaints out;
    const auto all = value.items();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Complaints more = check(schema, all[i], path + "/" + std::to_string(i));
      out.insert(out.end(), more.begin(), more.end());
    }
    return out;
  }

  const Value& root_;
  std::map<std::string, std::regex> patterns_;
};

}  // namespace

std::vector<std::string> schema_complaints(const Value& schema, const Value& value) {
  return Validator(schema).check(schema, value, "");
}

}  // namespace support
