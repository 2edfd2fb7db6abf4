// Products of a CVE record: those that OSV can name become entries of `affected`, the others stay as they
// are.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "advisory/advisory.hpp"
#include "base/arena.hpp"
#include "base/json.hpp"

namespace parse {

/// Reads the products of one container (members of the right types). A product becomes an entry when it says
/// that something is affected, and it names a package of an OSV ecosystem or has ranges between full git
/// hashes and a `repo`. Everything of it that the entry does not say stands below the entry's
/// `database_specific`: `cve` (the product without what was mapped) and `container` (`origin`: "cna" or
/// "adp:NAME"). Returns the products that did not become entries, verbatim.
std::vector<base::json::Value> read_products(std::span<const base::json::Value> products,
                                             std::string_view origin, base::Arena& arena,
                                             std::vector<advisory::Affected>& affected);

}  // namespace parse
