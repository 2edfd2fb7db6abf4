#include "merge/check.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "advisory/cvss.hpp"
#include "advisory/osv_schema.hpp"
#include "advisory/timestamp.hpp"

namespace merge {

namespace {

using base::json::Kind;
using base::json::Member;
using base::json::Value;

const Value& member(const Value& object, std::string_view key) {
  static const Value null;
  const Value* found = object.find(key);
  return found == nullptr ? null : *found;
}

class Checker {
 public:
  explicit Checker(const Value& document) : document_(document) {}

  std::vector<std::string> run() {
    only(document_, "document",
         {"affected", "aliases", "credits", "database_specific", "details", "id", "modified", "published",
          "references", "related", "schema_version", "severity", "summary", "upstream", "withdrawn"});
    for (const std::string_view key : {"id", "modified", "schema_version", "database_specific"})
      expect(document_.find(key) != nullptr, key, "is missing");
    for (const std::string_view key : {"id", "schema_version", "summary", "details"}) text(document_, key);
    for (const std::string_view key : {"modified", "published", "withdrawn"}) time(key);
    for (const std::string_view key : {"aliases", "related", "upstream"}) ids(key);
    severities(document_, "document");
    for (const Value& entry : list(document_, "affected")) affected(entry);
    for (const Value& each : list(document_, "references")) reference(each);
    for (const Value& each : list(document_, "credits")) credit(each);
    ours();
    return std::move(complaints_);
  }

 private:
  void expect(bool good, std::string_view where, std::string_view what) {
    if (!good) complaints_.push_back(std::string(where) + " " + std::string(what));
  }

  /// An object that is not empty, has no members but these, and no empty ones.
  void only(const Value& object, std::string_view where, std::initializer_list<std::string_view> known) {
    expect(object.is_object(), where, "is no object");
    for (const Member& each : object.members()) {
      const bool is_known = std::find(known.begin(), known.end(), each.key) != known.end();
      expect(is_known, std::string(where) + "." + std::string(each.key), "is not known");
      expect(!each.value.is_empty(), std::string(where) + "." + std::string(each.key), "is empty");
    }
  }

  void text(const Value& object, std::string_view key) {
    const Value& value = member(object, key);
    expect(value.is_null() || value.is_string(), key, "is no text");
  }

  void required_text(const Value& object, std::string_view key) {
    expect(!member(object, key).text().empty(), key, "is missing");
    text(object, key);
  }

  std::span<const Value> list(const Value& object, std::string_view key) {
    const Value& value = member(object, key);
    expect(value.is_null() || value.is_array(), key, "is no list");
    return value.items();
  }

  void time(std::string_view key) {
    const Value& value = member(document_, key);
    if (value.is_null()) return;
    const auto instant = advisory::parse_instant(value.text());
    expect(instant && advisory::format_instant(*instant) == value.text(), key, "is no time in UTC");
  }

  void ids(std::string_view key) {
    const auto items = list(document_, key);
    for (std::size_t i = 0; i < items.size(); ++i) {
      expect(items[i].is_string(), key, "holds something that is no text");
      expect(i == 0 || items[i - 1].text() < items[i].text(), key, "is not sorted");
    }
  }

  void severities(const Value& object, std::string_view where) {
    for (const Value& each : list(object, "severity")) {
      only(each, "severity", {"score", "type"});
      const std::string_view type = member(each, "type").text();
      const std::string_view score = member(each, "score").text();
      const auto cvss = advisory::read_cvss(score);
      expect(type == "Ubuntu" ? advisory::is_ubuntu_severity(score)
                              : cvss && advisory::severity_type(cvss->version) == type,
             where, "has a severity that is none of its type");
    }
  }

