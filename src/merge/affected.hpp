// What is affected: per package the whole word of one source.
//
// Entries are of one package when their ecosystem, suffix included, and their normalised name are the same;
// entries without a package when their GIT ranges name the same repositories. Per package the record that is
// heard first gives all of its entries; where that is a GitLab record, so do all other GitLab records about
// the package, because that source writes one file per advisory and package, and each entry then holds its
// file's uuid. Ranges of two sources are never blended. An entry that names neither package nor repository
// cannot be compared, and always stays.
//
// What the others said of a package is a conflict where it differs (merge/ranges.hpp).
#pragma once

#include <string_view>
#include <vector>

#include "advisory/vulnerability.hpp"
#include "base/json.hpp"
#include "merge/severity.hpp"
#include "merge/work.hpp"

namespace merge {

struct AffectedEntry {
  const Speaker* speaker = nullptr;
  const advisory::Affected* affected = nullptr;
};

/// The entries that stand in the document, in the order of the records and, within one, in its own order.
std::vector<AffectedEntry> decide_affected(Work& work);

/// The document's `affected`. The OSV schema wants severities at one level: where any of the packages has its
/// own, `top` goes to each one that has none.
struct AffectedDocument {
  base::json::Value list;
  bool has_severity = false;  // `severity` must not stand at the top of the document
  bool took_top = false;      // `top` stands at one package at least
};

AffectedDocument write_affected(Work& work, const std::vector<AffectedEntry>& entries,
                                const SeverityUnion& top);

/// The rows of affected_packages: one per entry that names a package. `document` is the list just written.
std::vector<advisory::Package> package_rows(const std::vector<AffectedEntry>& entries,
                                            const base::json::Value& document, base::Arena& arena);

}  // namespace merge
