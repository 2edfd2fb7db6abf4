// Whether the database is in a state to be published.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "snapshot/export.hpp"
#include "snapshot/manifest.hpp"
#include "store/generated/status.hpp"

namespace snapshot {

/// Throws RefusedError when an enabled source has not been brought up to date within its limit, or was never
/// taken in whole although records of it are there.
void require_fresh(const std::vector<store::sql::SourceStatesRow>& sources,
                   const std::vector<std::string>& enabled);

/// Throws RefusedError when there is nothing, or less than 90 % of the previous snapshot's vulnerabilities
/// and `allow_shrink` is not set.
void require_enough(std::uint64_t vulnerabilities, const std::optional<Manifest>& previous,
                    bool allow_shrink);

}  // namespace snapshot
