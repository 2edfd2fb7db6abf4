// Which record names which ids, in numbers: the distinct ids sorted bytewise and counted from 0, so that a
// smaller number is a smaller id. Everything that follows works on flat arrays of these numbers.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "resolve/resolve.hpp"

namespace resolve {

using IdNumber = std::uint32_t;

/// One id that a record names.
struct Name {
  IdNumber id = 0;
  bool denied = false;  // an operator struck this claim out
};

struct Naming {
  std::vector<std::string_view> ids;  // sorted, distinct; those of the overrides too
  std::vector<std::uint8_t> anchor;   // by id: a CVE id that the CVE source has not rejected
  std::vector<IdNumber> own;          // by record
  std::vector<Name> names;            // record after record, each sorted by id and distinct, its own included
  std::vector<std::uint32_t> first;   // by record, and one more: where its names begin
  std::vector<std::pair<IdNumber, IdNumber>> allowed;  // without those that are denied too
  std::vector<std::pair<IdNumber, IdNumber>> denied;

  std::span<const Name> names_of(std::size_t record) const {
    return std::span(names).subspan(first[record], first[record + 1] - first[record]);
  }
};

/// Numbers the ids of `records` and `overrides`, and strikes out the claims that are denied.
Naming number_ids(std::span<const Record> records, std::span<const Override> overrides);

}  // namespace resolve
