// The CVE list's log of its own changes, cves/deltaLog.json: which records every commit of the last days
// touched. It promises no window and lists no deletion (none happen by design).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "fetch/cve_record.hpp"

namespace fetch {

/// Records to look at, by id, each with the time that it must at least have been changed at.
using CveWanted = std::map<std::string, Seconds, std::less<>>;

struct CveChange {
  Seconds updated = 0;  // the latest time that an entry gives for it, or 0
  Seconds listed = 0;   // when the newest of these entries was written
};

struct CveLog {
  Seconds newest = 0;  // of all entries
  Seconds oldest = 0;
  std::map<std::string, CveChange, std::less<>> changed;  // by the entries later than what was asked for
};

/// More bytes than any honest log has (3.7 MB, 30 days).
inline constexpr std::uint64_t largest_cve_log = std::uint64_t{64} << 20;

/// Reads the log; `changed` is what its entries later than `since` name. Ids that are none are passed over:
/// an address is built from them. Throws Error `corrupt` where it is not such a log, has no entry, or an
/// entry without a readable time, for then nobody knows what it leaves out; `origin` is for that message.
///
/// Format: an array of {"fetchTime", "new": [{"cveId", "dateUpdated", ...}], "updated": [...], "error":
/// [...]}; older entries call a list "unknown" (https://github.com/CVEProject/cvelistV5, "delta.json").
CveLog read_cve_log(std::string_view json, Seconds since, std::string_view origin);

}  // namespace fetch
