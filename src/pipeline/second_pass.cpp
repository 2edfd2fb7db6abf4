#include "pipeline/second_pass.hpp"

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "pipeline/interrupted.hpp"
#include "store/quarantine.hpp"

namespace pipeline {

void run_second_pass(const BatchContext& context, const Options& options, BatchCounts& total) {
  const Worklist& work = *context.work;
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex mutex;
  options.progress->begin("store", "", work.items.size());
  const auto run = [&] {
    BatchWorker worker(context);
    try {
      for (std::size_t i = next++; i < work.size(); i = next++) {
        if (options.stop.stop_requested()) throw Interrupted();
        if (context.check) context.check();
        worker.run(i);
        options.progress->advance(work.batch(i).size());
      }
    } catch (...) {
      const std::scoped_lock lock(mutex);
      if (!failure) failure = std::current_exception();
      next = work.size();
    }
    const std::scoped_lock lock(mutex);
    total.add(worker.counts());
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < options.writers && i < work.size(); ++i) others.emplace_back(run);
    run();
  }
  if (failure) std::rethrow_exception(failure);
}

namespace {

// The version of the bytes that were refused: what they say themselves, where that is older than what is
// listed.
std::optional<pg::Timestamp> listed_at(const fetch::Candidate& candidate, const parse::Refusal& refusal) {
  if (!candidate.versions) return std::nullopt;
  std::int64_t version = candidate.versions->listed;
  if (refusal.modified) version = std::min(version, advisory::to_microseconds(*refusal.modified));
  return pg::Timestamp(std::chrono::microseconds(version));
}

}  // namespace

void store_quarantined(const SourceWork& work, const store::Dictionaries& dictionaries,
                       pg::Connection& connection, std::int64_t run_id, pg::Timestamp now) {
  const auto reader = work.collection->reader();
  base::ZstdCompressor compressor;
  std::vector<std::string> again;
  for (const RefusedRecord& refused : work.scan.refused) {
    const fetch::Candidate candidate = work.collection->candidate(refused.candidate);
    const std::string_view bytes = reader->read(refused.candidate);
    const base::Fast128 hash = base::fast128(bytes);
    const auto known = work.quarantined.find(refused.record_id);
    if (known != work.quarantined.end() && known->second.raw_hash == hash && !candidate.versions) {
      again.push_back(refused.record_id);
      continue;
    }
    store::QuarantinedRecord record{work.source,
                                    refused.record_id,
                                    parse::to_string(refused.refusal.reason),
                                    refused.refusal.detail,
                                    candidate.location,
                                    hash,
                                    {},
                                    listed_at(candidate, refused.refusal)};
    compressor.compress(bytes, dictionaries.current(work.source), record.frame);
    store::put_quarantined(connection, record, run_id, now);
  }
  store::touch_quarantined(connection, work.source, again, run_id, now);
  store::release_quarantined(connection, work.source, work.scan.released);
}

}  // namespace pipeline
