// CVE records (https://github.com/CVEProject/cve-schema, record format 5.0 to 5.2).
//
// A record is a container of the CNA that assigned the id and any number of ADP containers that add to it.
// What they say is mapped as sources.md has it; `rest` has the shape of the record (`dataVersion`,
// `cveMetadata`, `containers`) without what was mapped, and beside it, once for all containers:
// `references` (names and tags), `ssvc` and `kev` (what CISA says).
#include <algorithm>

#include "advisory/identifier.hpp"
#include "parse/cve_affected.hpp"
#include "parse/cve_check.hpp"
#include "parse/cve_legacy.hpp"
#include "parse/cve_metrics.hpp"
#include "parse/cve_references.hpp"
#include "parse/cve_text.hpp"
#include "parse/json_record.hpp"
#include "parse/normalize.hpp"
#include "parse/parse.hpp"
#include "parse/type_check.hpp"

namespace parse {

namespace {

using advisory::Advisory;
using advisory::Instant;
using base::json::Member;
using base::json::ObjectBuilder;
using base::json::Value;

// CISA's ADP container: https://github.com/cisagov/vulnrichment
constexpr std::string_view cisa_org_id = "134c704f-9b21-4f2e-91b3-4a467353bcc0";

constexpr std::size_t derived_summary_length = 120;

// The CVE Program's terms of use are on the SPDX list; what CISA adds is in the public domain.
constexpr std::string_view license_of_cna = "cve-tou";
constexpr std::string_view license_with_cisa = "cve-tou AND CC0-1.0";

class CveParser {
 public:
  CveParser(const JsonRecord& record, base::Arena& arena)
      : record_(record.value), arena_(arena), misfits_(arena), references_(arena, misfits_), rest_(arena) {
    out_.source = advisory::Source::cve;
    out_.sanitized = record.sanitized;
    out_.content_sha256 = record.content_sha256;
  }

  Parsed run(std::string_view location, Extent extent) {
    if (auto refusal = check_identity(location)) return *std::move(refusal);
    check_cve_types(record_, types_);
    if (!types_.ok()) return refuse(Reason::wrong_type, types_.complaint());
    const Value containers = member(record_, "containers");
    cna_ = member(containers, "cna");
    if (cna_.is_null()) cna_ = member(containers, "cnaContainer");  // an early writer's name for it
    const std::string_view state = member(metadata_, "state").text();
    if (cna_.is_empty() && state != "RESERVED")
      return refuse(Reason::missing_field, "containers.cna is missing");
    rejection(state);
    times();
    identifiers();
    if (extent == Extent::identity) return std::move(out_);
    containers_to_rest(containers);
    summary();
    finish();
    return std::move(out_);
  }

 private:
  Refusal refuse(Reason reason, std::string detail) const {
    return {reason, std::move(detail), std::string(out_.own_id)};
  }

  std::optional<Refusal> check_identity(std::string_view location) {
    if (types_.text(record_, "dataType", root_) != "CVE_RECORD")
      return refuse(Reason::not_a_record, "dataType is not CVE_RECORD");
    metadata_ = types_.object(record_, "cveMetadata", root_);
    const std::string_view id = types_.text(metadata_, "cveId", Path(root_, "cveMetadata"));
    if (!types_.ok()) return refuse(Reason::wrong_type, types_.complaint());
    if (id.empty()) return refuse(Reason::missing_field, "cveMetadata.cveId is missing");
    if (!advisory::is_cve(id)) return refuse(Reason::invalid_id, "cveMetadata.cveId is no CVE id");
    const std::string file_name = id_in_location(location);
    if (advisory::is_cve(file_name) && file_name != id)
      return Refusal{Reason::id_mismatch,
                     "cveId is " + std::string(id) + ", but the file is called " + file_name, file_name};
    out_.record_id = out_.own_id = id;
    return std::nullopt;
  }

  // A state that the format does not know is kept as it is, and the record as live: nobody has said that it
  // is not, and a vulnerability too many is seen and mended, one too few is not.
  void rejection(std::string_view state) {
    out_.cve_rejected = out_.retracted = state == "REJECTED";
    for (const Value& each : member(cna_, "replacedBy").items()) out_.related.push_back(each.text());
  }

  // A time that is none is not mapped, and so stays in the rest.
  static std::optional<Instant> time(const Value& object, std::string_view key) {
    return advisory::parse_instant(member(object, key).text());
  }

  void times() {
    out_.modified = time(metadata_, "dateUpdated");
    out_.published = time(metadata_, "datePublished");
    if (!out_.published) out_.published = time(cna_, "datePublic");
    if (!out_.modified) out_.modified = time(member(cna_, "providerMetadata"), "dateUpdated");
    if (!out_.modified) out_.modified = out_.published;
    if (!out_.retracted) return;
    out_.withdrawn = time(metadata_, "dateRejected");
    if (!out_.withdrawn) out_.withdrawn = out_.modified;
  }

  void identifiers() {
    out_.claims.push_back(out_.own_id);
    const auto advisory_id = advisory::clean_identifier(member(member(cna_, "source"), "advisory").text());
    if (advisory_id && advisory::is_ghsa(*advisory_id)) out_.claims.push_back(*advisory_id);
    std::sort(out_.claims.begin(), out_.claims.end());
  }

