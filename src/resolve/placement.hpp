// Rules 1 to 5 and 7 of resolve.hpp: where every id belongs. Costs O(n) set operations in the number of
// names.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "resolve/naming.hpp"

namespace resolve {

struct Placement {
  std::vector<IdNumber> home;  // by id: one id of its group, the same for all of them; the anchor if any
  std::vector<std::uint8_t> contested;        // by id: tied to several anchors
  std::vector<std::uint8_t> several_anchors;  // by record: names several, denied ones aside
};

Placement place(const Naming& naming, std::span<const Record> records);

inline bool is_retracted(const Record& record) {
  return record.retracted || record.cve_rejected;
}

}  // namespace resolve
