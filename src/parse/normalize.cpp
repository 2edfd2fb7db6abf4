#include "parse/normalize.hpp"

#include <algorithm>

#include "advisory/cvss.hpp"
#include "advisory/osv_schema.hpp"
#include "parse/json_record.hpp"
#include "parse/normalize_ranges.hpp"
#include "parse/type_check.hpp"
#include "parse/uri.hpp"

namespace parse {

namespace {

using advisory::Affected;
using advisory::Severity;
using base::json::Member;
using base::json::ObjectBuilder;
using base::json::Value;

constexpr std::string_view severity_members[] = {"score", "type"};

bool is_valid_severity(std::string_view type, std::string_view score) {
  if (type == "Ubuntu") return advisory::is_ubuntu_severity(score);
  const auto cvss = advisory::read_cvss(score);
  return cvss && advisory::severity_type(cvss->version) == type;
}

// One entry of `affected`: members that need no change are taken as they are.
class EntryNormalizer {
 public:
  EntryNormalizer(const Value& entry, base::Arena& arena)
      : entry_(entry), arena_(arena), misfits_(arena), builder_(arena) {}

  Affected run() {
    for (const Member& each : entry_.members()) {
      if (each.value.is_empty()) continue;
      if (each.key == "database_specific")
        database_specific_ = each.value;
      else if (each.key == "package")
        package(each.value);
      else if (each.key == "ranges")
        ranges(each.value);
      else if (each.key == "severity")
        severity(each.value);
      else if (each.key == "ecosystem_specific" || each.key == "versions")
        builder_.add(each.key, each.value);
      else
        misfits_.add(each.key, each.value);
    }
    builder_.add_unless_empty("database_specific", database_specific());
    out_.entry = builder_.finish();
    return std::move(out_);
  }

 private:
  void package(const Value& value) {
    out_.ecosystem = member(value, "ecosystem").text();
    out_.name = member(value, "name").text();
    out_.purl = member(value, "purl").text();
    if (out_.name.empty() || !advisory::is_known_ecosystem(out_.ecosystem)) {
      misfits_.add("package", value);
      return;
    }
    const auto members = value.members();
    const auto is_known = [](const Member& m) {
      return m.key == "ecosystem" || m.key == "name" || m.key == "purl";
    };
    if (std::all_of(members.begin(), members.end(),
                    [&](const Member& m) { return is_known(m) && !m.value.is_empty(); })) {
      builder_.add("package", value);
      return;
    }
    ObjectBuilder package(arena_);
    bool complete = true;
    for (const Member& each : members) {
      if (is_known(each)) package.add_unless_empty(each.key, each.value);
      complete &= is_known(each) || each.value.is_empty();
    }
    if (!complete) misfits_.add("package", value);
    builder_.add("package", package.finish());
  }

  void ranges(const Value& value) {
    NormalizedRanges result = normalize_ranges(value, arena_);
    for (const Value& each : result.misfits) misfits_.add("ranges", each);
    out_.fixed_versions = std::move(result.fixed_versions);
    builder_.add_unless_empty("ranges", result.ranges);
  }

  void severity(const Value& value) {
    out_.severity = normalize_severity(value.items(), misfits_);
    severity_extras_ = with_other_members(value.items(), severity_members, arena_);
  }

  Value database_specific() {
    const Value theirs = member(database_specific_, "vuln_datasync");
    if (misfits_.empty() && severity_extras_.is_empty() && theirs.is_empty()) return database_specific_;
    if (!theirs.is_empty()) {
      ObjectBuilder verbatim(arena_);
      misfits_.add("database_specific", verbatim.add("vuln_datasync", theirs).finish());
    }
    ObjectBuilder ours(arena_);
    if (!misfits_.empty()) ours.add("invalid", misfits_.to_json());
    ours.add_unless_empty("severity", severity_extras_);
    ObjectBuilder all(arena_);
    for (const Member& each : database_specific_.members()) all.add(each.key, each.value);
    return all.add("vuln_datasync", ours.finish()).finish();
  }

  const Value& entry_;
  base::Arena& arena_;
  Misfits misfits_;
  ObjectBuilder builder_;
  Value database_specific_;
  Value severity_extras_;
  Affected out_;
};

}  // namespace

void Misfits::add(std::string_view member, const Value& verbatim) {
  found_.push_back({member, verbatim});
}

void Misfits::put_into(ObjectBuilder& rest) const {
  if (found_.empty()) return;
  ObjectBuilder ours(arena_);
  rest.add("vuln_datasync", ours.add("invalid", to_json()).finish());
}

Value Misfits::to_json() const {
  std::vector<std::string_view> keys;
  for (const Member& each : found_) keys.push_back(each.key);
  remove_repeats(keys);
  ObjectBuilder builder(arena_);
  for (const std::string_view key : keys) {
    std::vector<Value> values;
    for (const Member& each : found_)
      if (each.key == key) values.push_back(each.value);
    builder.add(key, base::json::make_array(arena_, values));
  }
  return builder.finish();
}

Affected normalize_affected(const Value& entry, base::Arena& arena) {
  return EntryNormalizer(entry, arena).run();
}

std::vector<Severity> normalize_severity(std::span<const Value> list, Misfits& misfits) {
  std::vector<Severity> out;
  for (const Value& each : list) {
    const Severity severity{member(each, "type").text(), member(each, "score").text(), {}};
    if (!is_valid_severity(severity.type, severity.score))
      misfits.add("severity", each);
    else
      out.push_back(severity);
  }
  return out;
}

std::vector<advisory::Reference> normalize_references(std::span<const Value> list, Misfits& misfits,
                                                      base::Arena& arena) {
  std::vector<advisory::Reference> out;
  out.reserve(list.size());
  for (const Value& each : list) {
    const std::string_view type = member(each, "type").text();
    const std::string_view url = member(each, "url").text();
    const std::string_view uri = as_uri(url, arena);
    const bool known = advisory::is_reference_type(type);
    if (!known || uri.empty() || uri != url) misfits.add("references", each);
    if (!uri.empty()) out.push_back({known ? type : "WEB", uri});
  }
  return out;
}

std::vector<advisory::Credit> normalize_credits(std::span<const Value> list, Misfits& misfits) {
  std::vector<advisory::Credit> out;
  out.reserve(list.size());
  for (const Value& each : list) {
    const std::string_view type = member(each, "type").text();
    const std::string_view name = member(each, "name").text();
    const bool known = type.empty() || advisory::is_credit_type(type);
    if (!known || name.empty()) misfits.add("credits", each);
    const Value contact = member(each, "contact");
    if (!name.empty())
      out.push_back({name, known ? type : std::string_view(), contact.is_empty() ? Value() : contact});
  }
  return out;
}

void put_others(const Value& record, std::span<const std::string_view> typed, ObjectBuilder& rest,
                Misfits& misfits) {
  for (const Member& each : record.members()) {
    if (std::binary_search(typed.begin(), typed.end(), each.key)) continue;
    if (each.key == "vuln_datasync")
      misfits.add("vuln_datasync", each.value);
    else
      rest.add_unless_empty(each.key, each.value);
  }
}

Value with_other_members(std::span<const Value> list, std::span<const std::string_view> known,
                         base::Arena& arena) {
  std::vector<Value> out;
  for (const Value& each : list) {
    const auto members = each.members();
    const bool all_known = std::all_of(members.begin(), members.end(), [&](const Member& m) {
      return std::find(known.begin(), known.end(), m.key) != known.end() || m.value.is_empty();
    });
    if (!all_known) out.push_back(each);
  }
  return out.empty() ? Value() : base::json::make_array(arena, out);
}

}  // namespace parse
