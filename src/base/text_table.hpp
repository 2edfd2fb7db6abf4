// A hash table from a text to the number of an entry; the texts stay with the entries' owner. Open
// addressing, 8 bytes a slot: beside the number stands a part of the hash, so that a lookup hardly ever
// touches the text of another entry, and growing touches none.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/hash.hpp"

namespace base {

class TextTable {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  /// The entry of `text`, or `none`. `text_of(entry)` is the text of an entry; it decides, whatever the
  /// hashes say.
  template <typename TextOf>
  std::uint32_t find(std::string_view text, TextOf text_of) const {
    return slots_.empty() ? none : slots_[slot_of(text, hash_of(text), text_of)].entry;
  }

  /// The place of `text`, where its entry stands, or `none` when it is new: the caller then puts an entry
  /// there. Valid until the next call.
  template <typename TextOf>
  std::uint32_t& place(std::string_view text, TextOf text_of) {
    if ((used_ + 1) * 4 > slots_.size() * 3) grow();
    const std::uint32_t hash = hash_of(text);
    Slot& slot = slots_[slot_of(text, hash, text_of)];
    if (slot.entry == none) ++used_;
    slot.hash = hash;
    return slot.entry;
  }

 private:
  struct Slot {
    std::uint32_t entry = none;
    std::uint32_t hash = 0;
  };

  static std::uint32_t hash_of(std::string_view text) { return static_cast<std::uint32_t>(fast64(text)); }

  template <typename TextOf>
  std::size_t slot_of(std::string_view text, std::uint32_t hash, TextOf text_of) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at].entry != none && (slots_[at].hash != hash || text_of(slots_[at].entry) != text))
      at = (at + 1) & mask;
    return at;
  }

  void grow() {
    std::vector<Slot> grown(std::max<std::size_t>(1024, slots_.size() * 2));
    const std::size_t mask = grown.size() - 1;
    for (const Slot& slot : slots_) {
      if (slot.entry == none) continue;
      std::size_t at = slot.hash & mask;
      while (grown[at].entry != none) at = (at + 1) & mask;
      grown[at] = slot;
    }
    slots_.swap(grown);
  }

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace base
