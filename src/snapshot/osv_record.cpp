#include "snapshot/osv_record.hpp"

#include <set>

#include "advisory/osv_schema.hpp"
#include "advisory/package.hpp"
#include "base/format.hpp"

namespace snapshot {

namespace {

using base::json::Value;

constexpr std::string_view private_prefix = "x_";

std::string_view text_of(const Value& object, std::string_view name) {
  const Value* const member = object.find(name);
  return member != nullptr ? member->text() : std::string_view();
}

std::span<const Value> items_of(const Value& object, std::string_view name) {
  const Value* const member = object.find(name);
  return member != nullptr ? member->items() : std::span<const Value>();
}

}  // namespace

bool is_private_id(std::string_view id) {
  return id.starts_with(private_prefix) || !advisory::has_known_prefix(id);
}

std::string osv_id(std::string_view id) {
  return advisory::has_known_prefix(id) ? std::string(id) : std::string(private_prefix).append(id);
}

Value osv_record(const Value& document, base::Arena& arena) {
  if (advisory::has_known_prefix(text_of(document, "id"))) return document;
  base::json::ObjectBuilder record(arena);
  for (const base::json::Member& member : document.members()) record.add(member.key, member.value);
  return record.add("id", arena.copy(osv_id(text_of(document, "id")))).finish();  // of two, the last stays
}

std::vector<std::string> osv_directories(const Value& document) {
  std::set<std::string, std::less<>> directories;
  for (const Value& affected : items_of(document, "affected")) {
    if (const Value* const package = affected.find("package")) {
      const std::string_view ecosystem = advisory::ecosystem_base(text_of(*package, "ecosystem"));
      // The closed list of the schema: nothing else becomes a path.
      if (advisory::is_known_ecosystem(ecosystem)) directories.emplace(ecosystem);
    }
    for (const Value& range : items_of(affected, "ranges"))
      if (text_of(range, "type") == "GIT") directories.emplace("GIT");
  }
  if (directories.empty()) directories.emplace("[EMPTY]");
  return {directories.begin(), directories.end()};
}

std::string osv_file_name(std::string_view id) {
  std::string name;
  for (const char c : id) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '/' || c == '\\' || c == '%' || byte < 0x20)
      name += base::format("%{:02X}", byte);
    else
      name += c;
  }
  return name;
}

}  // namespace snapshot
