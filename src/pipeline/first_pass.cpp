#include "pipeline/first_pass.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/format.hpp"
#include "base/log.hpp"
#include "fetch/mirror.hpp"
#include "merge/merge.hpp"
#include "parse/parse.hpp"
#include "pipeline/duplicates.hpp"
#include "pipeline/guards.hpp"
#include "pipeline/scan_chunks.hpp"
#include "store/quarantine.hpp"
#include "store/versions.hpp"

namespace pipeline {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

bool is_short_list(const SourceWork& work) {
  return !work.complete && work.collection->size() + work.collection->removed().size() <= most_looked_up;
}

// The places that a list of changes speaks of.
std::vector<std::string> told_locations(const fetch::Collection& told) {
  std::vector<std::string> locations = told.removed();
  for (std::size_t index = 0; index < told.size(); ++index)
    locations.push_back(told.candidate(index).location);
  return locations;
}

}  // namespace

std::string rules_version() {
  return base::format("parse {}, resolve {}, merge {}", parse::version, resolve::version, merge::version);
}

std::unique_ptr<SourceWork> FirstPass::read(advisory::Source source, SourceReport& report) {
  store::SourceState known;
  if (session_.reads())
    session_.read([&](pg::Connection& connection) { known = store::source_state(connection, source); });
  fetch::Request request = request_for(source, known);
  fetch::Fetched fetched = fetch_source(request, report);
  switch (fetched.state) {
    case fetch::Fetched::State::absent:
      refuse_absent(source);
      return nullptr;
    case fetch::Fetched::State::unchanged:
      if (session_.writes())
        session_.write([&](pg::Connection& connection) {
          store::note_current(connection, source, fetched.fingerprint);
        });
      return nullptr;
    case fetch::Fetched::State::full:
    case fetch::Fetched::State::delta:
      break;
  }
  std::unique_ptr<SourceWork> work = compare(source, std::move(fetched), known);
  if (work->scan.needs_everything) {
    // The list of changes turned out not to tell enough.
    work.reset();
    request.has_copies = true;
    work = compare(source, fetch_source(request, report), known);
  }
  conclude(*work, report);
  return work;
}

fetch::Request FirstPass::request_for(advisory::Source source, const store::SourceState& known) {
  const bool same_rules = known.rules == rules_version();
  fetch::Request request;
  request.source = advisory::to_string(source);
  request.known_fingerprint = same_rules ? known.fingerprint : std::string();
  request.watermark = known.watermark;
  request.full = options_.full || !same_rules;
  request.reconcile = !known.since_reconciled || *known.since_reconciled >= options_.reconcile_interval;
  request.has_copies = known.duplicates > 0;
  request.accept = accept_of(source);
  if (session_.reads()) tell_of_stored(request, source);
  request.dry_run = !session_.writes();
  request.cache = options_.cache / request.source;
  request.stop = options_.stop;
  return request;
}

fetch::Fetched FirstPass::fetch_source(const fetch::Request& request, SourceReport& report) {
  const auto start = Clock::now();
  options_.progress->begin("fetch", request.source, 0);
  report.mode = "full";  // until it says more, also where it fails
  fetch::Fetched fetched = options_.some_records ? options_.some_records(request)
                           : options_.mirror
                               ? fetch::open_mirror(request, *options_.mirror, options_.live.http)
                               : fetch::open_live(request, options_.live);
  stages_.fetch += seconds_since(start);
  report.mode = to_string(fetched.state);
  report.fingerprint = fetched.fingerprint;
  report.bytes_fetched += fetched.bytes_fetched;
  report.route = fetched.route;
  report.route_reason = fetched.route_reason;
  report.mode_reason = fetched.mode_reason;
  report.awaited = fetched.awaited;
  report.vanished = fetched.vanished;
  return fetched;
}

void FirstPass::tell_of_stored(fetch::Request& request, advisory::Source source) {
  request.for_each_stored = [this, source](const fetch::TakeStored& take) { tell_stored(source, take); };
  request.for_some_stored = [this, source](const std::vector<std::string>& ids,
                                           const fetch::TakeStored& take) {
    session_.read(
        [&](pg::Connection& connection) { store::for_some_versions(connection, source, ids, take); });
  };
  request.count_stored = [this, source] {
    std::size_t count = 0;
    session_.read([&](pg::Connection& connection) { count = store::count_versions(connection, source); });
    return count;
  };
}

