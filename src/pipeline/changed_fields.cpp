#include "pipeline/changed_fields.hpp"

#include "advisory/vulnerability.hpp"

namespace pipeline {

std::vector<std::string> changed_fields(std::string_view before, const base::json::Value& after,
                                        base::Arena& arena) {
  const base::json::Value old = advisory::parse_document(before, arena).value;
  std::vector<std::string> fields;
  // Both member lists are sorted by key: one walk along both.
  auto a = old.members().begin();
  auto b = after.members().begin();
  while (a != old.members().end() || b != after.members().end()) {
    if (b == after.members().end() || (a != old.members().end() && a->key < b->key)) {
      fields.emplace_back((a++)->key);
    } else if (a == old.members().end() || b->key < a->key) {
      fields.emplace_back((b++)->key);
    } else {
      if (!(a->value == b->value)) fields.emplace_back(a->key);
      ++a;
      ++b;
    }
  }
  return fields;
}

std::vector<std::string> all_fields(const base::json::Value& document) {
  std::vector<std::string> fields;
  for (const base::json::Member& member : document.members()) fields.emplace_back(member.key);
  return fields;
}

}  // namespace pipeline
