// Who is the same? Ids and claims of records to groups. Pure, and independent of the order of its input.
//
// The rule, which docs/identity.md explains with examples. *Ids are placed first, then every record follows
// its own id.* A record names its own id and the ids it claims to be the same.
//
//  1. A CVE id is an anchor: it names one vulnerability, and no group holds two. A CVE id that the CVE source
//     has rejected is an ordinary id.
//  2. A live record that names exactly one anchor ties the other ids it names to it. An id tied to one anchor
//     is placed there. An id tied to several is contested: it links nothing, and stands alone where it is
//     some record's own id.
//  3. A record that names several anchors ties nothing.
//  4. A live record that names no anchor joins those ids it names that are not placed yet into a cluster, and
//     the cluster touches the anchors where the others of its ids are placed. A cluster that touches exactly
//     one anchor is placed there; any other is a group of its own.
//  5. Retracted records come second: they follow rules 2 to 4 for the ids that the live ones left open, touch
//     any group that exists by then, and move nothing.
//  6. A record goes where its own id is. A claim whose two ids end in different groups is not followed.
//  7. The operator's word goes before: `allow` places an id at an anchor whatever records say, or joins two
//     other ids as a record does that names no anchor; `deny` strikes out the claim and keeps the id away
//     from the anchor.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "advisory/advisory.hpp"

namespace resolve {

inline constexpr int version = 1;  // as parse::version

/// What resolve needs to know of one record. Views must outlive the result.
struct Record {
  advisory::Source source = advisory::Source::osv;
  std::string_view record_id;  // unique within its source
  std::string_view own_id;
  std::span<const std::string_view>
      claims;  // the ids it names; own_id counts whether it is among them or not
  bool retracted = false;
  bool cve_rejected = false;  // counts as retracted, and for source cve its own id is no anchor
};

/// A decision of the operator about a pair of ids (`links allow|deny A B`), in either order.
///
/// allow: with exactly one anchor among the two, the other id is placed there, whatever records tie it to;
/// allowed to several anchors, it is contested. With none they are joined as by a live record that names
/// both. With two it has no effect, for no group holds two anchors.
///
/// deny: no claim of one record that links the pair is followed. A record that bears one of the two as its
/// own id does not name the other; of a third record's names, the one that is no anchor is struck out, or
/// both where neither is one. With one anchor among the two the ids never share a group. With none they still
/// may, where other links lead from one to the other: those can be denied as well. deny beats allow.
struct Override {
  std::string_view a;
  std::string_view b;
  bool allow = false;
};

/// Why a claim was not followed. The words stand in documents and in `explain`. Where several fit, the one
/// that stands first here.
enum class Reason : std::uint8_t {
  denied,            // an operator said no
  several_anchors,   // the record names several CVE ids: an advisory about several vulnerabilities links none
  contested,         // the id, or the record's own, is tied to several CVE ids
  retracted,         // the record is retracted, and moves nothing that live records have placed
  placed_elsewhere,  // the two ids belong to different groups by the word of other records
};

/// "denied", "several-anchors", "contested", "retracted", "placed-elsewhere".
std::string_view to_string(Reason reason);

/// A claim that was not followed.
struct Unfollowed {
  std::uint32_t record = 0;  // index into the input
  std::string_view id;       // the id it claims
  Reason reason = Reason::denied;
  friend bool operator==(const Unfollowed&, const Unfollowed&) = default;
};

/// One vulnerability. What a retracted record names counts in `related` and `upstream` only where every
/// record of the group is retracted; in `unfollowed` it always stands.
struct Group {
  /// The public id: the anchor, else the bytewise smallest GHSA id of `ids`, else the smallest own id among
  /// the records of the first source. It is one of `ids`, so no two groups have the same.
  std::string_view id;
  std::vector<std::uint32_t> records;  // indices into the input, by (source, record_id); at least one
  std::vector<std::string_view> ids;   // every id placed here, sorted; each id is in one group at most
  /// Sorted: the ids of unfollowed claims that are not in `upstream`; for an anchor's group also the public
  /// ids of the groups that have the anchor in `upstream` because live records name it.
  std::vector<std::string_view> related;
  /// Sorted: in a group without an anchor, the anchors that its records about several vulnerabilities name.
  std::vector<std::string_view> upstream;
  std::vector<Unfollowed> unfollowed;  // by (record, id)
  friend bool operator==(const Group&, const Group&) = default;
};

/// An id that some record claims and that is in no group: it is nobody's own, and no link to it was followed.
/// It stands for every group that claims it, one or several.
struct Shared {
  std::string_view id;
  std::vector<std::uint32_t> groups;  // indices into Result::groups, ascending
  friend bool operator==(const Shared&, const Shared&) = default;
};

/// Every id that a record names is in the `ids` of exactly one group, or in `shared`.
struct Result {
  std::vector<Group> groups;   // by id, bytewise; every record is in exactly one
  std::vector<Shared> shared;  // by id
  friend bool operator==(const Result&, const Result&) = default;
};

/// Groups `records`, which must be whole components: no record outside may share an id with one inside, and
/// no `allow` may join an id inside with one of a record outside (see components.hpp). Overrides that concern
/// none of the records are passed over. Never fails. Costs O(n log n) in the number of claims.
Result resolve(std::span<const Record> records, std::span<const Override> overrides);

}  // namespace resolve
