// Records to merge, written as short OSV documents whatever their source.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "merge/check.hpp"
#include "merge/explain.hpp"
#include "merge/merge.hpp"
#include "parse/parse.hpp"
#include "resolve/resolve.hpp"

namespace merge {

class Bench {
 public:
  /// A record of `source` that says what the OSV document `json` says; its "id" is the own id, and where it
  /// is empty the record id too. A "modified" may be left out. Whatever OSV has no place for is set on the
  /// result.
  advisory::Advisory& add(advisory::Source source, const std::string& json,
                          const std::string& record_id = {}) {
    std::string text = json;
    if (text.find("\"modified\"") == std::string::npos)
      text.insert(1, R"("modified":"2024-01-01T00:00:00Z",)");
    const std::string_view kept = arena_.copy(text);
    auto parsed = parse::parse_osv("", kept, arena_);
    if (const auto* refusal = std::get_if<parse::Refusal>(&parsed)) {
      ADD_FAILURE() << refusal->detail << ": " << json;
      return records_.emplace_back();
    }
    advisory::Advisory& record = records_.emplace_back(std::get<advisory::Advisory>(std::move(parsed)));
    record.source = source;
    if (!record_id.empty()) record.record_id = arena_.copy(record_id);
    record.cve_rejected = source == advisory::Source::cve && record.retracted;
    return record;
  }
  advisory::Advisory& osv(const std::string& json) { return add(advisory::Source::osv, json); }
  advisory::Advisory& gitlab(const std::string& uuid, const std::string& json) {
    return add(advisory::Source::gitlab, json, uuid);
  }
  advisory::Advisory& cve(const std::string& json) { return add(advisory::Source::cve, json); }

  void mark_stale(std::string_view record_id) { stale_.push_back(record_id); }

  /// Resolves all records, which must be one group, and merges it. Every document must be in order.
  advisory::Vulnerability merge() {
    resolve_all();
    advisory::Vulnerability merged =
        merge::merge(resolved_.groups.at(0), contributors(resolved_.groups.at(0)), inputs_, arena_);
    EXPECT_EQ(complaints_about(merged.document), std::vector<std::string>{}) << merged.canonical;
    return merged;
  }

  base::json::Value explain() {
    resolve_all();
    return merge::explain(resolved_.groups.at(0), contributors(resolved_.groups.at(0)), inputs_, arena_);
  }

  /// The group with the public id `id`, where there are several.
  advisory::Vulnerability merge(std::string_view id) {
    resolve_all(true);
    for (const resolve::Group& group : resolved_.groups)
      if (group.id == id) return merge::merge(group, contributors(group), inputs_, arena_);
    ADD_FAILURE() << "no group " << id;
    return {};
  }

  /// The member of a document that a path of keys and indices leads to, as canonical JSON:
  /// "affected/0/ranges".
  static std::string at(const base::json::Value& document, std::string_view path) {
    base::json::Value value = document;
    while (!path.empty()) {
      const std::string_view step = path.substr(0, path.find('/'));
      path.remove_prefix(std::min(path.size(), step.size() + 1));
      const base::json::Value* next = nullptr;
      if (value.is_array()) {
        const std::size_t index = std::stoul(std::string(step));
        if (index < value.items().size()) next = &value.items()[index];
      } else {
        next = value.find(step);
      }
      if (next == nullptr) return "absent";
      value = *next;
    }
    return base::json::write(value);
  }

  /// The same below database_specific.vuln_datasync.
  static std::string ours(const base::json::Value& document, const std::string& path) {
    return at(document, "database_specific/vuln_datasync/" + path);
  }

  base::Arena& arena() { return arena_; }
  std::deque<advisory::Advisory>& records() { return records_; }
  const std::deque<advisory::Advisory>& records() const { return records_; }

 private:
  void resolve_all(bool several = false) {
    inputs_.clear();
    for (const advisory::Advisory& record : records_)
      inputs_.push_back({record.source, record.record_id, record.own_id, record.claims, record.retracted,
                         record.cve_rejected});
    resolved_ = resolve::resolve(inputs_, {});
    if (!several) {
      ASSERT_EQ(resolved_.groups.size(), 1U);
    }
  }

  std::vector<Contributor> contributors(const resolve::Group& group) const {
    std::vector<Contributor> out;
    for (const std::uint32_t index : group.records) {
      const advisory::Advisory& record = records_[index];
      out.push_back({&record, std::find(stale_.begin(), stale_.end(), record.record_id) != stale_.end()});
    }
    return out;
  }

  base::Arena arena_;
  std::deque<advisory::Advisory> records_;
  std::vector<std::string_view> stale_;
  std::vector<resolve::Record> inputs_;
  resolve::Result resolved_;
};

}  // namespace merge
