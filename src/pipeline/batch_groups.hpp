// The records of a batch to groups, and each group to its merged vulnerability.
#pragma once

#include <span>
#include <vector>

#include "advisory/vulnerability.hpp"
#include "base/arena.hpp"
#include "pipeline/batch_load.hpp"
#include "resolve/resolve.hpp"

namespace pipeline {

struct Groups {
  std::vector<resolve::Record> records;  // as LoadedBatch::live
  resolve::Result resolved;
  std::vector<advisory::Vulnerability> merged;  // as resolved.groups
};

/// Groups the live records; only those of `overrides` count whose ids the batch names.
Groups resolve_batch(const LoadedBatch& loaded, std::span<const resolve::Override> overrides);

/// Fills `groups.merged`.
void merge_batch(const LoadedBatch& loaded, Groups& groups, base::Arena& arena);

}  // namespace pipeline
