#include "fetch/cve_log.hpp"

#include <algorithm>

#include "base/arena.hpp"
#include "base/format.hpp"
#include "base/json.hpp"
#include "fetch/error.hpp"
#include "fetch/path.hpp"

namespace fetch {
namespace {

using base::json::Value;

std::string_view text_of(const Value& object, std::string_view name) {
  const Value* const value = object.find(name);
  return value == nullptr ? std::string_view() : value->text();
}

[[noreturn]] void refuse(std::string_view origin, const std::string& reason) {
  throw Error("corrupt", base::format("cannot use the log of changes {}: {}", origin, reason));
}

void take_changes(const Value& entry, Seconds time, CveLog& log) {
  for (const char* list : {"new", "updated", "unknown"}) {
    const Value* const items = entry.find(list);
    if (items == nullptr) continue;
    for (const Value& item : items->items()) {
      const std::string_view id = text_of(item, "cveId");
      if (!is_cve_id(id)) continue;
      CveChange& change = log.changed[std::string(id)];
      change.updated = std::max(change.updated, read_time(text_of(item, "dateUpdated")).value_or(0));
      change.listed = std::max(change.listed, time);
    }
  }
}

}  // namespace

CveLog read_cve_log(std::string_view json, Seconds since, std::string_view origin) {
  base::Arena arena;
  const base::json::Parsed parsed = base::json::parse(json, arena);
  if (parsed.error)
    refuse(origin, base::format("it is no JSON ({} at byte {}); it begins with \"{}\"", parsed.error->what,
                                parsed.error->offset, printable(json.substr(0, 40))));
  if (!parsed.value.is_array() || parsed.value.items().empty()) refuse(origin, "it is no list of changes");
  CveLog log;
  bool first = true;
  for (const Value& entry : parsed.value.items()) {
    const auto time = read_time(text_of(entry, "fetchTime"));
    if (!time) refuse(origin, "an entry has no fetchTime that can be read");
    log.newest = first ? *time : std::max(log.newest, *time);
    log.oldest = first ? *time : std::min(log.oldest, *time);
    first = false;
    if (*time > since) take_changes(entry, *time, log);
  }
  return log;
}

}  // namespace fetch
