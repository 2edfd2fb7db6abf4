// What a GitLab record says about its one package, as an entry of `affected` in the OSV schema:
//
//   package    from `package_slug` = type "/" name. The name stays as it is, but for maven, where the "/"
//              between group and artifact becomes ":". A type that has no ecosystem in the OSV schema, or a
//              slug without a name: no `package`, and the slug is among the misfits (parse/normalize.hpp).
//   ranges     one per interval of `affected_range`, with its text as `database_specific.affected_range`: no
//              order of versions is needed to write them, and `fixed` never meets `last_affected`.
//                `>=a` introduced: a     no lower bound, `>=0`  introduced: "0"
//                `<b`  fixed: b          `<=b` last_affected: b
//                `>a`  introduced: a, and `database_specific.exclusive` is true: OSV cannot leave out a
//                itself
//              Type SEMVER where the ecosystem orders its versions so and every version of the range is
//              strict SemVer, else ECOSYSTEM. A SEMVER range of Go has no leading "v", as OSV wants it; in an
//              ECOSYSTEM range versions stand as they are written.
//   versions   the versions of equalities, also of those that lie inside another interval
//   database_specific   the members of the file that belong to the package, verbatim; `unparsed` is true
//              where affected_range is in neither grammar (parse/affected_range.hpp): then there are neither
//              ranges nor versions.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "advisory/advisory.hpp"
#include "base/arena.hpp"
#include "base/json.hpp"

namespace parse {

/// The members of a GitLab file that are about its package, sorted.
std::span<const std::string_view> gitlab_package_members();

/// The entry for `record`, whose members have the types of their schema. Nothing when its range matches no
/// version at all: the record is a tombstone.
std::optional<advisory::Affected> gitlab_affected(const base::json::Value& record, base::Arena& arena);

}  // namespace parse
