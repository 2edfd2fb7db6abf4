// What the packed bytes of an archive's entries are known to unpack to. An entry that lies in a new archive
// just as it lay in an old one was unpacked and verified then: where the record made of it is stored, it need
// not be unpacked again. Of two million records that are published anew every day a few thousand changed.
//
// A base::HashSet of marks holds facts about bytes and knows neither sources' states nor databases, so it
// cannot be out of date.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "base/hash.hpp"

namespace pipeline {

/// Says that certain packed bytes unpack to certain content.
using ContentMark = base::Fast128;

inline constexpr std::string_view content_marks_title = "vuln-datasync contents 1";

/// The mark for the hash of an entry as it lies in its archive (fetch::Reader::packed_hash()) and the fast128
/// of its content.
inline ContentMark content_mark(const base::Fast128& packed, const base::Fast128& content) {
  std::array<std::uint8_t, sizeof(packed) + sizeof(content)> both{};
  std::copy(content.begin(), content.end(), std::copy(packed.begin(), packed.end(), both.begin()));
  return base::fast128(base::bytes_of(both));
}

}  // namespace pipeline
