#include "store/lookup.hpp"

#include "advisory/vulnerability.hpp"
#include "base/json.hpp"
#include "store/generated/service.hpp"

namespace store {

namespace {

// A document as PostgreSQL gives jsonb, in the key order of everything that we print.
std::string canonical_document(std::string_view json, base::Arena& arena) {
  if (auto canonical = base::json::canonical_jsonb(json)) return *std::move(canonical);
  arena.reset();
  return base::json::write(advisory::parse_document(json, arena).value);
}

}  // namespace

Lookup find_by_identifiers(pg::Connection& connection, std::span<const std::string> identifiers) {
  Lookup found;
  base::Arena arena;
  const std::vector<std::string_view> views(identifiers.begin(), identifiers.end());
  for (auto& row : sql::find_by_identifiers(connection, views)) {
    if (found.by_identifier.empty()) found.at = {std::move(row.feed_id), row.feed_cursor};
    std::vector<Hit>& hits = found.by_identifier[row.alias];
    if (!hits.empty() && alias_rank(hits.front().kind) != alias_rank(row.kind)) continue;
    hits.push_back({row.uid, std::move(row.id), std::move(row.kind), canonical_document(row.document, arena),
                    std::move(row.document_hash)});
  }
  return found;
}

}  // namespace store
