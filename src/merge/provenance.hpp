// Which record each part of a document came from, as short as it can be said.
//
// A path names a member of the document, or one of `database_specific.vuln_datasync` ("cvss", "cwe_ids",
// "kev_added"), and covers everything below it. A list whose elements all came from one record is named once
// ("references"); otherwise each run of elements from one record has its path ("references[0-3]",
// "references[4]"). Unions are built record by record, so there are few runs.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/arena.hpp"
#include "base/json.hpp"

namespace merge {

class Provenance {
 public:
  explicit Provenance(base::Arena& arena) : arena_(arena), paths_(arena) {}

  /// `path` must outlive the result; so must `from`, a speaker's key. An empty `from` is no statement.
  void add(std::string_view path, std::string_view from);
  /// A list called `path`: per element where it came from, empty where no record of the group says it.
  void add_list(std::string_view path, std::span<const std::string_view> from);
  /// The path of the elements `first` to `last`, "affected[3]" or "affected[3-5]", with `below` behind it, in
  /// the arena.
  std::string_view run(std::string_view path, std::size_t first, std::size_t last,
                       std::string_view below = {});

  base::json::Value finish() { return paths_.finish(); }

 private:
  base::Arena& arena_;
  base::json::ObjectBuilder paths_;
};

}  // namespace merge
