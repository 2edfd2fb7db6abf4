#include "resolve/components.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace resolve {

namespace {

constexpr std::uint32_t empty = 0xffffffff;
constexpr std::size_t fewest_slots = 64;

// Linear probing stays short up to a load of three quarters.
bool is_full(std::size_t used, std::size_t slots) {
  return used + 1 > slots / 4 * 3;
}

}  // namespace

Components::Components(std::size_t ids) : slots_(std::bit_ceil(std::max(fewest_slots, ids / 3 * 4 + 4))) {}

void Components::add(std::uint32_t record, std::span<const std::uint64_t> id_hashes) {
  sets_.grow(std::size_t{record} + 1);
  if (added_.size() <= record) added_.resize(std::size_t{record} + 1, false);
  added_[record] = true;
  for (const std::uint64_t id_hash : id_hashes) name(record, id_hash);
}

void Components::name(std::uint32_t node, std::uint64_t id_hash) {
  Slot* slot = &slot_for(id_hash);
  if (slot->node != empty) {
    sets_.unite(node, slot->node);
    return;
  }
  if (is_full(used_, slots_.size())) {
    grow();
    slot = &slot_for(id_hash);
  }
  *slot = {static_cast<std::uint32_t>(id_hash), static_cast<std::uint32_t>(id_hash >> 32), node};
  ++used_;
}

// The slot of the id, or the empty one where it is to go.
Components::Slot& Components::slot_for(std::uint64_t id_hash) {
  const std::size_t mask = slots_.size() - 1;
  const auto low = static_cast<std::uint32_t>(id_hash);
  const auto high = static_cast<std::uint32_t>(id_hash >> 32);
  for (std::size_t at = id_hash & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.node == empty || (slot.low == low && slot.high == high)) return slot;
  }
}

void Components::grow() {
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
  for (const Slot& slot : old)
    if (slot.node != empty) slot_for((std::uint64_t{slot.high} << 32) | slot.low) = slot;
}

// Each link becomes a node of its own behind the records, so that a chain of links holds even over ids that
// no record names. The smallest member represents a set: where there is a record, it does.
void Components::follow_links() {
  std::size_t node = sets_.size();
  sets_.grow(node + links_.size());
  for (const auto& link : links_) {
    for (const std::uint64_t id_hash : link) name(static_cast<std::uint32_t>(node), id_hash);
    ++node;
  }
}

ComponentList Components::list() && {
  follow_links();
  slots_ = {};
  // Counting sort by representative: first the sizes, then the ends, which filling from behind turns into
  // beginnings.
  std::vector<std::uint32_t> end_of(added_.size(), 0);  // by representative
  ComponentList result;
  for (std::uint32_t record = 0; record < added_.size(); ++record)
    if (added_[record]) ++end_of[sets_.find(record)];
  std::uint32_t end = 0;
  result.offsets.push_back(0);
  for (std::uint32_t record = 0; record < added_.size(); ++record) {
    if (end_of[record] == 0) continue;
    end += end_of[record];
    end_of[record] = end;
    result.offsets.push_back(end);
  }
  result.members.resize(end);
  for (auto record = static_cast<std::uint32_t>(added_.size()); record-- > 0;)
    if (added_[record]) result.members[--end_of[sets_.find(record)]] = record;
  return result;
}

}  // namespace resolve
