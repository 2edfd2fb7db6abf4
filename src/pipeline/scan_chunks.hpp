// The first pass over single candidates, by several threads: which chunk of a collection holds what.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/advisory.hpp"
#include "fetch/source.hpp"
#include "parse/parse.hpp"
#include "pipeline/content_mark.hpp"
#include "pipeline/duplicates.hpp"
#include "pipeline/scan.hpp"
#include "store/stored_index.hpp"

namespace pipeline {

// Beyond this many changed records the components are found by reading all claims: that takes no longer then
// than looking up their ids one by one, and the ids as text need not be kept.
inline constexpr std::size_t most_looked_up = 50'000;

/// What was found in some neighbouring candidates.
struct Chunk {
  std::vector<Outcome> outcomes;
  std::vector<std::uint64_t> links;
  std::vector<std::string> ids;  // of the first most_looked_up changed records
  std::vector<parse::Refusal> refusals;
  std::vector<std::string> released;  // quarantined ids that were read as good
  std::vector<std::string> samples;
  std::vector<ContentMark> marks;
  std::vector<std::string> not_covered;  // see Scan
};

/// The stored record that came from `location`. GitLab's key is inside the file; the other sources name the
/// file after it.
std::optional<std::uint32_t> find_by_location(const store::StoredIndex& stored, advisory::Source source,
                                              std::string_view location);

/// Reads all candidates with `options.threads` threads; the chunks are in the order of the collection. Throws
/// as scan() does.
std::vector<Chunk> scan_chunks(const fetch::Collection& collection, const store::StoredIndex& stored,
                               const ScanOptions& options);

}  // namespace pipeline
