// Searching the merged vulnerabilities: any combination of filters, the last modified first, by pages that
// begin where the one before ended (no offsets: page 1,000 costs what page 1 does).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pg/connection.hpp"

namespace store {

/// A place in the order of results: after this row.
struct SearchCursor {
  std::int64_t modified_us = 0;  // since 1970
  std::int64_t uid = 0;
};

struct SearchFilter {
  std::string ecosystem;  // with suffix ("Debian:12") or without, which means all suffixes
  std::string package;    // in any spelling that the ecosystem takes as the same
  std::string purl;       // canonical and versionless
  std::string severity;   // a label of the enum
  std::string source;
  std::string cwe;
  std::optional<pg::Timestamp> modified_since;
  std::string text;  // words of ids, aliases and summaries, each by its beginning; or the beginning of an id
  std::optional<SearchCursor> after;
  std::int64_t limit = 100;
  bool with_documents = false;
};

struct SearchRow {
  std::int64_t uid = 0;
  std::string id;
  std::vector<std::string> aliases;
  std::vector<std::string> sources;
  std::optional<std::string> summary;
  std::string severity;
  std::optional<std::string> cvss_score;
  std::optional<pg::Timestamp> kev_added;
  std::optional<pg::Timestamp> published;
  pg::Timestamp modified;
  std::optional<pg::Timestamp> withdrawn;
  std::optional<std::string> document;  // as the server gives it, where it was asked for
};

/// The words of a search text: letters and digits, in lower case, at most eight; bytes of other scripts are
/// letters.
std::vector<std::string> search_words(std::string_view text);

/// One row more than `limit` when there is a next page. Throws pg::Error; SQLSTATE 57014 when it took longer
/// than a search may.
std::vector<SearchRow> search(pg::Connection& connection, const SearchFilter& filter);

}  // namespace store