  void affected(const Value& entry) {
    only(entry, "affected",
         {"database_specific", "ecosystem_specific", "package", "ranges", "severity", "versions"});
    if (const Value* package = entry.find("package")) {
      only(*package, "package", {"ecosystem", "name", "purl"});
      required_text(*package, "name");
      text(*package, "purl");
      expect(advisory::is_known_ecosystem(member(*package, "ecosystem").text()), "ecosystem", "is not known");
    }
    severities(entry, "affected");
    expect(entry.find("severity") == nullptr || document_.find("severity") == nullptr, "severity",
           "stands at both levels");
    for (const Value& version : list(entry, "versions"))
      expect(version.is_string(), "versions", "holds something that is no text");
    bool git_seen = false;
    for (const Value& each : list(entry, "ranges")) {
      const bool git = member(each, "type").text() == "GIT";
      expect(git || !git_seen, "ranges", "of type GIT do not stand last");
      git_seen = git_seen || git;
      range(each, git);
    }
    for (const std::string_view key : {"database_specific", "ecosystem_specific"})
      expect(member(entry, key).is_null() || member(entry, key).is_object(), key, "is no object");
  }

  void range(const Value& value, bool git) {
    only(value, "range", {"database_specific", "events", "repo", "type"});
    expect(advisory::is_range_type(member(value, "type").text()), "range", "has an unknown type");
    expect(!git || !member(value, "repo").text().empty(), "range", "of type GIT has no repository");
    bool introduced = false;
    bool fixed = false;
    bool last_affected = false;
    for (const Value& event : list(value, "events")) {
      expect(event.members().size() == 1, "event", "has not exactly one member");
      only(event, "event", {"fixed", "introduced", "last_affected", "limit"});
      for (const Member& each : event.members()) {
        introduced = introduced || each.key == "introduced";
        fixed = fixed || each.key == "fixed";
        last_affected = last_affected || each.key == "last_affected";
        expect(each.value.is_string(), "event", "holds something that is no text");
        expect(!git || advisory::is_git_version(each.value.text()), "event", "has a bad commit hash");
      }
    }
    expect(introduced, "range", "has no introduced");
    expect(!fixed || !last_affected, "range", "has both fixed and last_affected");
  }

  void reference(const Value& value) {
    only(value, "reference", {"type", "url"});
    expect(advisory::is_reference_type(member(value, "type").text()), "reference", "has an unknown type");
    required_text(value, "url");
  }

  void credit(const Value& value) {
    only(value, "credit", {"contact", "name", "type"});
    required_text(value, "name");
    const std::string_view type = member(value, "type").text();
    expect(type.empty() || advisory::is_credit_type(type), "credit", "has an unknown type");
    for (const Value& each : list(value, "contact")) expect(each.is_string(), "contact", "is no text");
  }

  void ours() {
    const Value& specific = member(document_, "database_specific");
    only(specific, "database_specific", {"cve", "gitlab", "osv", "vuln_datasync"});
    const Value& our = member(specific, "vuln_datasync");
    only(our, "vuln_datasync",
         {"conflicts", "cvss", "cwe_ids", "kev_added", "origins", "provenance", "sanitized", "severity",
          "sources"});
    std::vector<std::string> keys;
    for (const Value& each : list(our, "sources")) {
      only(each, "source",
           {"content_sha256", "id", "invalid_ids", "license", "modified", "own_id", "retracted", "source",
            "stale"});
      keys.push_back(std::string(member(each, "source").text()) + "/" +
                     std::string(member(each, "id").text()));
    }
    expect(!keys.empty(), "sources", "is missing");
    const Value& provenance = member(our, "provenance");
    for (const Member& each : provenance.members())
      expect(std::find(keys.begin(), keys.end(), each.value.text()) != keys.end(), each.key,
             "comes from no source of the document");
    for (const Member& each : document_.members()) provenance_of(each.key, provenance);
  }

  /// Ids may come from other groups alone, or from an operator, and 1970 stands where no record has a time;
  /// every other member comes from a record.
  void provenance_of(std::string_view key, const Value& provenance) {
    if (member(document_, key).text() == "1970-01-01T00:00:00Z") return;
    for (const std::string_view exempt :
         {"aliases", "database_specific", "id", "related", "schema_version", "upstream"})
      if (key == exempt) return;
    const auto paths = provenance.members();
    const bool named = std::any_of(paths.begin(), paths.end(), [&](const Member& path) {
      return path.key == key || (path.key.substr(0, key.size()) == key && path.key[key.size()] == '[');
    });
    expect(named, key, "has no provenance");
  }

  const Value& document_;
  std::vector<std::string> complaints_;
};

}  // namespace

std::vector<std::string> complaints_about(const Value& document) {
  return Checker(document).run();
}

}  // namespace merge
