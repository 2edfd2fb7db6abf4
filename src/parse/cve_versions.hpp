// The versions of one product of a CVE record as OSV ranges, where that can be said without guessing.
//
// The CVE format and OSV mean different things by a list: in CVE the first entry that matches a version
// decides, an entry may say affected, unaffected or unknown, and what no entry matches has the product's
// default status (CVE record format, "product" and "versions"). OSV knows affected versions alone. So an
// entry becomes a range only when nothing before it could take a part of it away, and a complement (default
// affected, with unaffected entries) is only computed where the order of versions is known: strict SemVer.
// What cannot be expressed is not emitted, and stays verbatim beside what was.
#pragma once

#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/json.hpp"

namespace parse {

struct CveVersions {
  std::vector<base::json::Value> ranges;    // OSV ranges
  std::vector<base::json::Value> versions;  // strings: exact versions
  bool affected = false;  // the product says of some version that it is affected, expressed or not
  bool complete = false;  // ranges and versions say all that the product's `versions` say
};

/// `product` holds members of the right types. Without a package only ranges of type GIT make sense: versions
/// of an unnamed thing say nothing.
///
/// Types: `git` with full hashes and a `repo` gives GIT; `semver` with strict SemVer bounds SEMVER; maven,
/// python, rpm and date ECOSYSTEM with `version_type` in its `database_specific`; any other ECOSYSTEM that
/// also has `order_unknown: true` there.
/// Not expressed: bounds that are prose, placeholders ("n/a", "unspecified"), ranges packed into one text or
/// branches ("1.*"); empty intervals; two upper bounds at once; status `unknown`; `changes` whose place
/// inside the interval is not known.
CveVersions ranges_of(const base::json::Value& product, bool has_package, base::Arena& arena);

}  // namespace parse
