// The model: what one record of one source says, in the shape of the OSV schema
// (https://ossf.github.io/osv-schema/).
//
// Every parser produces this, resolve reads the identifiers of it, merge combines several of them into one
// document. An Advisory owns nothing but its vectors: texts and JSON values are views into the record's bytes
// and into the arena it was parsed with, and must not outlive them.
//
// Nothing of a record is lost: what a typed member does not hold stands verbatim in `rest`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "advisory/timestamp.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"

namespace advisory {

/// The sources in order of precedence: the smaller one wins.
enum class Source : std::uint8_t { osv, gitlab, cve };

inline constexpr Source all_sources[] = {Source::osv, Source::gitlab, Source::cve};

/// "osv", "gitlab", "cve": the names used in tables, options and documents.
std::string_view to_string(Source source);
std::optional<Source> source_from(std::string_view name);

/// One CVSS vector (or Ubuntu's word). Only valid ones are here: a vector that its specification does not
/// accept stays in `Advisory::rest`.
struct Severity {
  std::string_view type;    // CVSS_V2, CVSS_V3, CVSS_V4, Ubuntu
  std::string_view score;   // the vector string as the source wrote it
  std::string_view origin;  // CVE only: "cna", or "adp:" and the container's short name; empty otherwise
  friend bool operator==(const Severity&, const Severity&) = default;
};

/// One entry of `affected`.
struct Affected {
  std::string_view ecosystem;      // with suffix ("Debian:12"); empty when the entry names no package
  std::string_view name;           // verbatim
  std::string_view purl;           // as the source gives it, else empty
  std::vector<Severity> severity;  // of this package alone
  std::vector<std::string_view> fixed_versions;  // in the source's order, without repeats; no commits
  /// The whole entry as an object that the OSV JSON schema accepts, without `severity`. Ranges of type GIT
  /// stand last. What was not acceptable is below its `database_specific`, see parse/normalize.hpp.
  base::json::Value entry;
};

struct Reference {
  std::string_view type;  // one of the eleven OSV types
  std::string_view url;   // verbatim
};

struct Credit {
  std::string_view name;
  std::string_view type;      // one of the ten OSV roles, or empty
  base::json::Value contact;  // array of strings, or null
};

struct Advisory {
  Source source = Source::osv;
  std::string_view record_id;  // OSV id, GitLab uuid, CVE id: the record's key, with the source
  std::string_view own_id;     // the id the record is published under (GitLab: `identifier`)

  std::vector<std::string_view> claims;     // cleaned aliases, sorted, without repeats, own_id included
  std::vector<std::string_view> dirty_ids;  // aliases that are no identifiers, verbatim
  std::vector<std::string_view> upstream;   // verbatim, in the source's order
  std::vector<std::string_view> related;

  std::optional<Instant> modified;
  std::optional<Instant> published;
  std::optional<Instant> withdrawn;
  bool retracted = false;     // withdrawn, rejected or a tombstone
  bool cve_rejected = false;  // a CVE Project record in state REJECTED

  std::string_view summary;  // empty when absent
  std::string_view details;
  bool summary_derived = false;  // cut from a description: loses against a real one

  std::vector<Severity> severity;  // of the whole record
  std::vector<Affected> affected;
  std::vector<Reference> references;
  std::vector<Credit> credits;
  std::vector<std::string_view> cwe_ids;  // "CWE-79", in the source's order, without repeats
  std::string_view kev_added;  // YYYY-MM-DD of CISA's Known Exploited Vulnerabilities catalogue, or empty
  std::string_view license;    // SPDX expression of the originating database where known, else empty

  base::json::Value rest;  // an object: every member of the record that nothing above holds, verbatim
  bool sanitized = false;  // U+0000 or lone surrogates were replaced by U+FFFD
  /// SHA-256 of the record's canonical JSON (key order and white space do not matter). GitLab's YAML counts
  /// as the JSON object of its members.
  base::Sha256 content_sha256{};
};

}  // namespace advisory
