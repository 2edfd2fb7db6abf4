#include "parse/cve_versions.hpp"

#include <algorithm>
#include <optional>

#include "advisory/osv_schema.hpp"
#include "advisory/semver.hpp"
#include "parse/type_check.hpp"

namespace parse {

namespace {

using base::json::Member;
using base::json::ObjectBuilder;
using base::json::Value;

enum class Status { affected, unaffected, other };
enum class Upper { none, exclusive, inclusive, open };  // none: exactly `lower`
enum class Order { git, semver, named, unknown };

struct Interval {
  std::string_view lower;  // "0" is before everything
  Upper kind = Upper::none;
  std::string_view upper;
};

struct Change {
  std::string_view at;
  Status status;
};

struct Entry {
  Status status = Status::other;
  Interval interval;
  Order order = Order::unknown;
  std::string_view type;
  std::vector<Change> changes;
  bool readable = false;  // its bounds are versions
  bool plain = false;     // has no members but those that a range or version holds
};

Status status_from(std::string_view text) {
  if (text == "affected") return Status::affected;
  return text == "unaffected" ? Status::unaffected : Status::other;
}

// Whether a text can be a bound: one word with a digit, and no range by itself. Placeholders ("n/a",
// "unspecified", "-") have no digit.
bool is_version(std::string_view text) {
  constexpr std::size_t longest = 100;
  return text.size() <= longest && text.find_first_of("0123456789") != std::string_view::npos &&
         text.find_first_of(" \t\r\n<>=~^|,;*()[]") == std::string_view::npos;
}

// The order is unknown, too, when the versions are not what their type promises.
Order order_of(const Entry& entry, bool has_repo) {
  std::vector<std::string_view> all;
  if (entry.interval.lower != "0") all.push_back(entry.interval.lower);
  if (!entry.interval.upper.empty()) all.push_back(entry.interval.upper);
  for (const Change& change : entry.changes) all.push_back(change.at);
  if (entry.type == "git" && has_repo && std::all_of(all.begin(), all.end(), advisory::is_git_version))
    return Order::git;
  if (entry.type == "semver" && std::all_of(all.begin(), all.end(), advisory::is_semver))
    return Order::semver;
  for (const char* named : {"maven", "python", "rpm", "date"})
    if (entry.type == named) return Order::named;
  return Order::unknown;
}

Entry read_entry(const Value& value, bool has_repo) {
  Entry entry;
  entry.status = status_from(member(value, "status").text());
  entry.type = member(value, "versionType").text();
  entry.interval.lower = member(value, "version").text();
  const std::string_view less = member(value, "lessThan").text();
  const std::string_view less_or_equal = member(value, "lessThanOrEqual").text();
  if (less == "*" || less_or_equal == "*")
    entry.interval.kind = Upper::open;
  else if (!less.empty())
    entry.interval = {entry.interval.lower, Upper::exclusive, less};
  else if (!less_or_equal.empty())
    entry.interval = {entry.interval.lower, Upper::inclusive, less_or_equal};
  for (const Value& each : member(value, "changes").items())
    entry.changes.push_back({member(each, "at").text(), status_from(member(each, "status").text())});

  const Interval& in = entry.interval;
  entry.readable = is_version(in.lower) && (in.upper.empty() || is_version(in.upper)) &&
                   (less.empty() || less_or_equal.empty()) &&
                   !(in.kind == Upper::exclusive && in.lower == in.upper) &&
                   // "0" alone is no version but a placeholder for "all of them".
                   !(in.kind == Upper::none && (in.lower == "0" || !entry.changes.empty())) &&
                   std::all_of(entry.changes.begin(), entry.changes.end(), [](const Change& change) {
                     return is_version(change.at) && change.status != Status::other;
                   });
  entry.order = order_of(entry, has_repo);
  entry.plain = std::all_of(value.members().begin(), value.members().end(), [&](const Member& m) {
    for (const char* known : {"version", "status", "lessThan", "lessThanOrEqual"})
      if (m.key == known) return true;
    return m.key == "versionType" && in.kind != Upper::none;  // a plain version has no place for its type
  });
  return entry;
}

bool before(std::string_view a, std::string_view b) {
  if (a == b || b == "0") return false;
  return a == "0" || advisory::compare_semver(a, b) < 0;
}

// Whether no version is in both, as far as that can be known.
bool are_apart(const Entry& a, const Entry& b) {
  const auto ends_before = [](const Entry& x, const Entry& y) {
    return x.interval.kind == Upper::exclusive && x.interval.upper == y.interval.lower;
  };
  if (ends_before(a, b) || ends_before(b, a)) return true;
  if (a.interval.kind == Upper::none && b.interval.kind == Upper::none)
    return a.interval.lower != b.interval.lower;
  if (a.order != Order::semver || b.order != Order::semver) return false;
  const auto last = [](const Entry& x) {
    return x.interval.kind == Upper::none ? x.interval.lower : x.interval.upper;
  };
  const auto all_before = [&](const Entry& x, const Entry& y) {
    return x.interval.kind != Upper::open && before(last(x), y.interval.lower);
  };
  return all_before(a, b) || all_before(b, a);
}

// Cuts an interval of affected versions at each of its changes. Nothing when their places are not known.
std::optional<std::vector<Interval>> cut(const Entry& entry) {
  std::vector<Change> changes = entry.changes;
  const Interval& whole = entry.interval;
  if (entry.order == Order::semver) {
    std::stable_sort(changes.begin(), changes.end(),
                     [](const Change& a, const Change& b) { return before(a.at, b.at); });
    const auto is_outside = [&](const Change& c) {
      return !whole.upper.empty() &&
             (before(whole.upper, c.at) || (whole.kind == Upper::exclusive && c.at == whole.upper));
    };
    changes.erase(std::remove_if(changes.begin(), changes.end(), is_outside), changes.end());
    if (!changes.empty() && before(changes.front().at, whole.lower)) return std::nullopt;
  } else if (changes.size() == 1 && whole.kind == Upper::exclusive && changes[0].at == whole.upper) {
    changes.clear();
  } else if (changes.size() > 1 || (changes.size() == 1 && whole.kind != Upper::open)) {
    return std::nullopt;
  }
  std::vector<Interval> out;
  std::string_view from = whole.lower;
  bool affected = true;
  for (const Change& change : changes) {
    if (affected && change.status == Status::unaffected && from != change.at)
      out.push_back({from, Upper::exclusive, change.at});
    if (!affected || change.status == Status::unaffected) from = change.at;
    affected = change.status == Status::affected;
  }
  if (affected) out.push_back({from, whole.kind, whole.upper});
  return out;
}

class ProductReader {
 public:
  ProductReader(const Value& product, bool has_package, base::Arena& arena)
      : arena_(arena),
        has_package_(has_package),
        repo_(member(product, "repo").text()),
        default_(status_from(member(product, "defaultStatus").text())) {
    const auto versions = member(product, "versions").items();
    entries_.reserve(versions.size());
    for (const Value& each : versions) entries_.push_back(read_entry(each, !repo_.empty()));
  }

