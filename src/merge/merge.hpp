// Which value wins? The records of one group to one document. A pure function of the contributors: no clock,
// no order of arrival. The rules are in docs/merging.md.
#pragma once

#include <span>

#include "advisory/advisory.hpp"
#include "advisory/vulnerability.hpp"
#include "base/arena.hpp"
#include "resolve/resolve.hpp"

namespace merge {

inline constexpr int version = 1;  // as parse::version

struct Contributor {
  const advisory::Advisory* advisory = nullptr;
  bool stale = false;  // the last good version of a record that is unreadable now
};

/// Merges the contributors of `group`, which must be given in the order of group.records. `resolved` are the
/// records that resolve was given (for naming unfollowed claims).
advisory::Vulnerability merge(const resolve::Group& group, std::span<const Contributor> contributors,
                              std::span<const resolve::Record> resolved, base::Arena& arena);

}  // namespace merge
