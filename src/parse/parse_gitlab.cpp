// GitLab advisories: one YAML file per package and vulnerability
// (https://gitlab.com/gitlab-org/advisories-community).
//
// The record's key is its `uuid`, which survives moves and renames; its own id is `identifier`. A file whose
// identifier is none (one is called CWE-94, and would be joined with all that name that weakness) stands
// under GITLAB-<uuid>. A member of a wrong type refuses the record; one with a value that cannot be used is
// moved aside (parse/normalize.hpp); one that is not known goes to `rest` as it is.
#include <algorithm>

#include "advisory/cvss.hpp"
#include "advisory/identifier.hpp"
#include "base/ascii.hpp"
#include "parse/gitlab_affected.hpp"
#include "parse/json_record.hpp"
#include "parse/normalize.hpp"
#include "parse/parse.hpp"
#include "parse/reference_type.hpp"
#include "parse/type_check.hpp"
#include "parse/uri.hpp"
#include "parse/yaml.hpp"

namespace parse {

namespace {

using advisory::Advisory;
using advisory::Instant;
using base::json::Member;
using base::json::ObjectBuilder;
using base::json::Value;

constexpr std::string_view link_members[] = {"url"};

bool is_key_character(char c) {
  return base::is_alphanumeric(c) || c == '-' || c == '.' || c == '_';
}

bool is_valid_key(std::string_view uuid) {
  constexpr std::size_t longest = 128;
  return !uuid.empty() && uuid.size() <= longest && std::all_of(uuid.begin(), uuid.end(), is_key_character);
}

// The uuid of a file that cannot be read, so that its last good version is found: from a line of its own at
// the top level, `uuid: "..."`.
std::string_view uuid_line(std::string_view bytes) {
  constexpr std::string_view key = "uuid:";
  for (auto at = bytes.find(key); at != std::string_view::npos; at = bytes.find(key, at + 1)) {
    if (at > 0 && bytes[at - 1] != '\n') continue;
    std::string_view value = bytes.substr(at + key.size());
    value.remove_prefix(std::min(value.find_first_not_of(" \"'"), value.size()));
    const auto end = std::find_if_not(value.begin(), value.end(), is_key_character);
    value = value.substr(0, static_cast<std::size_t>(end - value.begin()));
    if (is_valid_key(value)) return value;
  }
  return {};
}

class GitlabParser {
 public:
  GitlabParser(const Yaml& yaml, base::Arena& arena, Extent extent)
      : record_(yaml.value), arena_(arena), misfits_(arena), rest_(arena) {
    out_.source = advisory::Source::gitlab;
    out_.sanitized = yaml.sanitized;
    if (extent == Extent::whole) out_.content_sha256 = base::sha256(base::json::write(record_));
  }

  Parsed run() {
    out_.record_id = text("uuid");
    if (auto refusal = check_members()) return *std::move(refusal);
    identifiers();
    if (auto refusal = times()) return *std::move(refusal);
    out_.summary = text("title");
    out_.details = text("description");
    affected();
    severity();
    references();
    credits();
    cwes();
    rest();
    if (!types_.ok()) return refuse(Reason::wrong_type, types_.complaint());
    return std::move(out_);
  }

 private:
  Refusal refuse(Reason reason, std::string detail) const {
    return {reason, std::move(detail), std::string(is_valid_key(out_.record_id) ? out_.record_id : "")};
  }

  std::string_view text(std::string_view key) { return types_.text(record_, key, root_); }

  // The texts of a list; items that are null or "" say nothing.
  std::vector<std::string_view> texts(std::string_view key) {
    const Path here(root_, key);
    const auto items = types_.array(record_, key, root_);
    std::vector<std::string_view> out;
    out.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string_view item = types_.text(items[i], Path(here, i));
      if (!item.empty()) out.push_back(item);
    }
    return out;
  }

  std::optional<Refusal> check_members() {
    constexpr std::string_view required[] = {"uuid", "identifier", "package_slug", "affected_range"};
    const auto missing = [this](std::string_view key) { return member(record_, key).is_empty(); };
    if (std::all_of(std::begin(required), std::end(required), missing))
      return refuse(Reason::not_a_record, "none of the members that make an advisory");
    for (const std::string_view key : required) {
      text(key);
      if (missing(key)) return refuse(Reason::missing_field, std::string(key) + " is missing");
    }
    if (!types_.ok()) return refuse(Reason::wrong_type, types_.complaint());
    if (!is_valid_key(out_.record_id))
      return refuse(Reason::invalid_id, "uuid is too long or has characters no uuid has");
    return std::nullopt;
  }

  void add_identifier(std::string_view text) {
    if (const auto id = advisory::clean_identifier(text))
      out_.claims.push_back(*id);
    else
      out_.dirty_ids.push_back(text);
  }

  void identifiers() {
    add_identifier(text("identifier"));
    out_.own_id = out_.claims.empty() ? arena_.copy("GITLAB-" + std::string(out_.record_id)) : out_.claims[0];
    if (out_.claims.empty()) out_.claims.push_back(out_.own_id);
    for (const std::string_view each : texts("identifiers")) add_identifier(each);
    std::sort(out_.claims.begin(), out_.claims.end());
    out_.claims.erase(std::unique(out_.claims.begin(), out_.claims.end()), out_.claims.end());
    remove_repeats(out_.dirty_ids);
  }

