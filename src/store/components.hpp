// Reading what the database holds of some components: the records, and the vulnerabilities they form.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "advisory/advisory.hpp"
#include "base/hash.hpp"
#include "pg/connection.hpp"
#include "store/dictionaries.hpp"
#include "store/plan.hpp"

namespace store {

/// The key of a source record.
struct RecordKey {
  advisory::Source source = advisory::Source::osv;
  std::string record_id;
  friend auto operator<=>(const RecordKey&, const RecordKey&) = default;
};

/// A stored record as a member of a component: its key and the ids that link it.
struct Member {
  RecordKey key;
  std::vector<std::string> claims;
};

/// A stored record, whole.
struct StoredRecord {
  RecordKey key;
  std::optional<std::int64_t> uid;
  base::Sha256 content_hash{};
  base::Fast128 raw_hash{};
  bool stale = false;
  bool removed = false;
  std::string location;
  std::string raw;  // as received
};

/// The live stored records of every component that holds one of `keys` or names one of `ids`, found by rounds
/// of index probes: the cost grows with the components, not with the database. Keys that are not stored are
/// passed over. `linked` are pairs of ids that belong together whatever the records say (operator decisions).
/// Sorted by key. Throws pg::Error.
std::vector<Member> find_components(pg::Connection& connection, std::span<const RecordKey> keys,
                                    const std::vector<std::string>& ids,
                                    std::span<const std::pair<std::string, std::string>> linked);

/// Streams every live stored record to `take`: for runs that touch most of the database anyway.
void for_each_member(pg::Connection& connection, const std::function<void(Member&&)>& take);

/// Reads the records with these keys (removed ones too), in the order of their keys.
std::vector<StoredRecord> read_records(pg::Connection& connection, std::span<const RecordKey* const> keys,
                                       const Dictionaries& dictionaries,
                                       base::ZstdDecompressor& decompressor);

/// Reads the vulnerabilities with these uids, by uid.
std::vector<StoredVulnerability> read_vulnerabilities(pg::Connection& connection,
                                                      std::span<const std::int64_t> uids);

/// The documents (JSON text) of these vulnerabilities as (uid, text), by uid.
std::vector<std::pair<std::int64_t, std::string>> read_documents(pg::Connection& connection,
                                                                 std::span<const std::int64_t> uids);

}  // namespace store
