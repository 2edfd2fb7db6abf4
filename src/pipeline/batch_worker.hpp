// The second pass: one batch of whole components, read, grouped, merged and written in one transaction.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "base/arena.hpp"
#include "base/zstd.hpp"
#include "pg/cancel_on_stop.hpp"
#include "pg/connection.hpp"
#include "pipeline/batch_load.hpp"
#include "pipeline/report.hpp"
#include "pipeline/worklist.hpp"
#include "resolve/resolve.hpp"
#include "store/batch.hpp"
#include "store/dictionaries.hpp"
#include "store/uid_source.hpp"

namespace pipeline {

/// Attempts at something that failed for a reason that may pass, and the delays between them: over a minute
/// in all, long enough for a server that is being restarted.
inline constexpr int most_attempts = 10;
inline constexpr std::chrono::milliseconds first_retry_delay{100};
inline constexpr std::chrono::seconds longest_retry_delay{15};

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
  std::function<void()> check;                  // before each batch, if set: throws where it is not to begin
  std::stop_token stop;
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
  /// pg::Error, store::LeaseError or fetch::Error; Interrupted on a stop request, which rolls the batch back.
  void run(std::size_t index);

  const BatchCounts& counts() const { return counts_; }

 private:
  void attempt(std::size_t index, BatchCounts& counts);
  bool was_committed();
  void stop_if_asked() const;

  const BatchContext& context_;
  std::optional<pg::Connection> connection_;
  std::optional<pg::CancelOnStop> cancel_;
  BatchLoader loader_;
  base::Arena arena_;
  store::Batch batch_;
  base::ZstdCompressor compressor_;
  BatchCounts counts_;
};

}  // namespace pipeline
