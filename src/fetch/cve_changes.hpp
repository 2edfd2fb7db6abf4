// The changed records of the CVE list, without its archive of half a gigabyte.
//
// The log of changes says which records; their bytes come one by one while they are few, and out of the
// release archives of the days in question while they are many. A record counts only in the state that the
// log announced or a later one: caches on the way answer with older ones for minutes.
#pragma once

#include <string>

#include "fetch/cve_cursor.hpp"
#include "fetch/live.hpp"
#include "http/client.hpp"

namespace fetch {

/// Where the records and the log of one commit are.
struct CveAddresses {
  std::string raw;       // below it lies cves/
  std::string releases;  // the listing of GitHub's API, or ""
};

/// What changed since `cursor`, as State::delta with route and watermark but without a fingerprint, or
/// State::unchanged when the log has nothing new and nothing is left to be fetched again. Throws Error
/// (`corrupt` for a log that is none, `unsupported` when this is no cheap or no complete way) and
/// http::Error: then only the archive has everything.
Fetched open_cve_changes(const Request& request, const CveAddresses& addresses, const CveCursor& cursor,
                         const http::Settings& settings);

/// The time of the newest entry of the log, for who takes the archive next; nothing when it cannot be had.
/// `bytes` grows by what was transferred.
std::optional<Seconds> newest_cve_change(const CveAddresses& addresses, http::Client& client,
                                         std::uint64_t& bytes);

}  // namespace fetch
