// The components that a run touches, cut into batches. A component is all records connected by any claim,
// stored or new, followed or not: grouping and merging depend on nothing outside it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "advisory/advisory.hpp"
#include "fetch/source.hpp"
#include "pg/connection.hpp"
#include "pipeline/scan.hpp"
#include "store/components.hpp"
#include "store/quarantine.hpp"
#include "store/stored_index.hpp"

namespace pipeline {

/// One source of a run, after its first pass.
struct SourceWork {
  advisory::Source source = advisory::Source::osv;
  std::shared_ptr<const fetch::Collection> collection;
  bool complete = true;                  // the collection is the whole source
  std::optional<std::string> watermark;  // what the source wants to be told the next time
  store::StoredIndex stored;
  store::Quarantine quarantined;  // before this run
  Scan scan;
};

/// What becomes of a stored record that a touched component holds.
enum class Fate : std::uint8_t {
  stays,
  replaced,      // a changed candidate takes its place
  removed,       // gone from its source
  turned_stale,  // its source holds something unreadable in its place
};

struct StoredMember {
  store::RecordKey key;
  Fate fate = Fate::stays;
};

/// A member of a component: a changed record of a source, or a stored one.
struct WorkItem {
  static constexpr std::uint8_t stored_records = 0xFF;
  std::uint8_t source = stored_records;  // index into Worklist::sources
  std::uint32_t index = 0;               // into that scan's changed records, or into Worklist::stored
};

struct Worklist {
  std::vector<const SourceWork*> sources;
  std::vector<StoredMember> stored;
  std::vector<WorkItem> items;         // members of one component are neighbours
  std::vector<std::uint32_t> batches;  // where each batch begins in `items`; one more at the end

  std::size_t size() const { return batches.empty() ? 0 : batches.size() - 1; }
  std::span<const WorkItem> batch(std::size_t index) const {
    return std::span(items).subspan(batches[index], batches[index + 1] - batches[index]);
  }
};

/// Finds the components that hold the changed, deleted and refused records of `sources`, and cuts them into
/// batches of `batch_size` records, or fewer where there would be so few batches that some writers had
/// nothing to do at the end (the last may be smaller; a batch is never less than whole components).
/// `connection` is null when there is no database. `linked` are the pairs of ids that operators decided
/// about.
Worklist make_worklist(std::vector<const SourceWork*> sources, pg::Connection* connection,
                       std::span<const std::pair<std::string, std::string>> linked, std::size_t batch_size);

}  // namespace pipeline
