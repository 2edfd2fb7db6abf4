// What a batch's groups mean for the database: rows, identities and the change feed.
#pragma once

#include "base/arena.hpp"
#include "base/zstd.hpp"
#include "pg/connection.hpp"
#include "pipeline/batch_groups.hpp"
#include "pipeline/batch_load.hpp"
#include "store/batch.hpp"

namespace pipeline {

struct BatchContext;
struct BatchCounts;

/// Compares the batch with what is stored and writes the difference in one transaction; a dry run only
/// counts. `connection` is null when there is no database. Counts are complete before anything is sent, so
/// they hold also where a COMMIT's answer is lost. `batch` is where the rows are gathered; what it held is
/// forgotten.
void write_batch(const LoadedBatch& loaded, const Groups& groups, const BatchContext& context,
                 pg::Connection* connection, store::Batch& batch, base::ZstdCompressor& compressor,
                 base::Arena& arena, BatchCounts& counts);

}  // namespace pipeline
