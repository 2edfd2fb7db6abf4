// What a batch has to write: the groups as they are stored, against the groups as they are now. Pure.
//
// Identity over time: a stored vulnerability goes on in the group that holds its public id, else in the first
// (by id) that holds one of its records, else it is removed. Of several that go on in one group the smallest
// uid stays and the others end there. A group in which none goes on gets a new uid.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"

namespace store {

enum class AliasKind : std::uint8_t { id, alias, former, related };

/// "id", "alias", "former", "related": the words in vulnerability_aliases.kind.
std::string_view to_string(AliasKind kind);

struct AliasRow {
  std::string alias;
  AliasKind kind = AliasKind::alias;
  friend auto operator<=>(const AliasRow&, const AliasRow&) = default;
};

/// One vulnerability as the database holds it.
struct StoredVulnerability {
  std::int64_t uid = 0;
  std::string id;
  base::Sha256 document_hash{};
  bool withdrawn = false;
  std::vector<AliasRow> aliases;   // sorted
  std::int64_t first_seen_us = 0;  // microseconds since 1970
};

/// One group as it is now.
struct NewVulnerability {
  std::string_view id;
  std::span<const std::string_view> ids;      // every id of the group, sorted, `id` included
  std::span<const std::string_view> related;  // ids that are nobody's own and that this group claims too
  base::Sha256 document_hash{};
  bool withdrawn = false;
  std::span<const std::int64_t> record_uids;  // where its records belonged until now; without the new ones
};

enum class ChangeKind : std::uint8_t {
  created,
  updated,
  withdrawn,
  restored,
  renamed,
  merged,
  split,
  removed
};

std::string_view to_string(ChangeKind kind);

/// One row of the change feed, without its cursor and its list of fields.
struct Change {
  ChangeKind kind = ChangeKind::updated;
  std::optional<std::uint32_t> group;  // index of the group as it is now; none when removed
  std::int64_t uid = 0;                // when removed
  std::string id;                      // when removed: the id it had
  std::vector<std::string> other_ids;
};

/// What becomes of one group.
struct GroupPlan {
  std::optional<std::int64_t> uid;      // none: give it a new one
  std::optional<std::uint32_t> stored;  // index of the stored vulnerability that goes on here
  bool document_changed = true;         // write its row and its packages
  bool aliases_changed = true;          // write its alias rows
  std::vector<AliasRow> aliases;        // sorted
};

struct Plan {
  std::vector<GroupPlan> groups;         // as the groups given
  std::vector<std::int64_t> ended_uids;  // stored vulnerabilities that go on nowhere
  std::vector<Change> changes;
};

/// Compares the vulnerabilities stored for the records of some whole components with the groups these records
/// form now. Both lists may be in any order; the plan's changes are in the order of the groups, then of uid.
Plan plan_batch(std::span<const StoredVulnerability> stored, std::span<const NewVulnerability> groups);

}  // namespace store
