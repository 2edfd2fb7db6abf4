// What a run did: the sync report of the contract, and the body of a finished sync job.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "advisory/advisory.hpp"

namespace pipeline {

/// `seen` counts distinct records that were looked at:
/// seen = inserted + updated + unchanged + quarantined, always.
struct SourceReport {
  std::string_view mode = "absent";      // full, delta, unchanged, absent
  std::string_view state = "succeeded";  // succeeded, failed
  std::string fingerprint;
  std::uint64_t bytes_fetched = 0;
  std::string route;          // of a live source with several ways: "gcs", "http"
  std::string route_reason;   // why it was not the first way
  std::string mode_reason;    // why this mode, where that was a choice
  std::uint64_t awaited = 0;  // records that the source lists otherwise than it has them: asked for again
  std::uint64_t vanished =
      0;  // stored records that it lists no more: a reconciliation tells whether they are gone
  std::uint64_t seen = 0;
  std::uint64_t inserted = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t deleted = 0;
  std::uint64_t duplicates = 0;
  double seconds = 0;
  std::optional<std::string> error;
};

struct VulnerabilityReport {
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t withdrawn = 0;
  std::uint64_t renamed = 0;
  std::uint64_t merged = 0;
  std::uint64_t split = 0;
  std::uint64_t removed = 0;
  std::uint64_t total = 0;
};

/// Seconds of a stage, summed over its threads and divided by their number.
struct StageSeconds {
  double fetch = 0;
  double parse = 0;
  double resolve = 0;
  double merge = 0;
  double store = 0;
};

struct Report {
  std::optional<std::int64_t> run_id;    // none for a dry run
  std::string_view state = "succeeded";  // succeeded, partial, failed, interrupted
  std::string started_at;
  double seconds = 0;
  std::uint64_t peak_rss_bytes = 0;
  std::map<advisory::Source, SourceReport> sources;
  VulnerabilityReport vulnerabilities;
  StageSeconds stages;
};

/// The report as one JSON object, in the contract's order of members.
std::string to_json(const Report& report);

/// The most memory that this process ever had in RAM.
std::uint64_t peak_rss_bytes();

}  // namespace pipeline
