// Who is the same? Ids and claims of records to groups. Pure, and independent of the order of its input.
//
// The rule (ARCHITECTURE.md explains it with examples): ids are placed first, then every record follows its
// own id. A CVE id that is not rejected is an anchor, and no group holds two. A live record that names
// exactly one anchor ties its other ids to it; an id tied to several anchors is placed nowhere and links
// nothing; a record that names several anchors ties nothing; records that name no anchor join the ids they
// name into clusters, and a cluster that touches exactly one anchor joins it. Retracted records tie nothing.
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
  std::string_view record_id;
  std::string_view own_id;
  std::span<const std::string_view> claims;  // sorted, own_id included
  bool retracted = false;
  bool cve_rejected = false;
};

/// A decision of the operator about a pair of ids (`links allow|deny A B`).
struct Override {
  std::string_view a;
  std::string_view b;
  bool allow = false;
};

/// Why a claim was not followed. The words stand in documents and in `explain`.
enum class Reason : std::uint8_t {
  several_anchors,   // the record names several CVE ids: an advisory about several vulnerabilities links none
  contested,         // the id is tied to several CVE ids by other records
  placed_elsewhere,  // the id belongs to another group
  denied,            // an operator said no
};

std::string_view to_string(Reason reason);

/// A claim that was not followed.
struct Unfollowed {
  std::uint32_t record;  // index into the input
  std::string_view id;   // the id it claims
  Reason reason;
};

struct Group {
  std::string_view id;                    // the public id
  std::vector<std::uint32_t> records;     // indices into the input, by (source, record_id)
  std::vector<std::string_view> ids;      // every id placed here, sorted, the public id included
  std::vector<std::string_view> related;  // ids claimed and not followed, groups that name this one; sorted
  std::vector<std::string_view>
      upstream;                        // the anchors named by a record about several vulnerabilities; sorted
  std::vector<Unfollowed> unfollowed;  // by (record, id)
};

/// An id that is nobody's own and that several groups claim.
struct Shared {
  std::string_view id;
  std::vector<std::uint32_t> groups;  // indices into Result::groups
};

struct Result {
  std::vector<Group> groups;   // by id, bytewise; every record is in exactly one
  std::vector<Shared> shared;  // by id
};

/// Groups `records`, which must be whole components: no record outside may share an id with one inside.
/// Costs O(n log n) in the number of claims.
Result resolve(std::span<const Record> records, std::span<const Override> overrides);

}  // namespace resolve
