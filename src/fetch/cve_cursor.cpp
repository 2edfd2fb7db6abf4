#include "fetch/cve_cursor.hpp"

#include "base/arena.hpp"
#include "base/json.hpp"

namespace fetch {

using base::json::Value;

namespace {

Value to_object(const CveWanted& records, base::Arena& arena) {
  base::json::ObjectBuilder object(arena);
  for (const auto& [id, updated] : records) object.add(id, arena.copy(time_text(updated)));
  return object.finish();
}

CveWanted read_object(const Value* object) {
  CveWanted records;
  if (object == nullptr) return records;
  for (const auto& [id, updated] : object->members())
    if (is_cve_id(id)) records.emplace(id, read_time(updated.text()).value_or(0));
  return records;
}

}  // namespace

std::string to_text(const CveCursor& cursor) {
  base::Arena arena;
  base::json::ObjectBuilder text(arena);
  text.add_unless_empty("again", to_object(cursor.again, arena));
  text.add("cursor", arena.copy(time_text(cursor.time)));
  text.add_unless_empty("recent", to_object(cursor.recent, arena));
  return base::json::write(text.finish());
}

std::optional<CveCursor> read_cve_cursor(std::string_view text) {
  base::Arena arena;
  const base::json::Parsed parsed = base::json::parse(text, arena);
  const Value* const time = parsed.error ? nullptr : parsed.value.find("cursor");
  const auto seconds = time == nullptr ? std::nullopt : read_time(time->text());
  if (!seconds) return std::nullopt;
  return CveCursor{*seconds, read_object(parsed.value.find("again")),
                   read_object(parsed.value.find("recent"))};
}

}  // namespace fetch
