// Which records have to be looked at together? The components of a run: records that share an id are in one,
// and so are those that a third record links, whatever becomes of the claims. Grouping and merging depend on
// nothing outside a component, so that batches of whole components can be worked on in parallel.
//
// At two million records and five million ids everything must fit into little memory, so ids are known by
// their 64-bit hash alone. Two ids with one hash make one component of two, which costs a little work and
// changes no result: resolve() gives disjoint groups for disjoint records.
//
// An open-addressing table finds the first record that named an id; a union-find over records does the rest.
// One add() costs a cache miss per id. Memory: 12 bytes per slot at a load between 3/8 and 3/4, 16 to 32
// bytes per distinct id, once and a half of that while the table grows; and 4 bytes per record.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "resolve/union_find.hpp"

namespace resolve {

/// The components as two flat lists: component i has members[offsets[i]] up to members[offsets[i + 1]].
struct ComponentList {
  std::vector<std::uint32_t> offsets;  // one more than there are components
  std::vector<std::uint32_t> members;  // records, ascending within a component

  std::size_t size() const { return offsets.size() - 1; }
  std::span<const std::uint32_t> operator[](std::size_t component) const {
    return std::span(members).subspan(offsets[component], offsets[component + 1] - offsets[component]);
  }
};

class Components {
 public:
  /// `ids` is a guess of how many distinct ids will come, which saves growing step by step.
  explicit Components(std::size_t ids = 0);

  /// Adds `record`, which names the ids with these hashes (base::fast64 of their text). The caller numbers
  /// the records, best densely from 0. A record may be added again with more ids.
  void add(std::uint32_t record, std::span<const std::uint64_t> id_hashes);

  /// Puts the records that name one id together with those that name the other, in whatever order all of them
  /// are added: the two sides of an operator's `allow`.
  void link(std::uint64_t id_hash, std::uint64_t other_id_hash) {
    links_.push_back({id_hash, other_id_hash});
  }

  /// The components of the records that were added, ordered by their smallest record: as in the archive, when
  /// records are numbered so. Consumes the object, for its table is freed before the lists are made.
  ComponentList list() &&;

 private:
  // The hash in halves: aligned to 4, a slot takes 12 bytes instead of 16.
  struct Slot {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::uint32_t node = 0xffffffff;  // empty
  };

  void name(std::uint32_t node, std::uint64_t id_hash);
  Slot& slot_for(std::uint64_t id_hash);
  void grow();
  void follow_links();

  std::vector<Slot> slots_;  // as many as a power of two
  std::size_t used_ = 0;
  UnionFind sets_;           // of records, and of links behind them in the end
  std::vector<bool> added_;  // by record
  std::vector<std::array<std::uint64_t, 2>> links_;
};

}  // namespace resolve
