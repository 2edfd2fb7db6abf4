// The archives of changes that the CVE list publishes as releases: one an hour, each with everything changed
// since midnight, and one at the end of the day.
#pragma once

#include <string>
#include <vector>

#include "fetch/cve_record.hpp"
#include "http/client.hpp"

namespace fetch {

struct CveDelta {
  std::string url;
  std::uint64_t size = 0;
  Seconds published = 0;
  bool whole_day = false;
};

/// The archives of changes that the listing at `url` (GitHub's releases API) has and that were published
/// after `since`, newest first; of those of one day the last one, and that of the whole day. Nothing is
/// concluded from the date or hour in a name, which are wrong now and then. `bytes` grows by what was
/// transferred. Throws http::Error, and Error `corrupt` where the answer is no such listing.
///
/// Format: https://docs.github.com/rest/releases/releases#list-releases
std::vector<CveDelta> list_cve_deltas(const std::string& url, Seconds since, http::Client& client,
                                      std::uint64_t& bytes);

/// Whether there is an archive of the whole day for each day from the one of `from` until that of `to`.
bool covers_days(const std::vector<CveDelta>& deltas, Seconds from, Seconds to);

}  // namespace fetch
