// Whether the sources can be reached, without fetching them.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "fetch/live.hpp"

namespace fetch {

/// One place that a source, or a part of it, comes from.
struct Place {
  std::string address;
  std::string failure = {};  // why it cannot be used; empty: it can
};

/// Asks each place of `source` once. OSV has two, of which one is enough; CVE is complete with the first of
/// its places, the second one spares transfers.
std::vector<Place> reach_live(const std::string& source, const LiveSettings& settings,
                              const std::stop_token& stop);

/// The part of the mirror at `address` (as for open_mirror) that `source` is read from, or its absence.
std::vector<Place> reach_mirror(const std::string& source, const std::string& address,
                                const http::Settings& http, const std::stop_token& stop);

}  // namespace fetch
