// Everything a batch holds in memory while it is worked on, and how it gets there: changed records straight
// from their archive, the others from the database.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "advisory/advisory.hpp"
#include "base/arena.hpp"
#include "base/zstd.hpp"
#include "pg/connection.hpp"
#include "pipeline/worklist.hpp"
#include "store/components.hpp"
#include "store/dictionaries.hpp"

namespace pipeline {

/// One record that contributes to the batch's groups.
struct LiveRecord {
  advisory::Advisory advisory;
  std::string_view bytes;  // as received
  std::string_view location;
  const store::StoredRecord* stored = nullptr;  // its version in the database, unless that is marked removed
  bool changed = false;                         // its row must be written
  bool replaces_row = false;                    // a row with its key exists, maybe marked removed
  bool stale = false;
};

struct LoadedBatch {
  std::vector<store::StoredRecord> stored;  // by key; live records point into it
  std::vector<LiveRecord> live;
  std::vector<store::RecordKey> removed;
};

/// Loads batches for one thread. What a batch's records refer to lives in `arena` and in the LoadedBatch.
class BatchLoader {
 public:
  BatchLoader(const Worklist& work, const store::Dictionaries& dictionaries);

  /// `connection` is null when there is no database: then the batch must not hold stored records.
  LoadedBatch load(std::span<const WorkItem> items, pg::Connection* connection, base::Arena& arena);

 private:
  void load_stored(std::span<const WorkItem> items, pg::Connection& connection, base::Arena& arena,
                   LoadedBatch& loaded);
  void load_changed(const WorkItem& item, base::Arena& arena, LoadedBatch& loaded);

  const Worklist& work_;
  const store::Dictionaries& dictionaries_;
  std::vector<std::unique_ptr<fetch::Reader>> readers_;  // as Worklist::sources, made when first needed
  base::ZstdDecompressor decompressor_;
};

}  // namespace pipeline
