#include "merge/explain.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "merge/document.hpp"

namespace merge {

namespace {

using base::json::ObjectBuilder;
using base::json::Value;

struct Rule {
  std::string_view field;
  std::string_view rule;
};

constexpr std::string_view affected_rule =
    "per package all entries of the record that is heard first (of GitLab: of all its records), never a "
    "blend";

constexpr Rule rules[] = {
    {"summary", "the first in order of precedence; one cut from a description loses to a real one"},
    {"details", "the first in order of precedence"},
    {"kev_added", "the first in order of precedence"},
    {"published", "the earliest plausible time"},
    {"modified", "the latest plausible time"},
    {"withdrawn", "only when every record is retracted; then the latest of their times"},
    {"cvss", "CVSS v4.0 before v3.1, v3.0 and v2; then precedence; then CNA before ADP"},
    {"severity", "union by type and vector"},
    {"references", "union by URL; a type that says more than WEB wins"},
    {"credits", "union by name and type"},
    {"cwe_ids", "union; CWE-1035 and CWE-937 last"},
    {"related", "union, without the vulnerability's own ids"},
    {"upstream", "union, without the vulnerability's own ids"},
};

std::string_view rule_of(std::string_view field) {
  for (const Rule& rule : rules)
    if (rule.field == field) return rule.rule;
  return affected_rule;
}

std::string_view why(Verdict verdict) {
  switch (verdict) {
    case Verdict::won:
    case Verdict::joined:
      return "";
    case Verdict::repeated:
      return "there already";
    case Verdict::own_id:
      return "an id of the vulnerability itself";
    case Verdict::retracted:
      return "the record is retracted";
    case Verdict::precedence:
      return "another record is heard first";
    case Verdict::derived:
      return "cut from a description, and another record has a real one";
    case Verdict::implausible:
      return "not between 1990 and 2100";
    case Verdict::not_latest:
      return "another record has a later one";
    case Verdict::not_earliest:
      return "another record has an earlier one";
    case Verdict::older_version:
      return "another vector is of a newer CVSS version";
  }
  return "";
}

/// What one record said of one field, with one verdict.
struct Statement {
  std::string_view from;
  Verdict verdict = Verdict::won;
  std::vector<Value> values;
};

struct Field {
  std::string_view name;
  std::vector<Statement> statements;
};

/// The opinions by field and by record, in the order in which they were noted.
std::vector<Field> by_field(const Trace& trace) {
  std::vector<Field> fields;
  std::map<std::string_view, std::size_t> places;
  for (const Opinion& opinion : trace) {
    const auto [place, is_new] = places.emplace(opinion.field, fields.size());
    if (is_new) fields.push_back({opinion.field, {}});
    auto& statements = fields[place->second].statements;
    const auto same = std::find_if(statements.begin(), statements.end(), [&](const Statement& s) {
      return s.from == opinion.from && s.verdict == opinion.verdict;
    });
    if (same != statements.end())
      same->values.push_back(opinion.value);
    else
      statements.push_back({opinion.from, opinion.verdict, {opinion.value}});
  }
  return fields;
}

/// The value a field has in the document, or what packages and scalars of ours have won with.
Value value_of(const Field& field, const Value& document) {
  if (const Value* at_top = document.find(field.name)) return *at_top;
  const Value& ours = *document.find("database_specific")->find("vuln_datasync");
  if (const Value* in_ours = ours.find(field.name)) return *in_ours;
  return {};
}

Value field_to_json(const Field& field, const Value& document, base::Arena& arena) {
  std::vector<Value> won;
  std::vector<Value> lost;
  for (const Statement& each : field.statements) {
    const Value value = each.values.size() == 1 && each.verdict != Verdict::joined
                            ? each.values.front()
                            : base::json::make_array(arena, each.values);
    ObjectBuilder builder(arena);
    builder.add("from", each.from).add("value", value);
    if (why(each.verdict).empty())
      won.push_back(builder.finish());
    else
      lost.push_back(builder.add("why", why(each.verdict)).finish());
  }
  ObjectBuilder builder(arena);
  builder.add("field", field.name).add("rule", rule_of(field.name));
  builder.add_unless_empty("value", value_of(field, document));
  builder.add_unless_empty("won", base::json::make_array(arena, won));
  return builder.add_unless_empty("lost", base::json::make_array(arena, lost)).finish();
}

Value source_to_json(const Speaker& speaker, base::Arena& arena) {
  const advisory::Advisory& record = *speaker.advisory;
  ObjectBuilder builder(arena);
  builder.add("from", speaker.key).add("own_id", record.own_id);
  if (record.modified) builder.add("modified", arena.copy(advisory::format_instant(*record.modified)));
  if (record.retracted) builder.add("retracted", Value::boolean(true));
  if (speaker.stale) builder.add("stale", Value::boolean(true));
  return builder.finish();
}

/// Why the claim of `id` by a record of the group was not followed, if it was not.
const resolve::Unfollowed* unfollowed(const Work& work, const advisory::Advisory& record,
                                      std::string_view id) {
  for (const resolve::Unfollowed& each : work.group.unfollowed) {
    const resolve::Record& claimant = work.resolved[each.record];
    if (each.id == id && claimant.source == record.source && claimant.record_id == record.record_id)
      return &each;
  }
  return nullptr;
}

Value links_to_json(const Work& work) {
  std::vector<Value> links;
  for (const Speaker& speaker : work.order.all) {
    for (const std::string_view id : speaker.advisory->claims) {
      if (id == speaker.advisory->own_id) continue;
      const resolve::Unfollowed* stopped = unfollowed(work, *speaker.advisory, id);
      ObjectBuilder builder(work.arena);
      builder.add("followed", Value::boolean(stopped == nullptr)).add("from", speaker.key).add("id", id);
      if (stopped != nullptr) builder.add("reason", resolve::to_string(stopped->reason));
      links.push_back(builder.finish());
    }
  }
  return base::json::make_array(work.arena, links);
}

}  // namespace

Value explain(const resolve::Group& group, std::span<const Contributor> contributors,
              std::span<const resolve::Record> resolved, base::Arena& arena) {
  Trace trace;
  Work work(group, contributors, resolved, arena, &trace);
  const advisory::Vulnerability merged = assemble(work);

  std::vector<Value> sources;
  for (const Speaker& speaker : work.order.all) sources.push_back(source_to_json(speaker, arena));
  std::vector<Value> fields;
  for (const Field& field : by_field(trace)) fields.push_back(field_to_json(field, merged.document, arena));
  ObjectBuilder builder(arena);
  builder.add("id", group.id);
  builder.add_unless_empty("aliases", base::json::make_array(arena, merged.aliases));
  builder.add_unless_empty("conflicts", base::json::make_array(arena, work.conflicts));
  builder.add("fields", base::json::make_array(arena, fields));
  builder.add_unless_empty("links", links_to_json(work));
  return builder.add("sources", base::json::make_array(arena, sources)).finish();
}

}  // namespace merge
