// Records that could not be taken in, with the reason and the bytes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/advisory.hpp"
#include "base/hash.hpp"
#include "pg/connection.hpp"
#include "store/dictionaries.hpp"

namespace store {

struct QuarantinedRecord {
  advisory::Source source = advisory::Source::osv;
  std::string record_id;
  std::string_view reason;
  std::string detail;
  std::string location;
  base::Fast128 raw_hash{};
  std::string frame;                       // the bytes, compressed
  std::optional<pg::Timestamp> listed_at;  // their version, where the source lists its records
};

/// What a run has to know about a record that is in quarantine already.
struct Quarantined {
  std::string location;
  base::Fast128 raw_hash{};
};
using Quarantine = std::map<std::string, Quarantined, std::less<>>;  // by record id

/// The quarantined records of one source.
Quarantine load_quarantine(pg::Connection& connection, advisory::Source source);

/// Writes one record; first_seen stays when it was there before.
void put_quarantined(pg::Connection& connection, const QuarantinedRecord& record, std::int64_t run_id,
                     pg::Timestamp now);

/// Notes that these records are still as bad as they were.
void touch_quarantined(pg::Connection& connection, advisory::Source source,
                       std::span<const std::string> record_ids, std::int64_t run_id, pg::Timestamp now);

/// Takes records out: they can be read again, or are gone from their source.
void release_quarantined(pg::Connection& connection, advisory::Source source,
                         std::span<const std::string> record_ids);

}  // namespace store
