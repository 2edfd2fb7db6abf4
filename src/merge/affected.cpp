#include "merge/affected.hpp"

#include <algorithm>
#include <string>
#include <tuple>

#include "advisory/package.hpp"
#include "advisory/purl.hpp"
#include "merge/lists.hpp"
#include "merge/ranges.hpp"

namespace merge {

namespace {

using advisory::Affected;
using advisory::Source;
using base::json::Value;

/// One entry with the key of what it is about.
struct Keyed {
  std::string_view ecosystem;
  std::string_view name;  // normalised; of an entry without a package its repositories
  std::uint32_t speaker = 0;
  std::uint32_t entry = 0;

  bool same_package(const Keyed& other) const { return ecosystem == other.ecosystem && name == other.name; }
  friend bool operator<(const Keyed& a, const Keyed& b) {
    return std::tie(a.ecosystem, a.name, a.speaker, a.entry) <
           std::tie(b.ecosystem, b.name, b.speaker, b.entry);
  }
};

/// The repositories of an entry's GIT ranges, in a form that can be compared; empty when there are none.
std::string_view repositories_of(const Affected& affected, base::Arena& arena) {
  const Value* ranges = affected.entry.find("ranges");
  if (ranges == nullptr) return {};
  std::vector<std::string> forms;
  for (const Value& range : ranges->items()) {
    const Value* repository = range.find("repo");
    if (repository == nullptr) continue;
    std::string form = url_form(repository->text());
    constexpr std::string_view suffix = ".git";
    if (form.size() > suffix.size() && form.compare(form.size() - suffix.size(), suffix.size(), suffix) == 0)
      form.resize(form.size() - suffix.size());
    forms.push_back(std::move(form));
  }
  std::sort(forms.begin(), forms.end());
  forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
  std::string all;
  for (const std::string& form : forms) all += form + ' ';
  return arena.copy(all);
}

class AffectedDecision {
 public:
  explicit AffectedDecision(Work& work) : work_(work) {}

  std::vector<AffectedEntry> run() {
    collect_keys();
    won_.assign(keyed_.size(), true);
    if (speakers_ > 1) compare();
    return entries_in_order();
  }

 private:
  void collect_keys() {
    const auto givers = work_.givers();
    for (std::uint32_t s = 0; s < givers.size(); ++s) {
      const auto& affected = givers[s].advisory->affected;
      if (!affected.empty()) ++speakers_;
      for (std::uint32_t e = 0; e < affected.size(); ++e) keyed_.push_back({{}, {}, s, e});
    }
    if (speakers_ < 2) return;  // nobody to compare with
    for (Keyed& each : keyed_) {
      const Affected& affected = affected_of(each);
      each.ecosystem = affected.name.empty() ? std::string_view() : affected.ecosystem;
      each.name = affected.name.empty()
                      ? repositories_of(affected, work_.arena)
                      : advisory::normalized_name(affected.ecosystem, affected.name, work_.arena);
    }
  }

  const Affected& affected_of(const Keyed& each) const {
    return work_.givers()[each.speaker].advisory->affected[each.entry];
  }

  void compare() {
    std::sort(keyed_.begin(), keyed_.end());
    std::size_t first = 0;
    while (first < keyed_.size()) {
      std::size_t end = first + 1;
      while (end < keyed_.size() && keyed_[end].same_package(keyed_[first])) ++end;
      if (!keyed_[first].name.empty() && keyed_[end - 1].speaker != keyed_[first].speaker)
        compare_package(first, end);
      first = end;
    }
  }

  std::vector<PackageVoice> voices(std::size_t first, std::size_t end) const {
    std::vector<PackageVoice> out;
    for (std::size_t i = first; i < end; ++i) {
      const Speaker* speaker = &work_.givers()[keyed_[i].speaker];
      if (out.empty() || out.back().speaker != speaker) out.push_back({speaker, {}});
      out.back().entries.push_back(&affected_of(keyed_[i]));
    }
    return out;
  }

  void compare_package(std::size_t first, std::size_t end) {
    std::vector<PackageVoice> all = voices(first, end);
    const std::string_view base = advisory::ecosystem_base(keyed_[first].ecosystem);
    const Speaker& best = *std::min_element(all.begin(), all.end(), [&](const auto& a, const auto& b) {
                             return speaks_first(*a.speaker, *b.speaker, base);
                           })->speaker;
    const auto wins = [&](const Speaker& speaker) {
      return &speaker == &best ||
             (best.advisory->source == Source::gitlab && speaker.advisory->source == Source::gitlab);
    };
    for (std::size_t i = first; i < end; ++i) won_[i] = wins(work_.givers()[keyed_[i].speaker]);
    const auto losers = std::stable_partition(all.begin(), all.end(),
                                              [&](const PackageVoice& v) { return wins(*v.speaker); });
    const auto winning = static_cast<std::size_t>(losers - all.begin());
    if (winning < all.size())
      find_range_conflict(work_, std::span(all).first(winning), std::span(all).subspan(winning));
  }

  std::vector<AffectedEntry> entries_in_order() {
    std::vector<Keyed> winners;
    for (std::size_t i = 0; i < keyed_.size(); ++i) {
      if (won_[i]) winners.push_back(keyed_[i]);
      if (work_.trace != nullptr) note(keyed_[i], won_[i] ? Verdict::won : Verdict::precedence);
    }
    std::sort(winners.begin(), winners.end(), [](const Keyed& a, const Keyed& b) {
      return std::tie(a.speaker, a.entry) < std::tie(b.speaker, b.entry);
    });
    std::vector<AffectedEntry> out;
    out.reserve(winners.size());
    for (const Keyed& each : winners) out.push_back({&work_.givers()[each.speaker], &affected_of(each)});
    if (work_.trace != nullptr) note_unheard();
    return out;
  }

