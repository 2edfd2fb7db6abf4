#include "snapshot/origins.hpp"

#include <chrono>

#include "advisory/timestamp.hpp"
#include "store/generated/snapshot.hpp"

namespace snapshot {

namespace {

// What the sources ask of whoever passes their data on.
std::string attribution_of(const std::string& source) {
  if (source == "osv")
    return "OSV (https://osv.dev), which collects home databases under licences of their own: see licenses, "
           "and database_specific.vuln_datasync.sources of each record for the database it came from";
  if (source == "gitlab")
    return "GitLab Advisory Database, community edition "
           "(https://gitlab.com/gitlab-org/advisories-community), MIT, (c) GitLab B.V.";
  if (source == "cve")
    return "CVE Program (https://www.cve.org/Legal/TermsOfUse): CVE is a trademark of The MITRE Corporation";
  return {};
}

std::string time_text(pg::Timestamp time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return advisory::format_instant({seconds.time_since_epoch().count(), 0});
}

}  // namespace

std::map<std::string, SourceOrigin> source_origins(pg::Connection& connection,
                                                   const std::vector<store::sql::SourceStatesRow>& states) {
  std::map<std::string, SourceOrigin> origins;
  for (const auto& row : store::sql::count_licenses(connection)) {
    SourceOrigin& origin = origins[row.source];
    origin.licenses[row.license] = static_cast<std::uint64_t>(row.records);
    origin.records += static_cast<std::uint64_t>(row.records);
    origin.attribution = attribution_of(row.source);
  }
  for (const auto& state : states) {
    const auto origin = origins.find(state.source);
    if (origin == origins.end()) continue;
    origin->second.fingerprint = state.fingerprint.value_or("");
    if (state.last_success) origin->second.last_success = time_text(*state.last_success);
  }
  return origins;
}

}  // namespace snapshot
