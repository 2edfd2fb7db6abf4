// The operator's decisions about pairs of ids, put into force: the decision and what follows from it for the
// merged records are one transaction.
#pragma once

#include <string>

#include "pipeline/options.hpp"
#include "pipeline/report.hpp"
#include "store/overrides.hpp"

namespace pipeline {

/// Puts `decision` in force for its pair. `options` gives database, worker, waiting and stop. Returns what
/// changed. Throws store::LeaseError, pg::Error.
VulnerabilityReport decide_link(const Options& options, const store::LinkOverride& decision);

/// Takes the decision about a pair back. Throws base::Error when there is none.
VulnerabilityReport forget_link(const Options& options, const std::string& a, const std::string& b,
                                const std::string& by);

}  // namespace pipeline