  std::string_view label(const Affected& affected) const {
    std::string text = "affected";
    if (!affected.name.empty()) text.append(" ").append(affected.ecosystem).append(" ").append(affected.name);
    return work_.arena.copy(text);
  }

  void note(const Keyed& each, Verdict verdict) {
    const Affected& affected = affected_of(each);
    work_.note(label(affected), work_.givers()[each.speaker], affected.entry, verdict);
  }

  void note_unheard() {
    for (const Speaker& speaker : work_.traced().subspan(work_.order.heard))
      for (const Affected& affected : speaker.advisory->affected)
        work_.note(label(affected), speaker, affected.entry, Verdict::retracted);
  }

  Work& work_;
  std::vector<Keyed> keyed_;
  std::vector<bool> won_;  // per keyed entry
  std::size_t speakers_ = 0;
};

/// A GitLab entry with its file's uuid: several files may speak of one package.
Value with_uuid(const Value& entry, std::string_view uuid, base::Arena& arena) {
  const Value* specific = entry.find("database_specific");
  const Value* ours = specific == nullptr ? nullptr : specific->find("vuln_datasync");
  const Value tagged = with_member(ours == nullptr ? Value() : *ours, "uuid", Value::string(uuid), arena);
  const Value all = with_member(specific == nullptr ? Value() : *specific, "vuln_datasync", tagged, arena);
  return with_member(entry, "database_specific", all, arena);
}

/// Names the runs of entries that took the severities of the whole vulnerability.
void add_pushed_provenance(Work& work, const std::vector<AffectedEntry>& entries, const SeverityUnion& top) {
  std::size_t first = 0;
  while (first < entries.size()) {
    const bool took = entries[first].affected->severity.empty();
    std::size_t end = first + 1;
    while (end < entries.size() && entries[end].affected->severity.empty() == took) ++end;
    if (took)
      work.provenance.add_list(work.provenance.run("affected", first, end - 1, ".severity"), top.from);
    first = end;
  }
}

std::vector<std::string_view> texts_of(const Value& entry, std::string_view key) {
  std::vector<std::string_view> texts;
  if (const Value* list = entry.find(key))
    for (const Value& item : list->items()) texts.push_back(item.text());
  return texts;
}

}  // namespace

std::vector<AffectedEntry> decide_affected(Work& work) {
  return AffectedDecision(work).run();
}

AffectedDocument write_affected(Work& work, const std::vector<AffectedEntry>& entries,
                                const SeverityUnion& top) {
  AffectedDocument out;
  out.has_severity = std::any_of(entries.begin(), entries.end(),
                                 [](const AffectedEntry& each) { return !each.affected->severity.empty(); });
  const Value top_value = out.has_severity ? to_json(top.entries, work.arena) : Value();
  std::vector<Value> values;
  std::vector<std::string_view> from;
  values.reserve(entries.size());
  from.reserve(entries.size());
  for (const AffectedEntry& each : entries) {
    const advisory::Advisory& record = *each.speaker->advisory;
    Value entry = each.affected->entry;
    if (record.source == Source::gitlab) entry = with_uuid(entry, record.record_id, work.arena);
    const bool takes_top = each.affected->severity.empty() && !top_value.is_empty();
    const Value severity = takes_top ? top_value : to_json(each.affected->severity, work.arena);
    if (!severity.is_empty()) entry = with_member(entry, "severity", severity, work.arena);
    out.took_top = out.took_top || takes_top;
    values.push_back(entry);
    from.push_back(each.speaker->key);
  }
  work.provenance.add_list("affected", from);
  if (out.took_top) add_pushed_provenance(work, entries, top);
  out.list = base::json::make_array(work.arena, values);
  return out;
}

namespace {

// PostgreSQL's indexes take no longer values than some 2,700 bytes. What is longer than any real one (npm's
// names end at 214 bytes, Go's modules and Maven's coordinates stay below 300) stands in the document alone.
bool is_indexable(const advisory::Package& row) {
  constexpr std::size_t longest_ecosystem = 256;
  constexpr std::size_t longest_name = 1024;
  return row.ecosystem.size() <= longest_ecosystem && row.name.size() <= longest_name &&
         row.name_normalized.size() <= longest_name;
}

constexpr std::size_t longest_purl = 2048;

}  // namespace

std::vector<advisory::Package> package_rows(const std::vector<AffectedEntry>& entries, const Value& document,
                                            base::Arena& arena) {
  std::vector<advisory::Package> rows;
  rows.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Affected& affected = *entries[i].affected;
    if (affected.ecosystem.empty() || affected.name.empty()) continue;
    const Value& entry = document.items()[i];
    advisory::Package row;
    row.ecosystem = affected.ecosystem;
    row.ecosystem_base = advisory::ecosystem_base(affected.ecosystem);
    row.name = affected.name;
    row.name_normalized = advisory::normalized_name(affected.ecosystem, affected.name, arena);
    const auto given = advisory::versionless_purl(affected.purl, arena);
    row.purl = given ? *given : advisory::package_purl(affected.ecosystem, affected.name, arena);
    if (row.purl.size() > longest_purl) row.purl = {};
    if (!is_indexable(row)) continue;
    if (const Value* ranges = entry.find("ranges")) row.ranges = *ranges;
    row.versions = texts_of(entry, "versions");
    row.fixed_versions = affected.fixed_versions;
    row.source = entries[i].speaker->advisory->source;
    row.record_id = entries[i].speaker->advisory->record_id;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace merge