  void summary() {
    out_.summary = member(cna_, "title").text();
    if (!out_.summary.empty() || out_.details.empty()) return;
    out_.summary = first_characters(out_.details, derived_summary_length);
    out_.summary_derived = true;
  }

  void containers_to_rest(const Value& containers) {
    ObjectBuilder rest(arena_);
    bool has_cisa = false;
    for (const Member& each : containers.members())
      if (each.key != "adp" && !is_cna(each)) rest.add_unless_empty(each.key, each.value);
    rest.add_unless_empty("cna", container(cna_, "cna", false));
    std::vector<Value> adps;
    for (const Value& each : member(containers, "adp").items()) {
      const Value provider = member(each, "providerMetadata");
      const bool is_cisa = member(provider, "orgId").text() == cisa_org_id;
      has_cisa |= is_cisa;
      const std::string origin = "adp:" + std::string(member(provider, "shortName").text());
      const Value left = container(each, arena_.copy(origin), is_cisa);
      if (!left.is_empty()) adps.push_back(left);
    }
    rest.add_unless_empty("adp", base::json::make_array(arena_, adps));
    rest_.add_unless_empty("containers", rest.finish());
    remove_repeats(out_.cwe_ids);
    out_.license = has_cisa ? license_with_cisa : license_of_cna;
  }

  bool is_cna(const Member& each) const {
    return each.key == "cna" ||
           (each.key == "cnaContainer" && member(member(record_, "containers"), "cna").is_null());
  }

  // Maps one container and returns what is left of it.
  Value container(const Value& value, std::string_view origin, bool is_cisa) {
    const bool is_cna = origin == "cna";
    ObjectBuilder rest(arena_);
    for (const Member& each : value.members()) {
      if (each.value.is_empty()) continue;
      if (each.key == "affected")
        rest.add_unless_empty(
            each.key,
            base::json::make_array(arena_, read_products(each.value.items(), origin, arena_, out_.affected)));
      else if (each.key == "credits")
        rest.add_unless_empty(each.key, read_cve_credits(each.value.items(), arena_, out_.credits, misfits_));
      else if (each.key == "metrics")
        rest.add_unless_empty(each.key,
                              read_metrics(each.value.items(), origin, is_cisa, arena_, out_, ssvc_, kev_));
      else if (each.key == "problemTypes")
        rest.add_unless_empty(each.key, read_problem_types(each.value.items(), arena_, out_.cwe_ids));
      else if (each.key == "providerMetadata")
        rest.add_unless_empty(each.key, provider(each.value));
      else if (each.key == "references")
        references_.add(each.value.items());
      else if (is_cna && each.key == (out_.cve_rejected ? "rejectedReasons" : "descriptions"))
        rest.add_unless_empty(each.key, read_description(each.value.items(), arena_, out_.details));
      else if (each.key == "x_legacyV4Record")
        rest.add_unless_empty(each.key, without_repetition(each.value, value, arena_));
      else if (!is_cna || (each.key != "title" && each.key != "replacedBy"))
        rest.add(each.key, each.value);
    }
    return rest.finish();
  }

  // Without what cveMetadata says already.
  Value provider(const Value& value) {
    ObjectBuilder rest(arena_);
    for (const Member& each : value.members()) {
      const bool repeats =
          (each.key == "orgId" && each.value == member(metadata_, "assignerOrgId")) ||
          (each.key == "shortName" && each.value == member(metadata_, "assignerShortName")) ||
          (each.key == "dateUpdated" && each.value == member(metadata_, "dateUpdated"));
      if (!repeats) rest.add_unless_empty(each.key, each.value);
    }
    return rest.finish();
  }

  void finish() {
    ObjectBuilder metadata(arena_);
    for (const Member& each : metadata_.members()) {
      const bool mapped = each.key == "cveId" || (is_mapped_time(each.key) && time(metadata_, each.key));
      if (!mapped) metadata.add_unless_empty(each.key, each.value);
    }
    for (const Member& each : record_.members()) {
      if (each.key == "dataType" || each.key == "cveMetadata" || each.key == "containers") continue;
      if (each.key == "vuln_datasync" || each.key == "references" || each.key == "ssvc" || each.key == "kev")
        misfits_.add(each.key, each.value);  // the names of ours
      else
        rest_.add_unless_empty(each.key, each.value);
    }
    rest_.add_unless_empty("cveMetadata", metadata.finish());
    rest_.add_unless_empty("references", references_.rest());
    rest_.add_unless_empty("ssvc", ssvc_).add_unless_empty("kev", kev_);
    misfits_.put_into(rest_);
    out_.references = references_.references();
    out_.rest = rest_.finish();
  }

  bool is_mapped_time(std::string_view key) const {
    return key == "dateUpdated" || key == "datePublished" || (key == "dateRejected" && out_.retracted);
  }

  const Value& record_;
  base::Arena& arena_;
  const Path root_;
  TypeCheck types_;
  Misfits misfits_;
  CveReferences references_;
  ObjectBuilder rest_;
  Value metadata_;
  Value cna_;
  Value ssvc_;
  Value kev_;
  Advisory out_;
};

}  // namespace

Parsed parse_cve(std::string_view location, std::string_view bytes, base::Arena& arena, Extent extent) {
  JsonRecord record;
  if (auto refusal = read_json_record(bytes, arena, extent, record)) return *std::move(refusal);
  return CveParser(record, arena).run(location, extent);
}

}  // namespace parse
