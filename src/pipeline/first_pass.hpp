// The first half of a run, source by source: what does it hold, and what of it is new?
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "pipeline/options.hpp"
#include "pipeline/report.hpp"
#include "pipeline/session.hpp"
#include "pipeline/worklist.hpp"
#include "store/dictionaries.hpp"
#include "store/runs.hpp"

namespace pipeline {

/// Names the rules by which bytes become records. An upgrade of the program that changes what the same bytes
/// mean changes this, and everything is read again.
std::string rules_version();

class FirstPass {
 public:
  /// `stages` receives the seconds spent. All of these outlive the pass.
  FirstPass(const Options& options, Session& session, const store::Dictionaries& dictionaries,
            StageSeconds& stages)
      : options_(options), session_(session), dictionaries_(dictionaries), stages_(stages) {}

  /// Asks one source for its state, reads and compares what it hands over, and fills `report`. Nothing of the
  /// source is written but that it is current, where it is. Returns null when there is nothing to do: it is
  /// unchanged or absent. Throws base::Error when it fails or a guard refuses it, Interrupted.
  std::unique_ptr<SourceWork> read(advisory::Source source, SourceReport& report);

 private:
  fetch::Request request_for(advisory::Source source, const store::SourceState& known);
  fetch::Fetched fetch_source(const fetch::Request& request, SourceReport& report);
  void tell_of_stored(fetch::Request& request, advisory::Source source);
  void tell_stored(advisory::Source source, const fetch::TakeStored& take);
  void refuse_absent(advisory::Source source) const;
  std::unique_ptr<SourceWork> compare(advisory::Source source, fetch::Fetched fetched,
                                      const store::SourceState& known);
  std::filesystem::path contents_file(advisory::Source source) const;
  void remember_contents(SourceWork& work, const base::HashSet& contents) const;
  void scan_known(SourceWork& work, const store::SourceState& known, const ScanOptions& options);
  void load_stored(SourceWork& work, const store::SourceState& known, std::vector<std::string> ids);
  void conclude(SourceWork& work, SourceReport& report) const;

  const Options& options_;
  Session& session_;
  const store::Dictionaries& dictionaries_;
  StageSeconds& stages_;
};

}  // namespace pipeline
