// Bytes of one record to an Advisory, or to a refusal with its reason. Pure: no clock, no files, no output.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "advisory/advisory.hpp"
#include "base/arena.hpp"

namespace parse {

/// Changes whenever the same bytes would give another Advisory: part of a source's fingerprint, so that a new
/// version of the program reads everything again.
inline constexpr int version = 3;

/// Larger records are refused: 16 MiB is 24 times the largest real one.
inline constexpr std::size_t max_record_bytes = std::size_t{16} * 1024 * 1024;

/// Why a record could not be taken in. The words are stable: they stand in table `quarantine`, in reports and
/// in the documentation.
enum class Reason : std::uint8_t {
  empty,      // no bytes, or only white space
  too_large,  // more than max_record_bytes, or a path of more than 1024
  invalid_utf8,
  invalid_json,
  invalid_yaml,
  too_deep,       // more than 128 containers inside one another
  yaml_alias,     // anchors, aliases or tags, which the format does not use and bombs do
  not_an_object,  // the top level is no JSON object or YAML mapping
  missing_field,  // a member without which the record has no meaning: id, modified, uuid, ...
  wrong_type,     // a member has another type than its schema says
  invalid_id,     // the record's own id is empty, too long or has characters no id has
  invalid_time,   // a required time is no time
  not_a_record,   // valid, but another kind of document
  id_mismatch,    // the record's id is not the one its place in the source says
};

/// "invalid-json", "missing-field", ...
std::string_view to_string(Reason reason);

struct Refusal {
  Reason reason = Reason::empty;
  std::string detail;     // one line for people: which member, what was found
  std::string record_id;  // as far as the bytes tell; empty when they do not
  std::optional<advisory::Instant> modified = std::nullopt;  // likewise, of a source that lists its records
};

using Parsed = std::variant<advisory::Advisory, Refusal>;

/// How much of a record is wanted. Either way the same records are refused, for the same reasons.
enum class Extent : std::uint8_t {
  whole,
  identity,  // source, ids, claims, times and whether it is retracted: all that grouping needs
};

/// Parses one record of `source`. `location` is its path in the source, for what only the path tells
/// (GitLab's type, an id to compare with). `bytes` and `arena` must outlive the Advisory. Never throws for
/// bad input.
Parsed parse(advisory::Source source, std::string_view location, std::string_view bytes, base::Arena& arena,
             Extent extent = Extent::whole);

Parsed parse_osv(std::string_view location, std::string_view bytes, base::Arena& arena,
                 Extent extent = Extent::whole);
Parsed parse_gitlab(std::string_view location, std::string_view bytes, base::Arena& arena,
                    Extent extent = Extent::whole);
Parsed parse_cve(std::string_view location, std::string_view bytes, base::Arena& arena,
                 Extent extent = Extent::whole);

}  // namespace parse
