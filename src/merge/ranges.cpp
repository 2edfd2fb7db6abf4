#include "merge/ranges.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace merge {

namespace {

using advisory::Affected;
using base::json::Value;

/// "0", "0.0", "0.0.0", "0.0.0-0": what ranges begin with that begin with the first version.
bool is_zero(std::string_view version) {
  if (version.size() > 2 && version.substr(version.size() - 2) == "-0") version.remove_suffix(2);
  return !version.empty() && version.front() == '0' && version.back() == '0' &&
         version.find_first_not_of("0.") == std::string_view::npos;
}

std::string_view comparable(std::string_view version) {
  if (version.size() > 1 && version[0] == 'v' && base::is_digit(version[1])) version.remove_prefix(1);
  return is_zero(version) ? std::string_view("0") : version;
}

void add_intervals(std::span<const Value> events, VersionsSaid& out) {
  bool open = false;
  for (const Value& event : events) {
    if (const Value* introduced = event.find("introduced")) {
      out.intervals.push_back({comparable(introduced->text()), {}, {}});
      open = true;
      continue;
    }
    for (const std::string_view kind : {"fixed", "last_affected", "limit"}) {
      const Value* bound = event.find(kind);
      if (bound == nullptr) continue;
      if (kind == "fixed") out.fixed.push_back(comparable(bound->text()));
      if (!open) out.intervals.push_back({});
      out.intervals.back().kind = kind;
      out.intervals.back().bound = comparable(bound->text());
      open = false;
    }
  }
}

template <typename T>
void sort_unique(std::vector<T>& items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

VersionsSaid versions_of(std::span<const PackageVoice> voices) {
  std::vector<const Affected*> entries;
  for (const PackageVoice& voice : voices)
    entries.insert(entries.end(), voice.entries.begin(), voice.entries.end());
  return versions_said(entries);
}

Value to_json(const std::vector<std::string_view>& texts, base::Arena& arena) {
  return base::json::make_array(arena, texts);
}

Value to_json(const std::vector<Interval>& intervals, base::Arena& arena) {
  std::vector<Value> out;
  for (const Interval& each : intervals) {
    base::json::ObjectBuilder builder(arena);
    if (!each.kind.empty()) builder.add(each.kind, each.bound);
    out.push_back(builder.add_unless_empty("introduced", Value::string(each.introduced)).finish());
  }
  return base::json::make_array(arena, out);
}

Value voice_to_json(const PackageVoice& voice, bool with_ranges, base::Arena& arena) {
  const VersionsSaid said = versions_said(voice.entries);
  base::json::ObjectBuilder builder(arena);
  builder.add("fixed_versions", to_json(said.fixed, arena));
  if (with_ranges) builder.add("ranges", to_json(said.intervals, arena));
  return builder.add("source", voice.speaker->key).finish();
}

}  // namespace

VersionsSaid versions_said(std::span<const Affected* const> entries) {
  VersionsSaid out;
  for (const Affected* entry : entries) {
    const Value* ranges = entry->entry.find("ranges");
    if (ranges == nullptr) continue;
    for (const Value& range : ranges->items()) {
      const Value* type = range.find("type");
      const bool git = type != nullptr && type->text() == "GIT";
      const Value* events = range.find("events");
      if (events != nullptr && git == entry->name.empty()) add_intervals(events->items(), out);
    }
  }
  sort_unique(out.intervals);
  sort_unique(out.fixed);
  return out;
}

void find_range_conflict(Work& work, std::span<const PackageVoice> winners,
                         std::span<const PackageVoice> losers) {
  const VersionsSaid won = versions_of(winners);
  std::vector<Value> values;
  bool fixed_differ = false;
  std::size_t first = 0;
  while (first < losers.size()) {
    // The GitLab records speak of a package together, every other record for itself.
    std::size_t end = first + 1;
    const auto source_at = [&](std::size_t i) { return losers[i].speaker->advisory->source; };
    while (end < losers.size() && source_at(first) == advisory::Source::gitlab &&
           source_at(end) == advisory::Source::gitlab)
      ++end;
    const auto together = losers.subspan(first, end - first);
    first = end;
    const VersionsSaid lost = versions_of(together);
    if (lost.intervals.empty() || (lost.fixed == won.fixed && lost.intervals == won.intervals)) continue;
    fixed_differ = fixed_differ || lost.fixed != won.fixed;
    for (const PackageVoice& voice : together) values.push_back(voice_to_json(voice, true, work.arena));
  }
  if (values.empty()) return;
  std::vector<Value> all;
  for (const PackageVoice& voice : winners) all.push_back(voice_to_json(voice, false, work.arena));
  all.insert(all.end(), values.begin(), values.end());

  const Affected& affected = *winners.front().entries.front();
  base::json::ObjectBuilder builder(work.arena);
  builder.add("field", fixed_differ ? "fixed_versions" : "ranges");
  if (affected.name.empty()) {
    const Value* ranges = affected.entry.find("ranges");
    if (ranges != nullptr)
      if (const Value* repository = ranges->items().front().find("repo")) builder.add("repo", *repository);
  } else {
    builder.add("package", object_of(work.arena, {{"ecosystem", Value::string(affected.ecosystem)},
                                                  {"name", Value::string(affected.name)}}));
  }
  work.conflicts.push_back(builder.add("values", base::json::make_array(work.arena, all)).finish());
}

}  // namespace merge
