#include "parse/gitlab_affected.hpp"

#include <algorithm>
#include <vector>

#include "advisory/semver.hpp"
#include "parse/affected_range.hpp"
#include "parse/json_record.hpp"
#include "parse/normalize.hpp"
#include "parse/type_check.hpp"

namespace parse {

namespace {

using advisory::Affected;
using base::json::ObjectBuilder;
using base::json::Value;

constexpr std::string_view package_members[] = {"affected_range", "affected_versions", "fixed_versions",
                                                "not_impacted",   "package_slug",      "solution",
                                                "uuid",           "versions"};

struct PackageType {
  std::string_view slug;
  std::string_view ecosystem;
  bool semver;  // its package manager orders versions as SemVer does
};

constexpr PackageType package_types[] = {
    {"cargo", "crates.io", true}, {"conan", "ConanCenter", false},   {"gem", "RubyGems", false},
    {"go", "Go", true},           {"maven", "Maven", false},         {"npm", "npm", true},
    {"nuget", "NuGet", false},    {"packagist", "Packagist", false}, {"pub", "Pub", true},
    {"pypi", "PyPI", false},      {"swift", "SwiftURL", true},
};

class EntryBuilder {
 public:
  EntryBuilder(const Value& record, base::Arena& arena)
      : record_(record), arena_(arena), misfits_(arena), entry_(arena), specific_(arena) {}

  std::optional<Affected> run() {
    read_slug();
    const bool brackets = type_ == "maven" || type_ == "nuget";
    const auto intervals = read_affected_range(brackets ? RangeGrammar::brackets : RangeGrammar::comparators,
                                               member(record_, "affected_range").text());
    if (intervals && std::all_of(intervals->begin(), intervals->end(),
                                 [](const Interval& each) { return each.kind == Interval::Kind::nothing; }))
      return std::nullopt;
    package();
    if (intervals)
      ranges(*intervals);
    else
      specific_.add("unparsed", Value::boolean(true));
    fixed_versions();
    database_specific();
    out_.entry = entry_.finish();
    return std::move(out_);
  }

 private:
  void read_slug() {
    const std::string_view slug = member(record_, "package_slug").text();
    const auto slash = slug.find('/');
    type_ = slug.substr(0, slash);
    if (slash != std::string_view::npos) out_.name = slug.substr(slash + 1);
    out_.ecosystem = type_;
    for (const PackageType& each : package_types) {
      if (each.slug != type_) continue;
      out_.ecosystem = each.ecosystem;
      ecosystem_is_known_ = true;
      semver_ = each.semver;
    }
  }

  void package() {
    if (!ecosystem_is_known_ || out_.name.empty()) {
      misfits_.add("package_slug", member(record_, "package_slug"));
      return;
    }
    if (type_ == "maven") out_.name = maven_name(out_.name);
    entry_.add("package",
               ObjectBuilder(arena_).add("ecosystem", out_.ecosystem).add("name", out_.name).finish());
  }

  std::string_view maven_name(std::string_view name) {
    std::string text(name);
    const auto slash = text.find('/');
    if (slash == std::string::npos) return name;
    text[slash] = ':';
    return arena_.copy(text);
  }

  // The version without the "v" that Go writes in front of it.
  std::string_view bare(std::string_view version) const {
    if (type_ == "go" && version.starts_with('v')) version.remove_prefix(1);
    return version;
  }

  bool is_semver(std::string_view version) const { return advisory::is_semver(bare(version)); }

  // "0" is no SemVer, but as a lower bound OSV's own way to say "from the start".
  bool is_semver(const Interval& interval) const {
    const bool lower = interval.lower.empty() || is_semver(interval.lower) ||
                       (interval.kind == Interval::Kind::bounded && is_zero(interval.lower));
    return lower && (interval.upper.empty() || is_semver(interval.upper));
  }

  std::string_view written(std::string_view version) const { return semver_ ? bare(version) : version; }

  void ranges(const std::vector<Interval>& intervals) {
    semver_ = semver_ && std::all_of(intervals.begin(), intervals.end(),
                                     [this](const Interval& each) { return is_semver(each); });
    std::vector<Value> list;
    std::vector<std::string_view> versions;
    for (const Interval& each : intervals) {
      if (each.kind == Interval::Kind::bounded) list.push_back(range(each));
      if (each.kind == Interval::Kind::exact) versions.push_back(written(each.lower));
    }
    remove_repeats(versions);
    entry_.add_unless_empty("ranges", base::json::make_array(arena_, list));
    entry_.add_unless_empty("versions", base::json::make_array(arena_, versions));
  }

  Value range(const Interval& interval) {
    std::vector<Value> events;
    const bool from_the_start = interval.lower.empty() || is_zero(interval.lower);
    events.push_back(event("introduced", from_the_start ? "0" : written(interval.lower)));
    if (!interval.upper.empty())
      events.push_back(event(interval.upper_inclusive ? "last_affected" : "fixed", written(interval.upper)));
    ObjectBuilder specific(arena_);
    specific.add("affected_range", interval.text);
    if (!interval.lower_inclusive) specific.add("exclusive", Value::boolean(true));
    ObjectBuilder out(arena_);
    out.add("type", semver_ ? "SEMVER" : "ECOSYSTEM").add("events", base::json::make_array(arena_, events));
    return out.add("database_specific", specific.finish()).finish();
  }

  Value event(std::string_view bound, std::string_view version) {
    return ObjectBuilder(arena_).add(bound, version).finish();
  }

  // As the ranges write them, so that a `fixed` event and the list agree.
  void fixed_versions() {
    for (const Value& each : member(record_, "fixed_versions").items()) {
      const std::string_view version = each.text();
      if (!version.empty()) out_.fixed_versions.push_back(is_semver(version) ? written(version) : version);
    }
    remove_repeats(out_.fixed_versions);
  }

  void database_specific() {
    for (const std::string_view key : package_members) specific_.add_unless_empty(key, member(record_, key));
    if (!misfits_.empty()) {
      ObjectBuilder ours(arena_);
      specific_.add("vuln_datasync", ours.add("invalid", misfits_.to_json()).finish());
    }
    entry_.add("database_specific", specific_.finish());
  }

  const Value& record_;
  base::Arena& arena_;
  Misfits misfits_;
  ObjectBuilder entry_;
  ObjectBuilder specific_;
  std::string_view type_;
  bool ecosystem_is_known_ = false;
  bool semver_ = false;
  Affected out_;
};

}  // namespace

std::span<const std::string_view> gitlab_package_members() {
  return package_members;
}

std::optional<Affected> gitlab_affected(const Value& record, base::Arena& arena) {
  return EntryBuilder(record, arena).run();
}

}  // namespace parse