// What was told once is not told again: a connection that is lost in the middle fails this source.
void FirstPass::tell_stored(advisory::Source source, const fetch::TakeStored& take) {
  bool begun = false;
  session_.read([&](pg::Connection& connection) {
    try {
      store::for_each_version(connection, source, [&](std::string_view id, std::int64_t modified) {
        begun = true;
        take(id, modified);
      });
    } catch (const pg::Error& error) {
      if (begun) throw base::Error(error.what());
      throw;
    }
  });
}

void FirstPass::refuse_absent(advisory::Source source) const {
  const auto& named = options_.must_exist;
  if (std::find(named.begin(), named.end(), source) != named.end())
    throw base::Error(base::format("{}: the mirror {} has no part of this name", advisory::to_string(source),
                                   *options_.mirror));
}

std::unique_ptr<SourceWork> FirstPass::compare(advisory::Source source, fetch::Fetched fetched,
                                               const store::SourceState& known) {
  const auto start = Clock::now();
  auto work = std::make_unique<SourceWork>();
  work->source = source;
  work->collection = std::move(fetched.collection);
  work->complete = fetched.state == fetch::Fetched::State::full;
  work->watermark = std::move(fetched.watermark);
  load_stored(*work, known, {});
  ScanOptions scan_options;
  scan_options.source = source;
  scan_options.threads = options_.parse_threads.at(source);
  scan_options.complete = work->complete;
  scan_options.parse_unchanged = !known.rules.empty() && known.rules != rules_version();
  scan_options.want_samples =
      session_.writes() && dictionaries_.current(source) == nullptr && work->stored.live() == 0;
  // Without a database nothing is stored that could be as it was.
  base::HashSet contents;
  if (!options_.full) contents = base::HashSet::load(contents_file(source), content_marks_title);
  if (session_.reads()) scan_options.contents = &contents;
  scan_options.quarantined = &work->quarantined;
  scan_options.stop = options_.stop;
  scan_options.progress = options_.progress;
  scan_known(*work, known, scan_options);
  remember_contents(*work, contents);
  stages_.parse += seconds_since(start);
  return work;
}

std::filesystem::path FirstPass::contents_file(advisory::Source source) const {
  return options_.cache / advisory::to_string(source) / "contents";
}

// Of everything that the source has now, and of nothing else: the file does not grow.
void FirstPass::remember_contents(SourceWork& work, const base::HashSet& contents) const {
  std::vector<ContentMark> marks = std::exchange(work.scan.marks, {});
  if (!work.complete || marks.empty() || !session_.writes()) return;
  try {
    const base::HashSet now(std::move(marks));
    if (now != contents) now.save(contents_file(work.source), content_marks_title);
  } catch (const base::Error& error) {
    base::log::warn("what is known of an archive cannot be kept, the next sync unpacks all of it again",
                    {{"cause", error.what()}});
  }
}

// A file may hold another record than its name says, and GitLab's names say nothing: what the scan finds then
// is looked up as well.
void FirstPass::scan_known(SourceWork& work, const store::SourceState& known, const ScanOptions& options) {
  std::vector<std::string> found;
  do {
    if (!found.empty()) load_stored(work, known, found);
    options_.progress->begin("parse", advisory::to_string(work.source), work.collection->size());
    work.scan = scan(*work.collection, work.stored, options);
    found.insert(found.end(), work.scan.not_covered.begin(), work.scan.not_covered.end());
  } while (!work.scan.not_covered.empty());
}

void FirstPass::load_stored(SourceWork& work, const store::SourceState& known, std::vector<std::string> ids) {
  if (!session_.reads()) return;
  const bool some = is_short_list(work);
  std::vector<std::string> locations;
  if (some) locations = told_locations(*work.collection);
  if (work.source != advisory::Source::gitlab) {
    for (const std::string& location : locations) ids.push_back(record_id_of(work.source, location));
    locations.clear();
  }
  session_.read([&](pg::Connection& connection) {
    work.stored = some ? store::StoredIndex::load_some(connection, work.source, ids, locations, known.records)
                       : store::StoredIndex::load(connection, work.source);
    work.quarantined = store::load_quarantine(connection, work.source);
  });
}

void FirstPass::conclude(SourceWork& work, SourceReport& report) const {
  const Scan& found = work.scan;
  report.duplicates = found.duplicates;
  report.awaited += found.behind;
  if (!work.complete) report.fingerprint = fetch::with_awaited(report.fingerprint, report.awaited);
  if (const auto refusal = refused_by_guards(work, options_.allow_mass_delete || options_.some_records))
    throw base::Error(*refusal);
  report.quarantined = found.refused.size();
  report.unchanged = found.unchanged;
  report.seen = found.changed.size() + found.refused.size() + found.unchanged;
  report.deleted = found.deleted.size();
}

}  // namespace pipeline
