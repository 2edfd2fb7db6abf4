// The second pass: one batch of whole components, read, grouped, merged and written in one transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/arena.hpp"
#include "base/zstd.hpp"
#include "pg/connection.hpp"
#include "pipeline/batch_load.hpp"
#include "pipeline/report.hpp"
#include "pipeline/worklist.hpp"
#include "resolve/resolve.hpp"
#include "store/batch.hpp"
#include "store/dictionaries.hpp"
#include "store/uid_source.hpp"

namespace pipeline {

/// What all workers of a run share. Nothing here changes while they run but the uids.
struct BatchContext {
  const Worklist* work = nullptr;
  const store::Dictionaries* dictionaries = nullptr;
  std::span<const resolve::Override> overrides;
  std::optional<pg::Settings> database;  // none: nothing is read from or written to a database
  bool dry_run = false;
  std::int64_t run_id = 0;
  std::int64_t epoch = 0;
  pg::Timestamp now;
  store::UidSource* uids = nullptr;
  std::function<void(pg::Connection&)> within;  // done in each batch's transaction, if set
};

/// What batches did, added up over workers.
struct BatchCounts {
  struct PerSource {
    std::uint64_t inserted = 0;
    std::uint64_t updated = 0;
    std::uint64_t unchanged = 0;  // other bytes, the same content
  };
  std::map<advisory::Source, PerSource> sources;
  VulnerabilityReport vulnerabilities;
  StageSeconds seconds;
  bool complete = false;  // everything the batch means is counted; only sending it is left

  void add(const BatchCounts& other);
};

/// Works on one batch after the other, with a connection of its own. Belongs to one thread.
class BatchWorker {
 public:
  explicit BatchWorker(const BatchContext& context);

  /// Does batch `index`; a failure that may pass (a lost connection, a deadlock) is tried again. Throws
  /// pg::Error, store::LeaseError or fetch::Error.
  void run(std::size_t index);

  const BatchCounts& counts() const { return counts_; }

 private:
  void attempt(std::size_t index, BatchCounts& counts);
  void compress(const LoadedBatch& loaded, std::vector<std::string_view>& frames);

  const BatchContext& context_;
  std::optional<pg::Connection> connection_;
  BatchLoader loader_;
  base::Arena arena_;
  base::ZstdCompressor compressor_;
  std::string frame_;
  BatchCounts counts_;
};

}  // namespace pipeline
