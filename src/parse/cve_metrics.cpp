#include "parse/cve_metrics.hpp"

#include <vector>

#include "advisory/cvss.hpp"
#include "advisory/timestamp.hpp"
#include "parse/cve_cvss.hpp"
#include "parse/type_check.hpp"

namespace parse {

namespace {

using base::json::Member;
using base::json::ObjectBuilder;
using base::json::Value;

bool is_cvss(std::string_view key) {
  return key == "cvssV2_0" || key == "cvssV3_0" || key == "cvssV3_1" || key == "cvssV4_0";
}

// What every metric says that says nothing of its own.
bool is_boilerplate(const Member& each) {
  if (each.key == "format") return each.value.text() == "CVSS";
  if (each.key != "scenarios" || each.value.items().size() != 1) return false;
  const Value& only = each.value.items()[0];
  return member(only, "lang").text() == "en" && member(only, "value").text() == "GENERAL" &&
         only.members().size() == 2;
}

class MetricsReader {
 public:
  MetricsReader(std::string_view origin, base::Arena& arena, advisory::Advisory& advisory)
      : origin_(origin), arena_(arena), advisory_(advisory) {}

  // The metric without what its vectors and the boilerplate say.
  Value vectors(const Value& metric) {
    ObjectBuilder rest(arena_);
    bool only_boilerplate = true;
    for (const Member& each : metric.members()) {
      const Value left = is_cvss(each.key) ? vector(each.value) : each.value;
      if (!is_boilerplate(each)) only_boilerplate &= left.is_empty();
      rest.add_unless_empty(each.key, left);
    }
    const Value all = rest.finish();
    return only_boilerplate ? Value() : all;
  }

 private:
  Value vector(const Value& cvss) {
    const std::string_view text = member(cvss, "vectorString").text();
    const auto read = advisory::read_cvss(text);
    if (!read) return cvss;
    advisory_.severity.push_back({severity_type(read->version), text, origin_});
    return without_what_the_vector_says(cvss, *read, arena_);
  }

  std::string_view origin_;
  base::Arena& arena_;
  advisory::Advisory& advisory_;
};

// CISA's SSVC decision: options are a list of objects with one member each, and the id repeats the record's.
// Null when it has another shape, or when two members would get one name.
Value flattened_ssvc(const Value& content, std::string_view own_id, base::Arena& arena) {
  ObjectBuilder out(arena);
  std::size_t added = 0;
  for (const Value& option : member(content, "options").items()) {
    if (option.members().size() != 1) return {};
    out.add(option.members()[0].key, option.members()[0].value);
    ++added;
  }
  if (added == 0) return {};
  for (const Member& each : content.members()) {
    if (each.key == "options" || each.value.is_empty() || (each.key == "id" && each.value.text() == own_id))
      continue;
    out.add(each.key, each.value);
    ++added;
  }
  const Value flat = out.finish();
  return flat.members().size() == added ? flat : Value();
}

bool is_date(std::string_view text) {
  return text.size() == 10 && advisory::parse_instant(text).has_value();
}

Value without(const Value& object, std::string_view key, base::Arena& arena) {
  ObjectBuilder out(arena);
  for (const Member& each : object.members())
    if (each.key != key) out.add_unless_empty(each.key, each.value);
  return out.empty() ? Value() : out.finish();
}

}  // namespace

Value read_metrics(std::span<const Value> metrics, std::string_view origin, bool is_cisa, base::Arena& arena,
                   advisory::Advisory& advisory, Value& ssvc, Value& kev) {
  MetricsReader reader(origin, arena, advisory);
  std::vector<Value> rest;
  for (const Value& metric : metrics) {
    const Value other = member(metric, "other");
    const Value content = member(other, "content");
    const bool from_cisa = is_cisa && metric.members().size() == 1 && other.members().size() == 2;
    const std::string_view type = from_cisa ? member(other, "type").text() : std::string_view();
    if (type == "ssvc" && ssvc.is_null()) {
      ssvc = flattened_ssvc(content, advisory.own_id, arena);
      if (!ssvc.is_null()) continue;
    }
    const std::string_view added = member(content, "dateAdded").text();
    if (type == "kev" && advisory.kev_added.empty() && is_date(added)) {
      advisory.kev_added = added;
      kev = without(content, "dateAdded", arena);
      continue;
    }
    const Value left = reader.vectors(metric);
    if (!left.is_empty()) rest.push_back(left);
  }
  return rest.empty() ? Value() : base::json::make_array(arena, rest);
}

}  // namespace parse
