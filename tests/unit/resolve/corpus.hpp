// Records that own their texts, and results as lines of text that can be compared and read.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <ostream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "resolve/resolve.hpp"

namespace resolve {

struct Entry {
  advisory::Source source = advisory::Source::osv;
  std::string record_id;
  std::string own_id;
  std::vector<std::string> claims;
  bool retracted = false;
  bool cve_rejected = false;

  Entry withdrawn() const {
    Entry entry = *this;
    entry.retracted = true;
    return entry;
  }
};

inline Entry osv(const std::string& id, std::vector<std::string> claims = {}) {
  return {advisory::Source::osv, id, id, std::move(claims)};
}

inline Entry gitlab(const std::string& uuid, const std::string& id, std::vector<std::string> claims = {}) {
  return {advisory::Source::gitlab, uuid, id, std::move(claims)};
}

inline Entry cve(const std::string& id, std::vector<std::string> claims = {}) {
  return {advisory::Source::cve, id, id, std::move(claims)};
}

inline Entry rejected(const std::string& id) {
  return {advisory::Source::cve, id, id, {}, true, true};
}

struct Decision {
  std::string a;
  std::string b;
  bool allow = false;
};

inline Decision allow(const std::string& a, const std::string& b) {
  return {a, b, true};
}

inline Decision deny(const std::string& a, const std::string& b) {
  return {a, b, false};
}

struct Corpus {
  std::vector<Entry> entries;
  std::vector<Decision> decisions;
};

/// The input of resolve() for a corpus. Views of the corpus, which must outlive it.
struct Input {
  explicit Input(const Corpus& corpus) {
    for (const Entry& entry : corpus.entries) {
      claims.emplace_back(entry.claims.begin(), entry.claims.end());
      records.push_back(
          {entry.source, entry.record_id, entry.own_id, claims.back(), entry.retracted, entry.cve_rejected});
    }
    for (const Decision& decision : corpus.decisions)
      overrides.push_back({decision.a, decision.b, decision.allow});
  }

  std::vector<Record> records;
  std::vector<Override> overrides;
  std::deque<std::vector<std::string_view>> claims;  // of the records
};

inline std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : " ") + part;
  return text;
}

template <typename Texts>
std::string part(const std::string& word, const Texts& texts) {
  const std::string text = join({texts.begin(), texts.end()});
  return texts.empty() ? "" : " " + word + "(" + text + ")";
}

/// One line per group and per shared id, free of indices: "ID: source:record_id ... ids(...) related(...)
/// upstream(...) unfollowed(...)", where only `ids` of more than one and lists that are not empty are shown.
inline std::vector<std::string> describe(const Result& result, const std::vector<Record>& records) {
  const auto name = [&records](std::uint32_t record) {
    return std::string(advisory::to_string(records[record].source)) + ":" +
           std::string(records[record].record_id);
  };
  std::vector<std::string> lines;
  for (const Group& group : result.groups) {
    std::vector<std::string> members;
    for (const auto record : group.records) members.push_back(name(record));
    std::vector<std::string> unfollowed;
    for (const Unfollowed& claim : group.unfollowed)
      unfollowed.push_back(name(claim.record) + ">" + std::string(claim.id) + "=" +
                           std::string(to_string(claim.reason)));
    std::sort(unfollowed.begin(), unfollowed.end());
    lines.push_back(std::string(group.id) + ": " + join(members) +
                    (group.ids.size() > 1 ? part("ids", group.ids) : "") + part("related", group.related) +
                    part("upstream", group.upstream) + part("unfollowed", unfollowed));
  }
  for (const Shared& shared : result.shared) {
    std::vector<std::string> ids;
    for (const auto group : shared.groups) ids.emplace_back(result.groups[group].id);
    lines.push_back("shared " + std::string(shared.id) + ": " + join(ids));
  }
  return lines;
}

inline std::vector<std::string> describe(const Corpus& corpus) {
  const Input input(corpus);
  return describe(resolve(input.records, input.overrides), input.records);
}

inline std::vector<std::string> describe(const std::vector<Entry>& entries,
                                         const std::vector<Decision>& decisions = {}) {
  return describe(Corpus{entries, decisions});
}

}  // namespace resolve
