// Writes the states of an amplified mirror. Streams: what is in memory does not depend on the number of
// records.
#pragma once

#include <cstdint>
#include <functional>
#include <map>

#include "corpus/plan.hpp"
#include "fetch/source.hpp"

namespace corpus {

/// Writes `plan.to`/before, and `plan.to`/after where a second state is asked for, which also gets what the
/// sources publish of the changes alone: osv/DIRECTORY/ID.json and cve/delta/*.zip. The same plan and mirror
/// give the same bytes (of the GitLab part: the same commits). Returns the records of the first state by
/// source. Throws base::Error.
std::map<advisory::Source, std::uint64_t> amplify(const Plan& plan);

}  // namespace corpus
