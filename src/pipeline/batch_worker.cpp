#include "pipeline/batch_worker.hpp"

#include <chrono>

#include "base/backoff.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"
#include "pipeline/batch_groups.hpp"
#include "pipeline/batch_write.hpp"
#include "pipeline/interrupted.hpp"
#include "store/generated/batch.hpp"

namespace pipeline {

namespace {

// Adds the seconds until its end to `into`.
class Stopwatch {
 public:
  explicit Stopwatch(double& into) : into_(into), start_(std::chrono::steady_clock::now()) {}
  ~Stopwatch() { into_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  double& into_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace

void BatchCounts::add(const BatchCounts& other) {
  for (const auto& [source, counts] : other.sources) {
    sources[source].inserted += counts.inserted;
    sources[source].updated += counts.updated;
    sources[source].unchanged += counts.unchanged;
  }
  vulnerabilities.created += other.vulnerabilities.created;
  vulnerabilities.updated += other.vulnerabilities.updated;
  vulnerabilities.withdrawn += other.vulnerabilities.withdrawn;
  vulnerabilities.renamed += other.vulnerabilities.renamed;
  vulnerabilities.merged += other.vulnerabilities.merged;
  vulnerabilities.split += other.vulnerabilities.split;
  vulnerabilities.removed += other.vulnerabilities.removed;
  seconds.parse += other.seconds.parse;
  seconds.resolve += other.seconds.resolve;
  seconds.merge += other.seconds.merge;
  seconds.store += other.seconds.store;
}

BatchWorker::BatchWorker(const BatchContext& context)
    : context_(context), loader_(*context.work, *context.dictionaries), batch_(context.run_id, context.now) {}

void BatchWorker::run(std::size_t index) {
  base::Backoff backoff(first_retry_delay, longest_retry_delay);
  std::optional<BatchCounts> unsure;  // of the last attempt, when the answer to its COMMIT was lost
  for (int attempts = 1;; ++attempts) {
    BatchCounts counts;
    try {
      if (context_.database && !connection_) {
        connection_.emplace(*context_.database);
        cancel_.emplace(*connection_, context_.stop);
      }
      if (unsure && was_committed()) {
        counts = *unsure;
      } else {
        unsure.reset();
        attempt(index, counts);
      }
      counts_.add(counts);
      return;
    } catch (const pg::Error& error) {
      stop_if_asked();
      if (!error.retryable() || attempts == most_attempts) throw;
      base::log::warn("a batch failed and is tried again", {{"attempt", attempts}, {"cause", error.what()}});
      if (!unsure && counts.complete && error.connection_lost() && !batch_.transaction().empty())
        unsure = counts;
      cancel_.reset();
      connection_.reset();
    }
    base::sleep_for(backoff.next(), context_.stop);
  }
}

// Whether what the last attempt wrote is there. Doing it again would meet its own rows. Throws a retryable
// error while the server is still at it.
bool BatchWorker::was_committed() {
  const auto found = store::sql::transaction_status(*connection_, batch_.transaction());
  const std::string status = found ? found->status.value_or("") : "";
  if (status == "in progress")
    throw pg::Error("the transaction whose answer was lost is still under way", {}, true);
  return status == "committed";
}

void BatchWorker::stop_if_asked() const {
  if (context_.stop.stop_requested()) throw Interrupted();
}

void BatchWorker::attempt(std::size_t index, BatchCounts& counts) {
  arena_.reset();
  pg::Connection* const connection = connection_ ? &*connection_ : nullptr;
  LoadedBatch loaded;
  stop_if_asked();
  {
    const Stopwatch watch(counts.seconds.parse);
    loaded = loader_.load(context_.work->batch(index), connection, arena_);
  }
  Groups groups;
  {
    const Stopwatch watch(counts.seconds.resolve);
    groups = resolve_batch(loaded, context_.overrides);
  }
  {
    const Stopwatch watch(counts.seconds.merge);
    merge_batch(loaded, groups, arena_);
  }
  stop_if_asked();
  const Stopwatch watch(counts.seconds.store);
  write_batch(loaded, groups, context_, connection, batch_, compressor_, arena_, counts);
}

}  // namespace pipeline
