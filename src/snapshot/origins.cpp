#include "snapshot/origins.hpp"

#include <chrono>

#include "advisory/advisory.hpp"
#include "store/generated/snapshot.hpp"
#include "store/json.hpp"

namespace snapshot {

namespace {

// What the sources ask of whoever passes their data on.
std::string attribution_of(std::string_view name) {
  const auto source = advisory::source_from(name);
  if (!source) return {};
  switch (*source) {
    case advisory::Source::osv:
      return "OSV (https://osv.dev), which collects home databases under licences of their own: see "
             "licenses, and database_specific.vuln_datasync.sources of each record for the database it "
             "came from";
    case advisory::Source::gitlab:
      return "GitLab Advisory Database, community edition "
             "(https://gitlab.com/gitlab-org/advisories-community), MIT, (c) GitLab B.V.";
    case advisory::Source::cve:
      return "CVE Program (https://www.cve.org/Legal/TermsOfUse): CVE is a trademark of The MITRE "
             "Corporation";
  }
  return {};
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
    if (state.last_success)
      origin->second.last_success =
          store::time_text(std::chrono::floor<std::chrono::seconds>(*state.last_success));
  }
  return origins;
}

}  // namespace snapshot
