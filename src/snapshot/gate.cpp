#include "snapshot/gate.hpp"

#include <algorithm>

#include "base/format.hpp"

namespace snapshot {

namespace {

constexpr std::uint64_t least_percent = 90;

// Why a source is not to be published, or nothing.
std::string trouble(const store::sql::SourceStatesRow& source) {
  if (!source.age_seconds) {
    // Never asked, by a `sync --source` of others: what is there is whole.
    if (source.records == 0 && source.failures == 0 && !source.last_attempt) return {};
    return source.failures > 0 ? "has never succeeded: " + source.last_error.value_or("")
                               : "has never been taken in whole";
  }
  if (*source.age_seconds > source.max_age_seconds)
    return base::format("was last brought up to date {} h ago, and its limit is {} h",
                        *source.age_seconds / 3600, source.max_age_seconds / 3600);
  return {};
}

}  // namespace

void require_fresh(const std::vector<store::sql::SourceStatesRow>& sources,
                   const std::vector<std::string>& enabled) {
  std::string reasons;
  for (const auto& source : sources) {
    if (std::find(enabled.begin(), enabled.end(), source.source) == enabled.end()) continue;
    if (const std::string reason = trouble(source); !reason.empty())
      reasons += base::format("{}{} {}", reasons.empty() ? "" : "; ", source.source, reason);
  }
  if (!reasons.empty())
    throw RefusedError(
        base::format("nothing is exported: {}. Run 'vuln-datasync sync', or export with "
                     "--allow-stale",
                     reasons));
}

void require_enough(std::uint64_t vulnerabilities, const std::optional<Manifest>& previous,
                    bool allow_shrink) {
  if (vulnerabilities == 0)
    throw RefusedError(
        "nothing is exported: the database holds no vulnerabilities. Run 'vuln-datasync sync'");
  if (!previous || allow_shrink) return;
  const std::uint64_t before = previous->vulnerabilities();
  if (vulnerabilities * 100 < before * least_percent)
    throw RefusedError(
        base::format("nothing is exported: the database holds {} vulnerabilities, less than {} % of the {} "
                     "in snapshot {}. "
                     "See 'vuln-datasync status'; if that is right, export with --allow-shrink",
                     vulnerabilities, least_percent, before, previous->version));
}

}  // namespace snapshot
