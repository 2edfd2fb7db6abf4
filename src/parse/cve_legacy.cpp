#include "parse/cve_legacy.hpp"

#include <string_view>
#include <unordered_set>
#include <vector>

namespace parse {

namespace {

using base::json::Kind;
using base::json::Member;
using base::json::ObjectBuilder;
using base::json::Value;

class Repetition {
 public:
  explicit Repetition(base::Arena& arena) : arena_(arena) {}

  void collect(const Value& value) {
    if (value.is_string()) texts_.insert(value.text());
    for (const Value& item : value.items()) collect(item);
    for (const Member& each : value.members()) collect(each.value);
  }

  Value prune(const Value& value) {
    switch (value.kind()) {
      case Kind::string:
        return texts_.contains(value.text()) ? Value() : value;
      case Kind::array: {
        std::vector<Value> left;
        for (const Value& item : value.items())
          if (const Value kept = prune(item); !kept.is_empty()) left.push_back(kept);
        return left.empty() ? Value() : base::json::make_array(arena_, left);
      }
      case Kind::object: {
        ObjectBuilder left(arena_);
        for (const Member& each : value.members()) left.add_unless_empty(each.key, prune(each.value));
        return left.empty() ? Value() : left.finish();
      }
      default:
        return value;
    }
  }

 private:
  base::Arena& arena_;
  std::unordered_set<std::string_view> texts_;
};

}  // namespace

Value without_repetition(const Value& legacy, const Value& container, base::Arena& arena) {
  Repetition repetition(arena);
  for (const Member& each : container.members())
    if (each.key != "x_legacyV4Record") repetition.collect(each.value);
  return repetition.prune(legacy);
}

}  // namespace parse