  CveVersions run() {
    const auto is = [](Status status) { return [status](const Entry& e) { return e.status == status; }; };
    const bool any_affected = std::any_of(entries_.begin(), entries_.end(), is(Status::affected));
    out_.affected = default_ == Status::affected || any_affected ||
                    std::any_of(entries_.begin(), entries_.end(), [](const Entry& e) {
                      return std::any_of(e.changes.begin(), e.changes.end(),
                                         [](const Change& c) { return c.status == Status::affected; });
                    });
    out_.complete = true;
    if (default_ == Status::affected)
      everything_but_entries();
    else
      affected_entries();
    return std::move(out_);
  }

 private:
  void affected_entries() {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const Entry& entry = entries_[i];
      // What says that versions are not affected is nothing that OSV could say.
      if (entry.status != Status::affected || !emit(i)) out_.complete = false;
    }
  }

  bool emit(std::size_t index) {
    const Entry& entry = entries_[index];
    if (!entry.readable || (!has_package_ && entry.order != Order::git)) return false;
    if (is_shadowed(index)) return false;
    const auto intervals = cut(entry);
    if (!intervals) return false;
    for (const Interval& interval : *intervals) add(interval, entry);
    return entry.plain;
  }

  // Whether an entry before this one may have decided otherwise about some of its versions. Every pair of a
  // long list is too much work for a hostile record: then the entry counts as shadowed.
  bool is_shadowed(std::size_t index) {
    constexpr std::size_t most_pairs = 100'000;
    for (; looked_at_ < index; ++looked_at_) {
      const Entry& other = entries_[looked_at_];
      if (other.status != Status::affected || !other.changes.empty()) deciding_.push_back(looked_at_);
    }
    for (const std::size_t i : deciding_) {
      const Entry& other = entries_[i];
      if (++pairs_ > most_pairs || !other.readable || !are_apart(other, entries_[index])) return true;
    }
    return false;
  }

