#include "merge/severity.hpp"

#include <algorithm>
#include <string>

namespace merge {

namespace {

using advisory::Cvss;
using advisory::Severity;
using base::json::Value;

/// The metrics of a vector in one order, without those that say "not defined".
std::string vector_form(std::string_view vector) {
  std::vector<std::string_view> metrics;
  while (!vector.empty()) {
    const std::string_view metric = vector.substr(0, vector.find('/'));
    vector.remove_prefix(std::min(vector.size(), metric.size() + 1));
    const std::string_view value = metric.substr(std::min(metric.size(), metric.find(':') + 1));
    if (value != "X" && value != "ND") metrics.push_back(metric);
  }
  std::sort(metrics.begin(), metrics.end());
  std::string form;
  for (const std::string_view metric : metrics) form.append(metric).append("/");
  return form;
}

bool same(const Severity& a, const Severity& b) {
  return a.type == b.type && (a.score == b.score || vector_form(a.score) == vector_form(b.score));
}

/// One vector that somebody gives, and how it stands against others.
struct Candidate {
  const Severity* severity = nullptr;
  const Speaker* speaker = nullptr;
  Cvss cvss;
};

bool is_adp(const Severity& severity) {
  return severity.origin.substr(0, 4) == "adp:";
}

/// Whether `a`, which is found later than `b`, is preferred all the same.
bool beats(const Candidate& a, const Candidate& b) {
  if (a.cvss.version != b.cvss.version) return a.cvss.version > b.cvss.version;
  return a.speaker == b.speaker && is_adp(*b.severity) && !is_adp(*a.severity);
}

/// Every severity of a record: of the whole record first, then of its packages.
template <typename Visit>
void for_each_severity(const advisory::Advisory& record, Visit visit) {
  for (const Severity& severity : record.severity) visit(severity);
  for (const advisory::Affected& affected : record.affected)
    for (const Severity& severity : affected.severity) visit(severity);
}

std::vector<Candidate> candidates(Work& work) {
  std::vector<Candidate> out;
  for (const Speaker& speaker : work.givers())
    for_each_severity(*speaker.advisory, [&](const Severity& severity) {
      if (!out.empty() && out.back().severity->score == severity.score) return;  // each package the same
      if (const auto cvss = advisory::read_cvss(severity.score)) out.push_back({&severity, &speaker, *cvss});
    });
  return out;
}

advisory::Rating first_word(const Work& work) {
  advisory::Rating rating = advisory::Rating::unknown;
  for (const Speaker& speaker : work.givers())
    for_each_severity(*speaker.advisory, [&](const Severity& severity) {
      if (severity.type == "Ubuntu" && rating == advisory::Rating::unknown)
        rating = advisory::rating_of_ubuntu(severity.score);
    });
  return rating;
}

/// What is said of the whole vulnerability in one type, once per source, owner and vector.
std::vector<Candidate> vectors_of_type(const Work& work, std::string_view type) {
  std::vector<Candidate> out;
  for (const Speaker& speaker : work.givers()) {
    for (const Severity& severity : speaker.advisory->severity) {
      const bool known = std::any_of(out.begin(), out.end(), [&](const Candidate& other) {
        return *other.severity == severity && other.speaker->advisory->source == speaker.advisory->source;
      });
      if (severity.type != type || known) continue;
      if (const auto cvss = advisory::read_cvss(severity.score)) out.push_back({&severity, &speaker, *cvss});
    }
  }
  return out;
}

Value conflict_value(const Candidate& each, base::Arena& arena) {
  base::json::ObjectBuilder builder(arena);
  builder.add_unless_empty("origin", Value::string(each.severity->origin));
  builder.add("score", score_to_json(each.cvss.score_tenths, arena));
  return builder.add("source", each.speaker->key).add("vector", each.severity->score).finish();
}

}  // namespace

Preferred decide_preferred(Work& work) {
  const std::vector<Candidate> all = candidates(work);
  Preferred out;
  if (all.empty()) {
    out.rating = first_word(work);
    return out;
  }
  const Candidate* best = &all.front();
  for (const Candidate& each : all)
    if (&each != best && beats(each, *best)) best = &each;
  for (const Candidate& each : all)
    work.note("cvss", *each.speaker, Value::string(each.severity->score),
              &each == best                             ? Verdict::won
              : each.cvss.version != best->cvss.version ? Verdict::older_version
                                                        : Verdict::precedence);
  work.provenance.add("cvss", best->speaker->key);
  out.vector = best->severity->score;
  out.cvss = best->cvss;
  out.rating = best->cvss.rating;
  return out;
}

SeverityUnion unite_severities(Work& work) {
  SeverityUnion all;
  for (const Speaker& speaker : work.speakers()) {
    for (const Severity& severity : speaker.advisory->severity) {
      const bool known = std::any_of(all.entries.begin(), all.entries.end(),
                                     [&](const Severity& other) { return same(other, severity); });
      work.note("severity", speaker, Value::string(severity.score),
                known ? Verdict::repeated : Verdict::joined);
      if (known || !work.is_heard(speaker)) continue;
      all.entries.push_back(severity);
      all.from.push_back(speaker.key);
    }
  }
  return all;
}

void find_severity_conflicts(Work& work) {
  for (const std::string_view type : {"CVSS_V2", "CVSS_V3", "CVSS_V4"}) {
    const std::vector<Candidate> said = vectors_of_type(work, type);
    const bool differ = std::any_of(said.begin(), said.end(), [&](const Candidate& each) {
      return each.cvss.score_tenths != said.front().cvss.score_tenths;
    });
    if (!differ) continue;
    std::vector<Value> values;
    for (const Candidate& each : said) values.push_back(conflict_value(each, work.arena));
    work.conflicts.push_back(object_of(work.arena, {{"field", Value::string("severity")},
                                                    {"type", Value::string(type)},
                                                    {"values", base::json::make_array(work.arena, values)}}));
  }
}

Value to_json(const std::vector<Severity>& entries, base::Arena& arena) {
  std::vector<Value> values;
  values.reserve(entries.size());
  for (const Severity& each : entries)
    values.push_back(
        object_of(arena, {{"score", Value::string(each.score)}, {"type", Value::string(each.type)}}));
  return base::json::make_array(arena, values);
}

Value score_to_json(int tenths, base::Arena& arena) {
  const std::string text = std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
  return Value::number(arena.copy(text));
}

}  // namespace merge
