#include "fuzz/record.hpp"

#include <array>
#include <string>
#include <vector>

#include "advisory/vulnerability.hpp"
#include "base/arena.hpp"
#include "fuzz/fuzz_target.hpp"
#include "merge/check.hpp"
#include "merge/merge.hpp"
#include "parse/parse.hpp"
#include "resolve/resolve.hpp"

namespace fuzz {

namespace {

void check_document(const advisory::Advisory& record, base::Arena& arena) {
  const std::vector<resolve::Record> records{
      {record.source, record.record_id, record.own_id, record.claims, record.retracted, record.cve_rejected}};
  const resolve::Result resolved = resolve::resolve(records, {});
  require(resolved.groups.size() == 1, "one record is one group");
  const std::array<merge::Contributor, 1> contributors{{{&record, false}}};
  const auto merged = merge::merge(resolved.groups.front(), contributors, records, arena);
  for (const std::string& complaint : merge::complaints_about(merged.document)) require(false, complaint);
  base::Arena other;
  const base::json::Parsed again = advisory::parse_document(merged.canonical, other);
  require(!again.error && base::json::write(again.value) == merged.canonical, "a document is canonical");
}

}  // namespace

void check_record(advisory::Source source, std::string_view bytes) {
  base::Arena arena;
  const parse::Parsed first = parse::parse(source, "", bytes, arena);
  const parse::Parsed second = parse::parse(source, "", bytes, arena);
  require(first.index() == second.index(), "the same bytes are read the same way");
  const auto* record = std::get_if<advisory::Advisory>(&first);
  if (record == nullptr) return;
  require(record->content_sha256 == std::get<advisory::Advisory>(second).content_sha256,
          "the same bytes have the same hash");
  require(!record->record_id.empty() && !record->own_id.empty(), "a record has an id");
  check_document(*record, arena);
}

}  // namespace fuzz
