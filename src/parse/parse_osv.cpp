// OSV records (https://ossf.github.io/osv-schema/, version 1.7.5 and, as far as members are known, any
// other).
//
// A known member of a wrong type refuses the record; a known member with a value that the schema does not
// accept is moved aside (parse/normalize.hpp); a member that is not known goes to `rest` as it is.
#include <algorithm>

#include "advisory/identifier.hpp"
#include "advisory/osv_schema.hpp"
#include "parse/json_record.hpp"
#include "parse/licenses.hpp"
#include "parse/normalize.hpp"
#include "parse/osv_check.hpp"
#include "parse/parse.hpp"
#include "parse/type_check.hpp"

namespace parse {

namespace {

using advisory::Advisory;
using advisory::Instant;
using base::json::Member;
using base::json::ObjectBuilder;
using base::json::Value;

constexpr std::size_t longest_id = 128;

constexpr std::string_view severity_members[] = {"score", "type"};
constexpr std::string_view reference_members[] = {"type", "url"};
constexpr std::string_view credit_members[] = {"contact", "name", "type"};

// An own id is stricter than an alias in one way only: it is taken as it is or not at all.
bool is_valid_id(std::string_view id) {
  return !id.empty() && id.size() <= longest_id && std::all_of(id.begin(), id.end(), [](char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != '\\' && c != '<' && c != '>';
  });
}

// Two spellings of one id in file names: some file systems and tools replace ':' and the like.
bool same_but_for_marks(std::string_view a, std::string_view b) {
  const auto is_mark = [](char c) {
    return c == ':' || c == '/' || c == '+' || c == '_' || c == '-' || c == '.';
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return x == y || (is_mark(x) && is_mark(y)); });
}

// Whether the file name says outright that this is another vulnerability. A mirror may name its files freely,
// so only a name that is itself an id of a known database counts, and a copy ("GO-2024-1 (2)") does not.
bool names_another_id(std::string_view file_name, std::string_view id) {
  return advisory::clean_identifier(file_name) == file_name && advisory::has_known_prefix(file_name) &&
         !file_name.starts_with(id) && !same_but_for_marks(file_name, id);
}

class OsvParser {
 public:
  OsvParser(const JsonRecord& record, base::Arena& arena)
      : record_(record.value), arena_(arena), misfits_(arena), rest_(arena) {
    out_.source = advisory::Source::osv;
    out_.sanitized = record.sanitized;
    out_.content_sha256 = record.content_sha256;
  }

  Parsed run(std::string_view location, Extent extent) {
    out_.record_id = out_.own_id = types_.text(record_, "id", root_);
    if (auto refusal = check_identity(location)) return *std::move(refusal);
    times();
    identifiers();
    check_osv_types(record_, types_);
    if (!types_.ok()) return refuse(Reason::wrong_type, types_.complaint());
    if (extent == Extent::identity) return std::move(out_);
    out_.summary = member(record_, "summary").text();
    out_.details = member(record_, "details").text();
    affected();
    severity();
    references();
    credits();
    from_database_specific();
    rest();
    return std::move(out_);
  }

 private:
  Refusal refuse(Reason reason, std::string detail) const {
    return {reason, std::move(detail), std::string(is_valid_id(out_.own_id) ? out_.own_id : ""),
            advisory::parse_instant(member(record_, "modified").text())};
  }

  std::optional<Refusal> check_identity(std::string_view location) {
    if (!types_.ok()) return refuse(Reason::wrong_type, types_.complaint());
    if (out_.own_id.empty()) return refuse(Reason::missing_field, "id is missing");
    if (!is_valid_id(out_.own_id))
      return refuse(Reason::invalid_id, "id is too long or has characters no id has");
    const std::string file_name = id_in_location(location);
    if (names_another_id(file_name, out_.own_id))
      return Refusal{Reason::id_mismatch,
                     "id is " + std::string(out_.own_id) + ", but the file is called " + file_name,
                     file_name};
    const std::string_view modified = types_.text(record_, "modified", root_);
    if (!types_.ok()) return refuse(Reason::wrong_type, types_.complaint());
    if (modified.empty()) return refuse(Reason::missing_field, "modified is missing");
    out_.modified = advisory::parse_instant(modified);
    if (!out_.modified) return refuse(Reason::invalid_time, "modified is no time");
    return std::nullopt;
  }