  void add(const Interval& interval, const Entry& entry) {
    if (interval.kind == Upper::none && entry.order != Order::git)
      out_.versions.push_back(Value::string(interval.lower));
    else
      out_.ranges.push_back(range(interval, entry));
  }

  // Default affected: everything, but for the intervals that are unaffected.
  void everything_but_entries() {
    if (!has_package_) {
      out_.complete = false;
      return;
    }
    if (std::all_of(entries_.begin(), entries_.end(),
                    [](const Entry& e) { return e.status == Status::affected && e.changes.empty(); })) {
      out_.ranges.push_back(range({"0", Upper::open, {}}, Entry{}));
      out_.complete = entries_.empty();
      return;
    }
    complement();
  }

  void complement() {
    out_.complete = false;
    const bool known = std::all_of(entries_.begin(), entries_.end(), [](const Entry& e) {
      return e.readable && e.order == Order::semver && e.status == Status::unaffected && e.changes.empty() &&
             (e.interval.kind == Upper::exclusive || e.interval.kind == Upper::open);
    });
    if (!known) return;
    std::vector<Interval> holes;
    for (const Entry& entry : entries_) holes.push_back(entry.interval);
    std::stable_sort(holes.begin(), holes.end(),
                     [](const Interval& a, const Interval& b) { return before(a.lower, b.lower); });
    Entry as_semver;
    as_semver.order = Order::semver;
    std::string_view from = "0";
    bool open = true;
    for (const Interval& hole : holes) {
      if (!open) break;
      if (before(from, hole.lower))
        out_.ranges.push_back(range({from, Upper::exclusive, hole.lower}, as_semver));
      open = hole.kind != Upper::open;
      if (open && before(from, hole.upper)) from = hole.upper;
    }
    if (open) out_.ranges.push_back(range({from, Upper::open, {}}, as_semver));
  }

  Value event(std::string_view bound, std::string_view version) {
    return ObjectBuilder(arena_).add(bound, version).finish();
  }

  Value range(const Interval& interval, const Entry& entry) {
    std::vector<Value> events{event("introduced", interval.lower)};
    if (interval.kind == Upper::exclusive) events.push_back(event("fixed", interval.upper));
    if (interval.kind == Upper::inclusive) events.push_back(event("last_affected", interval.upper));
    if (interval.kind == Upper::none) events.push_back(event("last_affected", interval.lower));
    ObjectBuilder builder(arena_);
    builder.add("events", base::json::make_array(arena_, events));
    if (entry.order == Order::git) return builder.add("type", "GIT").add("repo", repo_).finish();
    if (entry.order == Order::semver) return builder.add("type", "SEMVER").finish();
    ObjectBuilder specific(arena_);
    specific.add_unless_empty("version_type", Value::string(entry.type));
    const bool everything = interval.lower == "0" && interval.kind == Upper::open;
    if (entry.order == Order::unknown && !everything) specific.add("order_unknown", Value::boolean(true));
    builder.add_unless_empty("database_specific", specific.finish());
    return builder.add("type", "ECOSYSTEM").finish();
  }

  base::Arena& arena_;
  bool has_package_;
  std::string_view repo_;
  Status default_;
  std::vector<Entry> entries_;
  // Of the entries before `looked_at_`, those that may say of a version that it is not affected. Entries are
  // asked about in ascending order.
  std::vector<std::size_t> deciding_;
  std::size_t looked_at_ = 0;
  std::size_t pairs_ = 0;
  CveVersions out_;
};

}  // namespace

CveVersions ranges_of(const Value& product, bool has_package, base::Arena& arena) {
  return ProductReader(product, has_package, arena).run();
}

}  // namespace parse
