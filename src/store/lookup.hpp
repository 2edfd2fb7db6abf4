// What identifiers lead to.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pg/connection.hpp"

namespace store {

/// One vulnerability that an identifier leads to.
struct Hit {
  std::int64_t uid = 0;
  std::string id;
  std::string kind;           // id, alias, former, related
  std::string document;       // canonical JSON
  std::string document_hash;  // 32 bytes
};

/// Where a change feed stands: everything up to `cursor` has happened.
struct FeedPosition {
  std::string feed_id;
  std::int64_t cursor = -1;
};

/// What identifiers led to in one state of the database.
struct Lookup {
  std::unordered_map<std::string, std::vector<Hit>> by_identifier;
  FeedPosition at;  // of that state; not set when nothing was found
};

/// How near a kind of alias is: what is somebody's own id or alias is not a former id of another, and an id
/// that is nobody's own means all that claim it.
inline int alias_rank(std::string_view kind) {
  return kind == "former" ? 1 : kind == "related" ? 2 : 0;
}

/// Keeps the rows of the nearest kind; `rows` come nearest first.
template <typename Row>
void keep_nearest(std::vector<Row>& rows) {
  if (rows.empty()) return;
  const int nearest = alias_rank(rows.front().kind);
  rows.erase(std::remove_if(rows.begin(), rows.end(),
                            [&](const Row& row) { return alias_rank(row.kind) != nearest; }),
             rows.end());
}

/// The nearest vulnerabilities for each of `identifiers`, by one statement; those that lead nowhere are not
/// in it. Throws pg::Error.
Lookup find_by_identifiers(pg::Connection& connection, std::span<const std::string> identifiers);

}  // namespace store
