#include "merge/document.hpp"

#include <algorithm>
#include <string>

#include "merge/affected.hpp"
#include "merge/links.hpp"
#include "merge/lists.hpp"
#include "merge/scalars.hpp"
#include "merge/severity.hpp"

namespace merge {

namespace {

using advisory::Advisory;
using advisory::Instant;
using advisory::Vulnerability;
using base::json::ObjectBuilder;
using base::json::Value;

/// Everything that is decided and not yet in its place.
struct Decisions {
  Scalars scalars;
  Preferred preferred;
  SeverityUnion severity;
  std::vector<std::string_view> cwe_ids;
  AffectedDocument affected;
};

Value time_to_json(Instant instant, base::Arena& arena) {
  return Value::string(arena.copy(advisory::format_instant(instant)));
}

Value source_to_json(const Speaker& speaker, base::Arena& arena) {
  const Advisory& record = *speaker.advisory;
  ObjectBuilder builder(arena);
  builder.add("content_sha256", arena.copy(base::to_hex(record.content_sha256)));
  builder.add("id", record.record_id);
  if (!record.dirty_ids.empty()) builder.add("invalid_ids", base::json::make_array(arena, record.dirty_ids));
  builder.add_unless_empty("license", Value::string(record.license));
  if (record.modified) builder.add("modified", time_to_json(*record.modified, arena));
  if (record.own_id != record.record_id) builder.add("own_id", record.own_id);
  if (record.retracted) builder.add("retracted", Value::boolean(true));
  builder.add("source", advisory::to_string(record.source));
  if (speaker.stale) builder.add("stale", Value::boolean(true));
  return builder.finish();
}

Value sources_to_json(const Work& work) {
  std::vector<Value> values;
  for (const Speaker& speaker : work.order.all) values.push_back(source_to_json(speaker, work.arena));
  return base::json::make_array(work.arena, values);
}

Value cvss_to_json(const Preferred& preferred, base::Arena& arena) {
  if (preferred.vector.empty()) return {};
  return object_of(arena, {{"rating", Value::string(advisory::to_string(preferred.rating))},
                           {"score", score_to_json(preferred.cvss.score_tenths, arena)},
                           {"vector", Value::string(preferred.vector)},
                           {"version", Value::string(advisory::to_string(preferred.cvss.version))}});
}

/// Which of the united severities an ADP container gives, by their place in the list: {"severity[1]":
/// "adp:…"}.
Value origins_to_json(const SeverityUnion& severity, base::Arena& arena) {
  Provenance origins(arena);
  for (std::size_t i = 0; i < severity.entries.size(); ++i)
    if (severity.entries[i].origin.substr(0, 4) == "adp:")
      origins.add(origins.run("severity", i, i), severity.entries[i].origin);
  return origins.finish();
}

/// What is said of the whole vulnerability, where every package has a word of its own and the schema so
/// leaves no place for it.
Value unplaced_severity(const Decisions& decided, base::Arena& arena) {
  if (!decided.affected.has_severity || decided.affected.took_top) return {};
  std::vector<Value> values;
  for (std::size_t i = 0; i < decided.severity.entries.size(); ++i) {
    const advisory::Severity& each = decided.severity.entries[i];
    values.push_back(object_of(arena, {{"score", Value::string(each.score)},
                                       {"source", Value::string(decided.severity.from[i])},
                                       {"type", Value::string(each.type)}}));
  }
  return base::json::make_array(arena, values);
}

Value our_members(Work& work, const Decisions& decided) {
  base::Arena& arena = work.arena;
  const auto givers = work.givers();
  ObjectBuilder builder(arena);
  builder.add_unless_empty("conflicts", base::json::make_array(arena, work.conflicts));
  builder.add_unless_empty("cvss", cvss_to_json(decided.preferred, arena));
  builder.add_unless_empty("cwe_ids", base::json::make_array(arena, decided.cwe_ids));
  builder.add_unless_empty("kev_added", Value::string(decided.scalars.kev_added));
  builder.add_unless_empty("origins", origins_to_json(decided.severity, arena));
  builder.add_unless_empty("provenance", work.provenance.finish());
  if (std::any_of(givers.begin(), givers.end(), [](const Speaker& s) { return s.advisory->sanitized; }))
    builder.add("sanitized", Value::boolean(true));
  builder.add_unless_empty("severity", unplaced_severity(decided, arena));
  return builder.add("sources", sources_to_json(work)).finish();
}

/// What no field holds, verbatim, per source and record; and what is ours.
Value database_specific(Work& work, const Decisions& decided) {
  ObjectBuilder all(work.arena);
  for (const advisory::Source source : advisory::all_sources) {
    ObjectBuilder records(work.arena);
    for (const Speaker& speaker : work.givers())
      if (speaker.advisory->source == source)
        records.add_unless_empty(speaker.advisory->record_id, speaker.advisory->rest);
    all.add_unless_empty(advisory::to_string(source), records.finish());
  }
  return all.add("vuln_datasync", our_members(work, decided)).finish();
}

void fill_columns(Work& work, const Decisions& decided, Vulnerability& out) {
  const auto& all = work.order.all;
  for (const advisory::Source source : advisory::all_sources)
    if (std::any_of(all.begin(), all.end(), [&](const Speaker& s) { return s.advisory->source == source; }))
      out.sources.push_back(source);
  out.id = work.group.id;
  out.summary = decided.scalars.summary;
  out.details = decided.scalars.details;
  out.severity = decided.preferred.rating;
  if (!decided.preferred.vector.empty()) out.cvss_score_tenths = decided.preferred.cvss.score_tenths;
  out.cvss_vector = decided.preferred.vector;
  out.cwe_ids = decided.cwe_ids;
  out.kev_added = decided.scalars.kev_added;
  out.published = decided.scalars.published;
  out.modified = decided.scalars.modified;
  out.withdrawn = decided.scalars.withdrawn;
}

}  // namespace

Value with_member(const Value& object, std::string_view key, const Value& value, base::Arena& arena) {
  const auto members = object.members();
  std::vector<base::json::Member> all;
  all.reserve(members.size() + 1);
  all.assign(members.begin(), members.end());
  const auto at = std::lower_bound(all.begin(), all.end(), key,
                                   [](const base::json::Member& m, std::string_view k) { return m.key < k; });
  if (at != all.end() && at->key == key)
    at->value = value;
  else
    all.insert(at, {key, value});
  return Value::object(arena.copy(std::span<const base::json::Member>(all)));
}

Vulnerability assemble(Work& work) {
  base::Arena& arena = work.arena;
  Vulnerability out;
  Decisions decided;
  ObjectBuilder document(arena);
  document.add("id", work.group.id).add("schema_version", schema_version);

  decided.scalars = decide_scalars(work);
  document.add_unless_empty("summary", Value::string(decided.scalars.summary));
  document.add_unless_empty("details", Value::string(decided.scalars.details));
  document.add("modified", time_to_json(decided.scalars.modified, arena));
  if (decided.scalars.published) document.add("published", time_to_json(*decided.scalars.published, arena));
  if (decided.scalars.withdrawn) document.add("withdrawn", time_to_json(*decided.scalars.withdrawn, arena));

  out.aliases = decide_aliases(work);
  document.add_unless_empty("aliases", base::json::make_array(arena, out.aliases));
  document.add_unless_empty("related", base::json::make_array(arena, decide_related(work)));
  document.add_unless_empty("upstream", base::json::make_array(arena, decide_upstream(work)));

  decided.preferred = decide_preferred(work);
  decided.severity = unite_severities(work);
  const std::vector<AffectedEntry> entries = decide_affected(work);
  decided.affected = write_affected(work, entries, decided.severity);
  document.add_unless_empty("affected", decided.affected.list);
  if (!decided.affected.has_severity) {
    document.add_unless_empty("severity", to_json(decided.severity.entries, arena));
    work.provenance.add_list("severity", decided.severity.from);
  }
  document.add_unless_empty("references", decide_references(work));
  document.add_unless_empty("credits", decide_credits(work));
  decided.cwe_ids = decide_cwe_ids(work);

  find_severity_conflicts(work);
  find_link_conflicts(work);
  fill_columns(work, decided, out);
  document.add("database_specific", database_specific(work, decided));
  out.document = document.finish();
  out.packages = package_rows(entries, decided.affected.list, arena);
  return out;
}

}  // namespace merge