  // An optional time that is none stays as text among the misfits.
  std::optional<Instant> optional_time(std::string_view key) {
    const std::string_view text = types_.text(record_, key, root_);
    const auto instant = advisory::parse_instant(text);
    if (!text.empty() && !instant) misfits_.add(key, Value::string(text));
    return instant;
  }

  void times() {
    out_.published = optional_time("published");
    out_.withdrawn = optional_time("withdrawn");
    // Whatever it says, somebody withdrew it.
    out_.retracted = !member(record_, "withdrawn").is_empty();
    if (out_.retracted && !out_.withdrawn) out_.withdrawn = out_.modified;
  }

  std::vector<std::string_view> texts(std::string_view key) {
    std::vector<std::string_view> out;
    for (const Value& each : types_.texts(record_, key, root_))
      if (!each.text().empty()) out.push_back(each.text());
    return out;
  }

  void identifiers() {
    out_.claims.push_back(out_.own_id);
    for (const Value& each : types_.texts(record_, "aliases", root_)) {
      if (const auto id = advisory::clean_identifier(each.text()))
        out_.claims.push_back(*id);
      else if (!each.text().empty())
        out_.dirty_ids.push_back(each.text());
    }
    std::sort(out_.claims.begin(), out_.claims.end());
    out_.claims.erase(std::unique(out_.claims.begin(), out_.claims.end()), out_.claims.end());
    out_.upstream = texts("upstream");
    out_.related = texts("related");
  }

  void affected() {
    const auto list = member(record_, "affected").items();
    out_.affected.reserve(list.size());
    for (const Value& entry : list) out_.affected.push_back(normalize_affected(entry, arena_));
  }

  void severity() {
    const auto list = member(record_, "severity").items();
    out_.severity = normalize_severity(list, misfits_);
    rest_.add_unless_empty("severity", with_other_members(list, severity_members, arena_));
  }

  void references() {
    const auto list = member(record_, "references").items();
    out_.references = normalize_references(list, misfits_, arena_);
    rest_.add_unless_empty("references", with_other_members(list, reference_members, arena_));
  }

  void credits() {
    const auto list = member(record_, "credits").items();
    out_.credits = normalize_credits(list, misfits_);
    rest_.add_unless_empty("credits", with_other_members(list, credit_members, arena_));
  }

  // Databases keep CWE ids in several places; only what looks like one is taken.
  void add_cwe(std::string_view text) {
    if (advisory::is_cwe(text)) out_.cwe_ids.push_back(text);
  }

  void cwes_of(const Value& specific) {
    static constexpr std::string_view places[] = {"cwe_ids", "cwes", "CWE", "cwe"};
    for (const std::string_view key : places) {
      const Value found = member(specific, key);
      if (found.is_null()) continue;
      const auto one = [&](const Value& each) {
        add_cwe(member(each, "cweId").text());
        add_cwe(member(each, "id").text());
        add_cwe(each.text());
      };
      one(found);
      for (const Value& each : found.items()) one(each);
    }
  }

  void from_database_specific() {
    const Value specific = member(record_, "database_specific");
    cwes_of(specific);
    for (const advisory::Affected& each : out_.affected) cwes_of(member(each.entry, "database_specific"));
    remove_repeats(out_.cwe_ids);
    out_.license = member(specific, "license").text();
    if (out_.license.empty()) out_.license = license_of_home_database(out_.own_id);
  }

  void rest() {
    static constexpr std::string_view typed[] = {"affected", "aliases",   "credits",    "details", "id",
                                                 "modified", "published", "references", "related", "severity",
                                                 "summary",  "upstream",  "withdrawn"};
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

Parsed parse_osv(std::string_view location, std::string_view bytes, base::Arena& arena, Extent extent) {
  JsonRecord record;
  if (auto refusal = read_json_record(bytes, arena, extent, record)) return *std::move(refusal);
  return OsvParser(record, arena).run(location, extent);
}

}  // namespace parse
