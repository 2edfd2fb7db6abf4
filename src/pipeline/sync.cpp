// The table of contents of a sync. run() reads like the flow of the data:
//
//   fetch -> first pass -> guards -> components -> second pass (resolve, merge, store) -> finish
#include "pipeline/sync.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "advisory/timestamp.hpp"
#include "base/format.hpp"
#include "base/log.hpp"
#include "fetch/mirror.hpp"
#include "merge/merge.hpp"
#include "parse/parse.hpp"
#include "pipeline/guards.hpp"
#include "pipeline/interrupted.hpp"
#include "pipeline/second_pass.hpp"
#include "pipeline/worklist.hpp"
#include "store/deferred_indexes.hpp"
#include "store/lease.hpp"
#include "store/overrides.hpp"
#include "store/quarantine.hpp"
#include "store/runs.hpp"
#include "store/versions.hpp"

namespace pipeline {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// An upgrade of the program that changes what the same bytes mean changes this, and everything is read again.
std::string rules_version() {
  return base::format("parse {}, resolve {}, merge {}", parse::version, resolve::version, merge::version);
}

class Run {
 public:
  explicit Run(const Options& options)
      : options_(options),
        now_(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())) {}

  Report run() {
    const auto start = Clock::now();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now_).time_since_epoch().count();
    report_.started_at = advisory::format_instant({seconds, 0});
    open_database();
    try {
      for (const advisory::Source source : options_.sources) fetch_and_scan(source);
      if (!work_.empty()) {
        prepare_store();
        write_quarantine();
        run_batches();
        finish_sources();
      }
    } catch (const Interrupted&) {
      report_.state = "interrupted";
    } catch (const std::exception& error) {
      fail_everything(error.what());
    }
    finish(start);
    return std::move(report_);
  }

 private:
  // Takes the lease, notes the run, and completes what a crash may have left of a first load.
  void open_database() {
    if (!options_.database) return;
    connection_.emplace(*options_.database);
    if (options_.dry_run) return;
    lease_ = store::Lease::acquire(*options_.database, options_.worker, options_.wait, options_.stop,
                                   [this](const std::string& holder) {
                                     options_.progress->note("waiting for " + holder + ", which is writing");
                                   });
    report_.run_id = store::start_run(*connection_, options_.worker, now_);
    if (!store::missing_indexes(*connection_).empty()) {
      options_.progress->begin("index", "", 0);
      store::complete_indexes(*options_.database);
    }
    dictionaries_ = store::Dictionaries::load(*connection_);
  }

  // Asks one source for its state and runs the first pass over what it hands over. A failure here is this
  // source's alone, and nothing of it has been written.
  void fetch_and_scan(advisory::Source source) {
    const auto start = Clock::now();
    SourceReport& report = report_.sources[source];
    try {
      fetch_one(source, report);
    } catch (const Interrupted&) {
      throw;
    } catch (const base::Error& error) {
      if (options_.stop.stop_requested()) throw Interrupted();
      fail(source, report, error.what());
    }
    report.seconds = seconds_since(start);
  }

  void fetch_one(advisory::Source source, SourceReport& report) {
    const auto start = Clock::now();
    const std::string rules = rules_version();
    const store::SourceState known =
        connection_ ? store::source_state(*connection_, source) : store::SourceState{};
    const bool same_rules = known.rules == rules;
    fetch::Request request;
    request.source = advisory::to_string(source);
    request.known_fingerprint = same_rules ? known.fingerprint : std::string();
    request.watermark = known.watermark;
    request.full = options_.full || !same_rules;
    request.reconcile = !known.since_reconciled || *known.since_reconciled >= options_.reconcile_interval;
    if (connection_)
      request.for_each_stored = [this, source](const fetch::TakeStored& take) {
        store::for_each_version(*connection_, source, take);
      };
    request.cache = options_.cache / request.source;
    request.stop = options_.stop;
    options_.progress->begin("fetch", request.source, 0);
    fetch::Fetched fetched = fetch_source(request);
    report_.stages.fetch += seconds_since(start);
    report.fingerprint = fetched.fingerprint;
    report.bytes_fetched = fetched.bytes_fetched;
    report.route = fetched.route;
    report.route_reason = fetched.route_reason;
    report.mode_reason = fetched.mode_reason;
    report.awaited = fetched.awaited;
    report.vanished = fetched.vanished;
    switch (fetched.state) {
      case fetch::Fetched::State::absent:
        return absent(source, report);
      case fetch::Fetched::State::unchanged:
        report.mode = "unchanged";
        if (lease_) store::note_current(*connection_, source, fetched.fingerprint);
        return;
      case fetch::Fetched::State::full:
      case fetch::Fetched::State::delta:
        report.mode = fetched.state == fetch::Fetched::State::full ? "full" : "delta";
        return scan_one(source, std::move(fetched), !known.rules.empty() && !same_rules, report);
    }
  }

  fetch::Fetched fetch_source(const fetch::Request& request) const {
    if (options_.some_records) return options_.some_records(request);
    if (options_.mirror) return fetch::open_mirror(request, *options_.mirror);
    return fetch::open_live(request, options_.live);
  }

  void absent(advisory::Source source, SourceReport& report) {
    report.mode = "absent";
    if (std::find(options_.must_exist.begin(), options_.must_exist.end(), source) ==
        options_.must_exist.end())
      return;
    fail(source, report,
         base::format("{}: the mirror {} has no part of this name", advisory::to_string(source),
                      options_.mirror->string()));
  }

  void scan_one(advisory::Source source, fetch::Fetched fetched, bool rules_changed, SourceReport& report) {
    const auto start = Clock::now();
    auto work = std::make_unique<SourceWork>();
    work->source = source;
    work->collection = std::move(fetched.collection);
    work->complete = fetched.state == fetch::Fetched::State::full;
    work->watermark = std::move(fetched.watermark);
    if (connection_) work->stored = store::StoredIndex::load(*connection_, source);
    if (connection_) quarantined_[source] = store::load_quarantine(*connection_, source);
    ScanOptions scan_options;
    scan_options.source = source;
    scan_options.threads = options_.parse_threads.at(source);
    scan_options.complete = work->complete;
    scan_options.parse_unchanged = rules_changed;
    scan_options.want_samples = dictionaries_.current(source) == nullptr && work->stored.size() == 0;
    scan_options.quarantined = &quarantined_[source];
    scan_options.stop = options_.stop;
    scan_options.progress = options_.progress;
    options_.progress->begin("parse", advisory::to_string(source), work->collection->size());
    work->scan = scan(*work->collection, work->stored, scan_options);
    report_.stages.parse += seconds_since(start);
    report.duplicates = work->scan.duplicates;
    report.awaited += work->scan.behind;
    if (!work->complete) report.fingerprint = fetch::with_awaited(report.fingerprint, report.awaited);
    if (const auto refusal = refused_by_guards(*work, options_.allow_mass_delete))
      throw base::Error(*refusal);
    const Scan& found = work->scan;
    report.quarantined = found.refused.size();
    report.unchanged = found.unchanged;
    report.seen = found.changed.size() + found.refused.size() + found.unchanged;
    report.deleted = found.deleted.size();
    work_.push_back(std::move(work));
  }

  // Before the first batch: the database says that these sources are between two states; a first load puts
  // the secondary indexes aside.
  void prepare_store() {
    for (const auto& work : work_) {
      const std::vector<std::string_view> samples(work->scan.samples.begin(), work->scan.samples.end());
      dictionaries_.train(lease_ ? &*connection_ : nullptr, work->source, samples);
      work->scan.samples.clear();
    }
    if (!lease_) return;
    if (options_.some_records) return;
    for (const auto& work : work_) store::begin_source(*connection_, work->source, rules_version());
    store::defer_indexes(*connection_);
  }

  void write_quarantine() {
    if (!lease_) return;
    for (const auto& work : work_)
      store_quarantined(*work, quarantined_[work->source], dictionaries_, *connection_, *report_.run_id,
                        now_);
  }

  // The second pass: whole components in batches, each grouped, merged and written in one transaction.
  void run_batches() {
    std::vector<const SourceWork*> sources;
    for (const auto& work : work_) sources.push_back(work.get());
    const auto overrides =
        connection_ ? store::load_overrides(*connection_) : std::vector<store::LinkOverride>();
    const auto start = Clock::now();
    const Worklist worklist = make_worklist(std::move(sources), connection_ ? &*connection_ : nullptr,
                                            pairs_of(overrides), options_.batch_size);
    report_.stages.resolve += seconds_since(start);
    std::vector<resolve::Override> decisions;
    for (const store::LinkOverride& decision : overrides)
      decisions.push_back({decision.a, decision.b, decision.allow});
    BatchContext context;
    context.work = &worklist;
    context.dictionaries = &dictionaries_;
    context.overrides = decisions;
    context.database = options_.database;
    context.dry_run = !lease_;
    context.run_id = report_.run_id.value_or(0);
    context.epoch = lease_ ? lease_->epoch() : 0;
    context.now = now_;
    context.uids = &uids_;
    BatchCounts counts;
    try {
      run_second_pass(context, options_, counts);
    } catch (...) {
      take_counts(counts);
      throw;
    }
    take_counts(counts);
  }

  static std::vector<std::pair<std::string, std::string>> pairs_of(
      const std::vector<store::LinkOverride>& overrides) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const store::LinkOverride& decision : overrides) pairs.emplace_back(decision.a, decision.b);
    return pairs;
  }

  void take_counts(const BatchCounts& counts) {
    for (const auto& [source, found] : counts.sources) {
      SourceReport& report = report_.sources[source];
      report.inserted += found.inserted;
      report.updated += found.updated;
      report.unchanged += found.unchanged;
    }
    report_.vulnerabilities = counts.vulnerabilities;
    const auto threads = static_cast<double>(options_.writers);
    report_.stages.parse += counts.seconds.parse / threads;
    report_.stages.resolve += counts.seconds.resolve / threads;
    report_.stages.merge += counts.seconds.merge / threads;
    report_.stages.store += counts.seconds.store / threads;
  }

  void finish_sources() {
    if (!lease_ || options_.some_records) return;
    reopen();
    const auto start = Clock::now();
    options_.progress->begin("index", "", 0);
    store::complete_indexes(*options_.database);
    const std::string rules = rules_version();
    for (const auto& work : work_)
      store::finish_source(*connection_, work->source,
                           {.fingerprint = report_.sources[work->source].fingerprint,
                            .rules = rules,
                            // A state that was read whole leaves nothing of an earlier one to remember.
                            .watermark = work->complete ? work->watermark.value_or("") : work->watermark,
                            .reconciled = work->complete});
    report_.stages.store += seconds_since(start);
  }

  void fail(advisory::Source source, SourceReport& report, const std::string& message) {
    report.state = "failed";
    report.error = message;
    base::log::error("source failed", {{"source", advisory::to_string(source)}, {"cause", message}});
    if (lease_) store::fail_source(*connection_, source, message);
  }

  // What fails after the first pass concerns every source that was about to be written.
  void fail_everything(const std::string& message) {
    if (lease_) reopen();
    for (const auto& work : work_) {
      fail(work->source, report_.sources[work->source], message);
    }
  }

  // The second pass has connections of its own; the server may have been restarted meanwhile.
  void reopen() {
    if (connection_->is_alive() && !connection_->in_transaction()) return;
    connection_.emplace(*options_.database);
  }

  void finish(Clock::time_point start) {
    std::size_t failed = 0;
    for (auto& [source, report] : report_.sources) {
      if (report.state == "failed") ++failed;
      // Where batches were left undone, less was taken in than was found.
      if (report.state == "failed" || report_.state == "interrupted")
        report.seen = report.inserted + report.updated + report.unchanged + report.quarantined;
    }
    if (report_.state != "interrupted" && failed > 0)
      report_.state = failed == report_.sources.size() ? "failed" : "partial";
    if (connection_)
      report_.vulnerabilities.total = static_cast<std::uint64_t>(store::count_vulnerabilities(*connection_));
    else
      report_.vulnerabilities.total = report_.vulnerabilities.created;
    report_.seconds = seconds_since(start);
    report_.peak_rss_bytes = peak_rss_bytes();
    if (lease_) store::finish_run(*connection_, *report_.run_id, report_.state, to_json(report_));
  }

  const Options& options_;
  pg::Timestamp now_;
  Report report_;
  std::optional<pg::Connection> connection_;
  std::unique_ptr<store::Lease> lease_;  // none in a dry run
  store::Dictionaries dictionaries_;
  std::map<advisory::Source, std::map<std::string, base::Fast128, std::less<>>> quarantined_;
  std::vector<std::unique_ptr<SourceWork>> work_;
  store::UidSource uids_;
};

}  // namespace

Report sync(const Options& options) {
  return Run(options).run();
}

}  // namespace pipeline
