// Who is heard first. The order of contributors, which every decision of the merge follows:
//
//   1. Records that are not retracted before retracted ones. Retracted ones give values only where all are.
//   2. OSV before GitLab before CVE.
//   3. Within OSV: the home database of a package of the group, then GHSA, then all others.
//   4. By own id, then by record id, bytewise. A GitLab file named after a CVE so comes before its sibling
//   that
//      is named after a GHSA id.
//
// A home database is the one that the maintainers of a package ecosystem publish for it
// (https://ossf.github.io/osv-schema/#id-modified-fields lists them). In rule 3 only those of language
// ecosystems count: a distribution's or a packager's advisory describes an update of theirs, and tells less
// about the vulnerability than GHSA does. Where two records speak of the same package, each ecosystem has its
// home: for AlmaLinux:9/firefox it is ALSA.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "merge/merge.hpp"

namespace merge {

/// Whether the database of ids with this prefix is the home of an ecosystem (without suffix).
bool is_home(std::string_view id_prefix, std::string_view ecosystem_base);

/// A contributor in its place.
struct Speaker {
  const advisory::Advisory* advisory = nullptr;
  std::string_view key;  // source and record id, "osv/GO-2024-1234": how provenance names it
  bool stale = false;
};

struct Order {
  std::vector<Speaker> all;  // the one that is heard first stands first
  std::size_t heard = 0;     // so many of them give values: all, or those that are not retracted

  std::span<const Speaker> givers() const { return std::span(all).first(heard); }
};

Order put_in_order(std::span<const Contributor> contributors, base::Arena& arena);

/// Whether what `a` says of a package of this ecosystem goes before what `b` says. Both are givers.
bool speaks_first(const Speaker& a, const Speaker& b, std::string_view ecosystem_base);

}  // namespace merge
