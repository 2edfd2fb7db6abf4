// Two copies of one record in a collection: the later `modified` wins, then the larger, then the first path,
// then the hash of the bytes, so that the order of the collection says nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/advisory.hpp"
#include "fetch/source.hpp"

namespace pipeline {

/// What the first pass found out about one candidate.
struct Outcome {
  enum class Kind : std::uint8_t { unchanged, changed, refused };

  Kind kind = Kind::changed;
  bool newly_retracted = false;
  bool behind = false;
  bool borrowed = false;  // refused: RefusedRecord::borrowed
  std::uint32_t candidate = 0;
  std::uint32_t stored = UINT32_MAX;
  std::uint64_t key = 0;    // key_link of the record
  std::uint32_t first = 0;  // changed: its links; refused: its refusal
  std::uint32_t count = 0;
};

/// The candidates that lose against another copy of the same record, sorted. Copies are found by their key
/// and read again to be compared, so this costs nothing where there are none. A copy that cannot be read
/// loses against one that can.
std::vector<std::uint32_t> losing_duplicates(std::vector<Outcome> outcomes,
                                             const fetch::Collection& collection, advisory::Source source);

/// What a source asks to tell copies of a record apart before they are candidates.
fetch::Accept accept_of(advisory::Source source);

/// The record id that a location tells: the file's name without its ending; GitLab's whole path, because the
/// key is inside the file.
std::string record_id_of(advisory::Source source, std::string_view location);

}  // namespace pipeline
