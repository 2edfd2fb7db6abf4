#include "parse/normalize_ranges.hpp"

#include <algorithm>

#include "advisory/osv_schema.hpp"
#include "parse/json_record.hpp"
#include "parse/type_check.hpp"

namespace parse {

namespace {

using base::json::Member;
using base::json::ObjectBuilder;
using base::json::Value;

enum class Bound { introduced, fixed, last_affected, limit };
constexpr std::string_view bound_names[] = {"introduced", "fixed", "last_affected", "limit"};

constexpr std::string_view range_members[] = {"database_specific", "events", "repo", "type"};

bool is_range_member(std::string_view key) {
  return std::find(std::begin(range_members), std::end(range_members), key) != std::end(range_members);
}

struct Event {
  Bound bound;
  std::string_view version;
  Value value;  // the event as an object of its own
};

bool has(const std::vector<Event>& events, Bound bound) {
  return std::any_of(events.begin(), events.end(), [&](const Event& e) { return e.bound == bound; });
}

bool has_upper(const std::vector<Event>& events) {
  return std::any_of(events.begin(), events.end(),
                     [](const Event& e) { return e.bound != Bound::introduced; });
}

// The events of one range, those that say nothing removed and those that say several things taken apart. Each
// names its version and nothing else.
class EventReader {
 public:
  EventReader(bool git, base::Arena& arena) : git_(git), arena_(arena) {}

  void read(const Value& event) {
    std::size_t versions = 0;
    for (const std::string_view name : bound_names) versions += member(event, name).is_empty() ? 0U : 1U;
    const auto members = event.members();
    changed_ |= versions != 1 ||
                static_cast<std::size_t>(std::count_if(members.begin(), members.end(), [](const Member& m) {
                  return !m.value.is_empty();
                })) != versions;
    for (std::size_t i = 0; i < std::size(bound_names); ++i) {
      const std::string_view version = member(event, bound_names[i]).text();
      if (version.empty()) continue;
      const auto bound = static_cast<Bound>(i);
      if (git_ && !advisory::is_git_version(version)) {
        changed_ = true;
        lost_upper_ |= bound != Bound::introduced;
        continue;
      }
      events_.push_back({bound, version, single(i, version)});
    }
  }

  // False when what is left is no range, or would claim more than its source does.
  bool stands() const { return has(events_, Bound::introduced) && (!lost_upper_ || has_upper(events_)); }
  bool changed() const { return changed_; }
  std::vector<Event>& events() { return events_; }

 private:
  Value single(std::size_t bound, std::string_view version) {
    return ObjectBuilder(arena_).add(bound_names[bound], version).finish();
  }

  bool git_;
  base::Arena& arena_;
  std::vector<Event> events_;
  bool changed_ = false;
  bool lost_upper_ = false;
};

// Takes apart a range that has both `fixed` and `last_affected`: what ends in `last_affected` goes to `last`,
// everything else stays. A `limit` holds for the whole range, so both have it.
std::vector<Event> split_off_last_affected(std::vector<Event>& events) {
  std::vector<Event> fixed;
  std::vector<Event> last;
  for (auto at = events.begin(); at != events.end();) {
    // One interval: an event and what follows up to the next `introduced`.
    const auto end =
        std::find_if(at + 1, events.end(), [](const Event& e) { return e.bound == Bound::introduced; });
    const std::vector<Event> interval(at, end);
    const bool ends_in_last =
        at->bound == Bound::introduced && has(interval, Bound::last_affected) && !has(interval, Bound::fixed);
    for (const Event& event : interval) {
      const bool is_last = event.bound == Bound::last_affected;
      if (ends_in_last || event.bound == Bound::limit) last.push_back(event);
      if ((!ends_in_last && !is_last) || event.bound == Bound::limit) fixed.push_back(event);
    }
    at = end;
  }
  events = std::move(fixed);
  if (!has(last, Bound::introduced)) last.clear();
  return last;
}

// Nearly all ranges: nothing to change, so nothing is built anew.
bool is_fine(const Value& range, bool git) {
  bool found[std::size(bound_names)] = {};
  for (const Value& event : member(range, "events").items()) {
    if (event.members().size() != 1) return false;
    const Member& only = event.members()[0];
    const auto* name = std::find(std::begin(bound_names), std::end(bound_names), only.key);
    if (name == std::end(bound_names) || only.value.is_empty()) return false;
    if (git && !advisory::is_git_version(only.value.text())) return false;
    found[name - std::begin(bound_names)] = true;
  }
  if (!found[0] || (found[1] && found[2])) return false;
  const auto members = range.members();
  return std::all_of(members.begin(), members.end(),
                     [](const Member& m) { return is_range_member(m.key) && !m.value.is_empty(); });
}

class RangeNormalizer {
 public:
  explicit RangeNormalizer(base::Arena& arena) : arena_(arena) {}

  void add(const Value& range) {
    const std::string_view type = member(range, "type").text();
    const bool git = type == "GIT";
    const bool placed = advisory::is_range_type(type) && (!git || !member(range, "repo").text().empty());
    if (placed && is_fine(range, git)) {
      if (!git)
        for (const Value& event : member(range, "events").items())
          if (event.members()[0].key == "fixed")
            out_.fixed_versions.push_back(event.members()[0].value.text());
      (git ? git_ranges_ : ranges_).push_back(range);
      return;
    }
    EventReader reader(git, arena_);
    for (const Value& event : member(range, "events").items()) reader.read(event);
    if (!placed || !reader.stands()) {
      out_.misfits.push_back(range);
      return;
    }
    std::vector<Event>& events = reader.events();
    std::vector<Event> last;
    const bool mixed = has(events, Bound::fixed) && has(events, Bound::last_affected);
    if (mixed) last = split_off_last_affected(events);
    const auto members = range.members();
    const bool known = std::all_of(members.begin(), members.end(), [](const Member& m) {
      return is_range_member(m.key) || m.value.is_empty();
    });
    if (mixed || reader.changed() || !known) out_.misfits.push_back(range);
    if (has(events, Bound::introduced)) keep(range, git, events);
    if (!last.empty()) keep(range, git, last);
  }

  NormalizedRanges finish() {
    std::vector<Value> all = std::move(ranges_);
    all.insert(all.end(), git_ranges_.begin(), git_ranges_.end());
    if (!all.empty()) out_.ranges = base::json::make_array(arena_, all);
    remove_repeats(out_.fixed_versions);
    return std::move(out_);
  }

 private:
  void keep(const Value& range, bool git, const std::vector<Event>& events) {
    std::vector<Value> values;
    values.reserve(events.size());
    for (const Event& event : events) {
      values.push_back(event.value);
      if (!git && event.bound == Bound::fixed) out_.fixed_versions.push_back(event.version);
    }
    ObjectBuilder builder(arena_);
    for (const Member& each : range.members())
      if (each.key != "events" && is_range_member(each.key)) builder.add_unless_empty(each.key, each.value);
    builder.add("events", base::json::make_array(arena_, values));
    (git ? git_ranges_ : ranges_).push_back(builder.finish());
  }

  base::Arena& arena_;
  NormalizedRanges out_;
  std::vector<Value> ranges_;
  std::vector<Value> git_ranges_;
};

}  // namespace

NormalizedRanges normalize_ranges(const Value& ranges, base::Arena& arena) {
  RangeNormalizer normalizer(arena);
  for (const Value& range : ranges.items()) normalizer.add(range);
  return normalizer.finish();
}

}  // namespace parse
