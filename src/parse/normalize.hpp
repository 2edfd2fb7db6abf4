// What a source itself has wrong, moved out of the way: every part that this file returns is accepted by the
// OSV JSON schema 1.7.5 (https://github.com/ossf/osv-schema, validation/schema.json), and nothing is lost.
//
// A misfit is something of the right type that the schema does not accept where it stands. It moves,
// verbatim, to `vuln_datasync.invalid`, an object with one array per member:
//   - misfits of an entry of `affected` below the entry's own `database_specific`: `package`, `severity`,
//     `ranges`, members that the schema does not know, and `database_specific` (a source's own
//     `vuln_datasync`, which stood where ours stands);
//   - all others at the top of Advisory::rest: `severity`, `references`, `credits`, `published`, `withdrawn`,
//     and a member `vuln_datasync` of the source.
// The rules:
//   package     without name or ecosystem, or of an ecosystem that the schema does not know: the entry stands
//               without `package`. Affected::ecosystem and name keep what the source says. With members that
//               the schema does not know: stands without these.
//   severity    of unknown type, or a vector that its specification does not accept.
//   ranges      `invalid.ranges` holds the original of every range that was changed or left out.
//               Left out: unknown type, GIT without repository, no `introduced`.
//               An event with several versions becomes several events. One that names no version, and one of
//               a GIT range that names no full commit hash, is removed; but when a range loses its last upper
//               bound that way it is left out, because it would claim more than its source does.
//               What a range or an event has besides the members that the schema knows is removed.
//               `last_affected` beside `fixed`: where the list is a sequence of intervals, those that end in
//               `last_affected` move to a range of their own; in an interval with both, `fixed` stays.
//   references  without URL, or with one that has no scheme: left out. Of unknown type: stand as WEB. With
//               characters that no URI has (RFC 3986): these stand percent-encoded.
//   credits     without name: left out. Of unknown type: stand without type.
// Empty members (null, "", [], {}) are removed: the schema wants them absent.
#pragma once

#include <span>
#include <vector>

#include "advisory/advisory.hpp"
#include "base/arena.hpp"
#include "base/json.hpp"

namespace parse {

/// Misfits by member, in the order in which they were found.
class Misfits {
 public:
  explicit Misfits(base::Arena& arena) : arena_(arena) {}

  /// `member` must live as long as the arena.
  void add(std::string_view member, const base::json::Value& verbatim);
  bool empty() const { return found_.empty(); }
  /// {member: [verbatim, ...], ...}
  base::json::Value to_json() const;
  /// Adds {"vuln_datasync": {"invalid": {member: [verbatim, ...], ...}}} to what typed members do not hold,
  /// unless there are none.
  void put_into(base::json::ObjectBuilder& rest) const;

 private:
  base::Arena& arena_;
  std::vector<base::json::Member> found_;
};

/// An entry of `affected` whose members have the types of the schema (or are empty), as the model holds it.
/// `severity` moves to Affected::severity; where one has members beyond `type` and `score` it also stands
/// verbatim in `database_specific.vuln_datasync.severity`.
advisory::Affected normalize_affected(const base::json::Value& entry, base::Arena& arena);

/// The valid ones of a list of {type, score}.
std::vector<advisory::Severity> normalize_severity(std::span<const base::json::Value> list, Misfits& misfits);

std::vector<advisory::Reference> normalize_references(std::span<const base::json::Value> list,
                                                      Misfits& misfits, base::Arena& arena);
std::vector<advisory::Credit> normalize_credits(std::span<const base::json::Value> list, Misfits& misfits);

/// Adds the members of `record` other than `typed` (sorted) to what typed members do not hold. One that bears
/// the name of ours, "vuln_datasync", is a misfit.
void put_others(const base::json::Value& record, std::span<const std::string_view> typed,
                base::json::ObjectBuilder& rest, Misfits& misfits);

/// The objects of `list` that have other members than `known`: what typed members cannot hold. An array, or
/// null when there are none.
base::json::Value with_other_members(std::span<const base::json::Value> list,
                                     std::span<const std::string_view> known, base::Arena& arena);

}  // namespace parse
