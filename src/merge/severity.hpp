// How bad it is: the vectors of all records, and which one counts.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "advisory/advisory.hpp"
#include "advisory/cvss.hpp"
#include "base/json.hpp"
#include "merge/work.hpp"

namespace merge {

/// The preferred vector: v4.0 before v3.1 before v3.0 before v2, then precedence, then CNA before ADP, then
/// the order within the record; vectors of single packages behind those of the whole record.
struct Preferred {
  std::string_view vector;  // empty where nobody gives one
  advisory::Cvss cvss;
  advisory::Rating rating = advisory::Rating::unknown;  // of the vector, else of the first word (Ubuntu's)
};

Preferred decide_preferred(Work& work);

/// The union of what the records say of the whole vulnerability, by type and vector (in any order of metrics,
/// undefined ones left out).
struct SeverityUnion {
  std::vector<advisory::Severity> entries;
  std::vector<std::string_view> from;  // per entry
};

SeverityUnion unite_severities(Work& work);

/// Adds a conflict per type of vector for which records give different scores of the whole vulnerability.
void find_severity_conflicts(Work& work);

/// [{"score", "type"}, ...]
base::json::Value to_json(const std::vector<advisory::Severity>& entries, base::Arena& arena);

/// A score as JSON number with one decimal: 9.8.
base::json::Value score_to_json(int tenths, base::Arena& arena);

}  // namespace merge
