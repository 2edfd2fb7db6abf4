// Quarantined records, read again from the bytes that were kept: after an upgrade of the program, say.
#pragma once

#include "pipeline/options.hpp"
#include "pipeline/report.hpp"

namespace pipeline {

/// Takes in what can be read now; the rest stays in quarantine. As sync(), for the sources of `options`.
Report retry_quarantined(Options options);

}  // namespace pipeline
