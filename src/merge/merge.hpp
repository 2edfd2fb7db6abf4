// Which value wins? The records of one group to one document. A pure function of the contributors: no clock,
// no order of arrival. The rules are in docs/merging.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/advisory.hpp"
#include "advisory/timestamp.hpp"
#include "base/arena.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "resolve/resolve.hpp"

namespace merge {

inline constexpr int version = 1;  // as parse::version

struct Contributor {
  const advisory::Advisory* advisory = nullptr;
  bool stale = false;  // the last good version of a record that is unreadable now
};

/// Ordered as the enum type in the database.
enum class Rating : std::uint8_t { unknown, none, low, medium, high, critical };

std::string_view to_string(Rating rating);  // "UNKNOWN" ... "CRITICAL"

/// One row of affected_packages. Views into the document.
struct Package {
  std::string_view ecosystem;       // with suffix
  std::string_view ecosystem_base;  // up to the first ':'
  std::string_view name;
  std::string_view name_normalized;
  std::string_view purl;     // versionless
  base::json::Value ranges;  // array or null
  std::vector<std::string_view> versions;
  std::vector<std::string_view> fixed_versions;
  advisory::Source source = advisory::Source::osv;
  std::string_view record_id;
};

/// A merged vulnerability: the document and the columns taken from it. Views are into the contributors, the
/// arena and `canonical`.
struct Merged {
  std::string_view id;
  std::vector<std::string_view> aliases;  // sorted, without id
  std::vector<advisory::Source> sources;  // in order of precedence, without repeats
  std::string_view summary;
  std::string_view details;
  Rating severity = Rating::unknown;
  std::optional<int> cvss_score_tenths;  // 98 for 9.8
  std::string_view cvss_vector;
  std::vector<std::string_view> cwe_ids;
  std::string_view kev_added;  // YYYY-MM-DD or empty
  std::optional<advisory::Instant> published;
  std::optional<advisory::Instant> modified;
  std::optional<advisory::Instant> withdrawn;
  std::vector<Package> packages;
  base::json::Value document;
  std::string canonical;       // canonical JSON text of the document
  base::Sha256 document_hash;  // of `canonical`
};

/// Merges the contributors of `group`, which must be given in the order of group.records. `resolved` are the
/// records that resolve was given (for naming unfollowed claims).
Merged merge(const resolve::Group& group, std::span<const Contributor> contributors,
             std::span<const resolve::Record> resolved, base::Arena& arena);

}  // namespace merge
