// The second pass over a work list: batches on several threads, and what goes to quarantine beside them.
#pragma once

#include <map>
#include <string>

#include "pipeline/batch_worker.hpp"
#include "pipeline/options.hpp"

namespace pipeline {

/// Runs every batch of context.work on options.writers threads. The first failure stops all of them and is
/// thrown; a stop request rolls back the batches in flight and throws Interrupted. `total` gets what was done
/// in any case.
void run_second_pass(const BatchContext& context, const Options& options, BatchCounts& total);

/// Writes what the first pass refused, with the bytes; takes out what is good again. What is
/// quarantined already with the same bytes is not written twice. Call it in a
/// transaction.
void store_quarantined(const SourceWork& work, const store::Dictionaries& dictionaries,
                       pg::Connection& connection, std::int64_t run_id, pg::Timestamp now);

}  // namespace pipeline
