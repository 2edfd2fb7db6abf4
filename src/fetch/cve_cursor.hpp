// What is remembered of the CVE list between two runs: how far its log of changes was followed, which records
// the log named but the server did not have yet, and which ones need not be fetched twice.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fetch/cve_log.hpp"

namespace fetch {

struct CveCursor {
  Seconds time = 0;  // of the newest entry of the log that was followed
  CveWanted again;   // to be fetched again, in the state that the log announced
  /// Taken in that state, from the newest entries: a part of the log is read twice, for some come late.
  CveWanted recent;
};

/// As JSON: {"again": {"CVE-…": "2024-…Z"}, "cursor": "2024-…Z", "recent": {…}}.
std::string to_text(const CveCursor& cursor);

/// Nothing for any other text, "" included.
std::optional<CveCursor> read_cve_cursor(std::string_view text);

}  // namespace fetch
