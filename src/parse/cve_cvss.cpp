#include "parse/cve_cvss.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "base/ascii.hpp"
#include "parse/type_check.hpp"

namespace parse {

namespace {

using base::json::Member;
using base::json::ObjectBuilder;
using base::json::Value;

struct Metric {
  std::string_view member;
  std::string_view abbreviation;
};

// Members of the JSON schemas and their abbreviations in vectors, all versions together; sorted.
constexpr Metric metrics[] = {
    {"Automatable", "AU"},
    {"Recovery", "R"},
    {"Safety", "S"},
    {"accessComplexity", "AC"},
    {"accessVector", "AV"},
    {"attackComplexity", "AC"},
    {"attackRequirements", "AT"},
    {"attackVector", "AV"},
    {"authentication", "Au"},
    {"availabilityImpact", "A"},
    {"availabilityRequirement", "AR"},
    {"confidentialityImpact", "C"},
    {"confidentialityRequirement", "CR"},
    {"exploitCodeMaturity", "E"},
    {"exploitMaturity", "E"},
    {"integrityImpact", "I"},
    {"integrityRequirement", "IR"},
    {"modifiedAttackComplexity", "MAC"},
    {"modifiedAttackRequirements", "MAT"},
    {"modifiedAttackVector", "MAV"},
    {"modifiedAvailabilityImpact", "MA"},
    {"modifiedConfidentialityImpact", "MC"},
    {"modifiedIntegrityImpact", "MI"},
    {"modifiedPrivilegesRequired", "MPR"},
    {"modifiedScope", "MS"},
    {"modifiedSubAvailabilityImpact", "MSA"},
    {"modifiedSubConfidentialityImpact", "MSC"},
    {"modifiedSubIntegrityImpact", "MSI"},
    {"modifiedUserInteraction", "MUI"},
    {"modifiedVulnAvailabilityImpact", "MVA"},
    {"modifiedVulnConfidentialityImpact", "MVC"},
    {"modifiedVulnIntegrityImpact", "MVI"},
    {"privilegesRequired", "PR"},
    {"providerUrgency", "U"},
    {"remediationLevel", "RL"},
    {"reportConfidence", "RC"},
    {"scope", "S"},
    {"subAvailabilityImpact", "SA"},
    {"subConfidentialityImpact", "SC"},
    {"subIntegrityImpact", "SI"},
    {"userInteraction", "UI"},
    {"valueDensity", "V"},
    {"vulnAvailabilityImpact", "VA"},
    {"vulnConfidentialityImpact", "VC"},
    {"vulnIntegrityImpact", "VI"},
    {"vulnerabilityResponseEffort", "RE"},
};
static_assert(std::is_sorted(std::begin(metrics), std::end(metrics),
                             [](const Metric& a, const Metric& b) { return a.member < b.member; }));

// The value of a metric in a vector, or "" when it is not there.
std::string_view value_in(std::string_view vector, std::string_view abbreviation) {
  while (!vector.empty()) {
    const auto slash = vector.find('/');
    const std::string_view part = vector.substr(0, slash);
    if (part.size() > abbreviation.size() && part[abbreviation.size()] == ':' &&
        part.starts_with(abbreviation))
      return part.substr(abbreviation.size() + 1);
    vector = slash == std::string_view::npos ? std::string_view() : vector.substr(slash + 1);
  }
  return {};
}

// In all versions the abbreviation of a value begins with the first letter of its word, and no two values of
// one metric that have different meanings share it, but for v2's unconfirmed and uncorroborated.
bool says_the_same(std::string_view word, std::string_view value) {
  if (word == "NOT_DEFINED") return value.empty() || value == "X" || value == "ND";
  return !word.empty() && !value.empty() && value != "X" && value != "ND" && value != "UC" && value != "UR" &&
         word[0] == value[0];
}

// "9.8", "10" and "10.0" as tenths; -1 for any other text.
int tenths(std::string_view number) {
  const auto dot = number.find('.');
  const std::string_view whole = number.substr(0, dot);
  const std::string_view fraction = dot == std::string_view::npos ? "0" : number.substr(dot + 1);
  if (whole.empty() || whole.size() > 2 || fraction.size() != 1) return -1;
  int value = 0;
  for (const char c : whole) value = value * 10 + (c - '0');
  return value * 10 + (fraction[0] - '0');
}

bool follows(const Member& each, std::string_view vector, const advisory::Cvss& read) {
  if (each.key == "vectorString") return true;
  if (each.key == "version") return each.value.text() == to_string(read.version);
  if (each.key == "baseScore")
    return each.value.kind() == base::json::Kind::number && tenths(each.value.text()) == read.score_tenths;
  if (each.key == "baseSeverity") return base::equal_ignoring_case(each.value.text(), to_string(read.rating));
  const auto* metric = std::lower_bound(std::begin(metrics), std::end(metrics), each.key,
                                        [](const Metric& m, std::string_view key) { return m.member < key; });
  return metric != std::end(metrics) && metric->member == each.key && each.value.is_string() &&
         says_the_same(each.value.text(), value_in(vector, metric->abbreviation));
}

}  // namespace

Value without_what_the_vector_says(const Value& cvss, const advisory::Cvss& read, base::Arena& arena) {
  const std::string_view vector = member(cvss, "vectorString").text();
  ObjectBuilder rest(arena);
  for (const Member& each : cvss.members())
    if (!follows(each, vector, read)) rest.add_unless_empty(each.key, each.value);
  return rest.empty() ? Value() : rest.finish();
}

}  // namespace parse