  std::optional<Instant> time(std::string_view key) {
    const std::string_view written = text(key);
    const auto instant = advisory::parse_instant(written);
    if (!written.empty() && !instant) misfits_.add(key, Value::string(written));
    return instant;
  }

  std::optional<Refusal> times() {
    out_.published = time("pubdate");
    out_.modified = time("date");
    if (!out_.modified) out_.modified = out_.published;
    if (out_.modified) return std::nullopt;
    if (!types_.ok()) return refuse(Reason::wrong_type, types_.complaint());
    if (text("date").empty() && text("pubdate").empty())
      return refuse(Reason::missing_field, "date and pubdate are missing");
    return refuse(Reason::invalid_time, "neither date nor pubdate is a date");
  }

  void affected() {
    for (const std::string_view key : {"affected_versions", "not_impacted", "solution"}) text(key);
    texts("fixed_versions");
    types_.array(record_, "versions", root_);
    if (!types_.ok()) return;
    if (auto entry = gitlab_affected(record_, arena_)) {
      out_.affected.push_back(*std::move(entry));
      return;
    }
    out_.retracted = true;
    out_.withdrawn = out_.modified;
    for (const std::string_view key : gitlab_package_members())
      if (key != "uuid") rest_.add_unless_empty(key, member(record_, key));
  }

  void severity() {
    for (const std::string_view key : {"cvss_v2", "cvss_v3", "cvss_v4"}) {
      const std::string_view vector = text(key);
      if (vector.empty()) continue;
      if (const auto cvss = advisory::read_cvss(vector))
        out_.severity.push_back({advisory::severity_type(cvss->version), vector, {}});
      else
        misfits_.add(key, Value::string(vector));
    }
  }

  void references() {
    for (const std::string_view url : texts("urls")) add_reference("urls", url, reference_type_of(url));
    const Path here(root_, "links");
    const auto links = types_.array(record_, "links", root_);
    for (std::size_t i = 0; i < links.size(); ++i) {
      const Path item(here, i);
      types_.expect_object(links[i], item);
      const std::string_view url = types_.text(links[i], "url", item);
      const std::string_view type = types_.text(links[i], "type", item);
      if (!url.empty()) add_reference("links", url, link_type(type, url));
    }
    rest_.add_unless_empty("links", with_other_members(links, link_members, arena_));
  }

  // `member` is the literal name of the list in which the URL stands.
  void add_reference(std::string_view member, std::string_view written, std::string_view type) {
    const std::string_view uri = as_uri(base::trimmed(written), arena_);
    if (uri != written) misfits_.add(member, Value::string(written));
    if (!uri.empty()) out_.references.push_back({type, uri});
  }

  static std::string_view link_type(std::string_view type, std::string_view url) {
    if (type == "poc") return "EVIDENCE";
    if (type == "blog") return "ARTICLE";
    return reference_type_of(url);
  }

  // One free text, several people in it or not.
  void credits() {
    if (const std::string_view credit = text("credit"); !credit.empty())
      out_.credits.push_back({credit, {}, {}});
  }

  void cwes() {
    for (const std::string_view each : texts("cwe_ids")) {
      if (advisory::is_cwe(each))
        out_.cwe_ids.push_back(each);
      else
        misfits_.add("cwe_ids", Value::string(each));
    }
    remove_repeats(out_.cwe_ids);
  }

  void rest() {
    static constexpr std::string_view typed[] = {
        "affected_range", "affected_versions", "credit", "cvss_v2",      "cvss_v3",
        "cvss_v4",        "cwe_ids",           "date",   "description",  "fixed_versions",
        "identifier",     "identifiers",       "links",  "not_impacted", "package_slug",
        "pubdate",        "solution",          "title",  "urls",         "uuid",
        "versions"};
    static_assert(std::is_sorted(std::begin(typed), std::end(typed)));
    put_others(record_, typed, rest_, misfits_);
    misfits_.put_into(rest_);
    out_.rest = rest_.finish();
  }

  const Value& record_;
  base::Arena& arena_;
  const Path root_;
  TypeCheck types_;
  Misfits misfits_;
  ObjectBuilder rest_;
  Advisory out_;
};

}  // namespace

Parsed parse_gitlab(std::string_view location, std::string_view bytes, base::Arena& arena, Extent extent) {
  // Records are found by their path, and PostgreSQL's indexes take no value of more than some 2,700 bytes.
  constexpr std::size_t longest_location = 1024;
  Yaml yaml = read_yaml(bytes, arena);
  if (!yaml.refusal && location.size() > longest_location)
    yaml.refusal = Refusal{Reason::too_large, "the path of the file is longer than 1024 bytes", {}};
  if (!yaml.refusal && !yaml.value.is_object())
    yaml.refusal = Refusal{Reason::not_an_object, "the top level of the YAML text is not a mapping", {}};
  if (yaml.refusal) {
    yaml.refusal->record_id = uuid_line(bytes);
    return *std::move(yaml.refusal);
  }
  return GitlabParser(yaml, arena, extent).run();
}

}  // namespace parse
