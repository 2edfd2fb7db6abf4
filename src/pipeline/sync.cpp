// The table of contents of a sync. run() reads like the flow of the data:
//
//   fetch -> first pass -> guards -> components -> second pass (resolve, merge, store) -> finish
#include "pipeline/sync.hpp"

#include <algorithm>
#include <chrono>

#include "advisory/timestamp.hpp"
#include "base/log.hpp"
#include "pipeline/first_pass.hpp"
#include "pipeline/interrupted.hpp"
#include "pipeline/second_pass.hpp"
#include "pipeline/session.hpp"
#include "pipeline/worklist.hpp"
#include "store/deferred_indexes.hpp"
#include "store/lease.hpp"
#include "store/overrides.hpp"
#include "store/runs.hpp"

namespace pipeline {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

class Run {
 public:
  explicit Run(const Options& options)
      : options_(options),
        session_(options),
        now_(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())),
        first_pass_(options, session_, dictionaries_, report_.stages) {}

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
    if (!session_.reads()) return;
    session_.read([this](pg::Connection& connection) {
      dictionaries_ = store::Dictionaries::load(connection);
      if (!session_.writes()) return;
      report_.run_id = store::start_run(connection, options_.worker, now_);
      if (!store::missing_indexes(connection).empty()) complete_first_load();
    });
  }

  // What keeps an index from being built may be a row that this run will replace; its end tries again.
  void complete_first_load() {
    options_.progress->begin("index", "", 0);
    try {
      store::complete_indexes(*options_.database, options_.stop);
    } catch (const pg::Error& error) {
      if (error.retryable() || options_.stop.stop_requested()) throw;
      base::log::warn("an index of the first load cannot be built; the sync goes on without it",
                      {{"cause", error.what()}});
    }
  }

  // Asks one source for its state and runs the first pass over what it hands over. A failure here is this
  // source's alone, and nothing of it has been written.
  void fetch_and_scan(advisory::Source source) {
    const auto start = Clock::now();
    SourceReport& report = report_.sources[source];
    try {
      if (auto work = first_pass_.read(source, report)) work_.push_back(std::move(work));
    } catch (const Interrupted&) {
      throw;
    } catch (const base::Error& error) {
      if (options_.stop.stop_requested()) throw Interrupted();
      fail(source, report, error.what());
    }
    report.seconds = seconds_since(start);
  }

  // Before the first batch: the database says that these sources are between two states; a first load puts
  // the secondary indexes aside.
  void prepare_store() {
    for (const auto& work : work_) {
      const std::vector<std::string_view> samples(work->scan.samples.begin(), work->scan.samples.end());
      dictionaries_.train(work->source, samples);
      work->scan.samples.clear();
    }
    if (!session_.writes()) return;
    session_.write([this](pg::Connection& connection) {
      dictionaries_.save(connection);
      if (options_.some_records) return;
      for (const auto& work : work_) store::begin_source(connection, work->source, rules_version());
    });
    if (!options_.some_records)
      session_.read([](pg::Connection& connection) { store::defer_indexes(connection); });
  }

  void write_quarantine() {
    if (!session_.writes()) return;
    session_.write([this](pg::Connection& connection) {
      for (const auto& work : work_)
        store_quarantined(*work, dictionaries_, connection, *report_.run_id, now_);
    });
  }

  // The second pass: whole components in batches, each grouped, merged and written in one transaction.
  void run_batches() {
    std::vector<const SourceWork*> sources;
    for (const auto& work : work_) sources.push_back(work.get());
    const auto start = Clock::now();
    std::vector<store::LinkOverride> overrides;
    Worklist worklist;
    if (session_.reads())
      session_.read([&](pg::Connection& connection) {
        overrides = store::load_overrides(connection);
        worklist = make_worklist(sources, &connection, pairs_of(overrides), options_.batch_size);
      });
    else
      worklist = make_worklist(sources, nullptr, {}, options_.batch_size);
    // What links records has served its purpose, and there is much of it in a first load.
    for (const auto& work : work_) {
      work->scan.links = {};
      work->scan.ids = {};
    }
    report_.stages.resolve += seconds_since(start);
    std::vector<resolve::Override> decisions;
    for (const store::LinkOverride& decision : overrides)
      decisions.push_back({decision.a, decision.b, decision.allow});
    BatchContext context;
    context.work = &worklist;
    context.dictionaries = &dictionaries_;
    context.overrides = decisions;
    context.database = options_.database;
    context.dry_run = !session_.writes();
    context.run_id = report_.run_id.value_or(0);
    context.epoch = session_.epoch();
    context.now = now_;
    context.uids = &uids_;
    context.check = [this] { session_.check(); };
    context.stop = options_.stop;
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
    if (!session_.writes() || options_.some_records) return;
    const auto start = Clock::now();
    options_.progress->begin("index", "", 0);
    session_.read([this](pg::Connection&) { store::complete_indexes(*options_.database, options_.stop); });
    const std::string rules = rules_version();
    session_.write([&](pg::Connection& connection) {
      for (const auto& work : work_)
        store::finish_source(connection, work->source,
                             {.fingerprint = report_.sources[work->source].fingerprint,
                              .rules = rules,
                              // A state that was read whole leaves nothing of an earlier one to remember.
                              .watermark = work->complete ? work->watermark.value_or("") : work->watermark,
                              .reconciled = work->complete,
                              .duplicates = work->scan.duplicates});
    });
    are_finished_ = true;
    report_.stages.store += seconds_since(start);
  }

  // Its failure is the source's alone.
  void fail(advisory::Source source, SourceReport& report, const std::string& message) {
    mark_failed(source, report, message);
    try {
      if (session_.writes())
        session_.write([&](pg::Connection& connection) { store::fail_source(connection, source, message); });
    } catch (const base::Error& error) {
      base::log::warn("the failure could not be noted in the database", {{"cause", error.what()}});
    }
  }

  static void mark_failed(advisory::Source source, SourceReport& report, const std::string& message) {
    report.state = "failed";
    report.error = message;
    base::log::error("source failed", {{"source", advisory::to_string(source)}, {"cause", message}});
  }

  // What fails after the first pass concerns every source but those that were found unchanged. Where it is
  // the database that failed, it was tried often enough: one attempt notes them all.
  void fail_everything(const std::string& message) {
    std::vector<advisory::Source> failed;
    for (const advisory::Source source : options_.sources) {
      SourceReport& report = report_.sources[source];
      const bool written = std::any_of(work_.begin(), work_.end(),
                                       [source](const auto& work) { return work->source == source; });
      const bool looked_at = report.mode == "unchanged" || report.seconds > 0;
      if (report.state == "failed" || (!written && looked_at)) continue;
      mark_failed(source, report, message);
      failed.push_back(source);
    }
    try {
      if (session_.writes()) note_failed(failed, message);
    } catch (const base::Error& error) {
      base::log::warn("the failure could not be noted in the database", {{"cause", error.what()}});
    }
  }

  void note_failed(const std::vector<advisory::Source>& sources, const std::string& message) {
    pg::Connection connection(*options_.database);
    store::write_fenced(connection, session_.epoch(), [&](pg::Connection& fenced) {
      for (const advisory::Source source : sources) store::fail_source(fenced, source, message);
    });
  }

  bool is_settled(const SourceReport& report) const {
    return are_finished_ || report.mode == "unchanged" || report.mode == "absent";
  }

  void finish(Clock::time_point start) {
    std::size_t failed = 0;
    std::size_t committed = 0;
    for (auto& [source, report] : report_.sources) {
      if (report_.state == "interrupted" && report.seconds == 0) {
        report.state = "failed";
        report.error = "interrupted before it was read";
      } else if (report_.state == "interrupted" && report.state != "failed" && !is_settled(report)) {
        report.state = "failed";
        report.error = "interrupted; what was written stays";
        report.fingerprint.clear();
      }
      if (report.state == "failed")
        ++failed;
      else if (report.mode != "absent")
        ++committed;
      // Where batches were left undone, less was taken in than was found.
      if (report.state == "failed" || report_.state == "interrupted")
        report.seen = report.inserted + report.updated + report.unchanged + report.quarantined;
    }
    if (report_.state != "interrupted" && failed > 0) report_.state = committed == 0 ? "failed" : "partial";
    report_.vulnerabilities.total = report_.vulnerabilities.created;
    report_.seconds = seconds_since(start);
    report_.peak_rss_bytes = peak_rss_bytes();
    try {
      if (options_.database) note_run();
    } catch (const base::Error& error) {
      base::log::warn("the end of the run could not be noted", {{"cause", error.what()}});
    }
  }

  // On a connection of its own: a stop request, which has ended everything else, leaves it alone.
  void note_run() {
    pg::Connection connection(*options_.database);
    report_.vulnerabilities.total = static_cast<std::uint64_t>(store::count_vulnerabilities(connection));
    if (session_.writes())
      store::write_fenced(connection, session_.epoch(), [this](pg::Connection& fenced) {
        store::finish_run(fenced, *report_.run_id, report_.state, to_json(report_));
      });
  }

  const Options& options_;
  Session session_;
  pg::Timestamp now_;
  Report report_;
  bool are_finished_ = false;  // the sources of this run
  store::Dictionaries dictionaries_;
  FirstPass first_pass_;
  std::vector<std::unique_ptr<SourceWork>> work_;
  store::UidSource uids_;
};

}  // namespace

Report sync(const Options& options) {
  return Run(options).run();
}

}  // namespace pipeline
