// Whether the sources can be reached, without fetching them.
#pragma once

#include <filesystem>
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

/// The part of a mirror that `source` is read from, or its absence. A mirror with no part at all is one
/// failure for each source.
std::vector<Place> reach_mirror(const std::string& source, const std::filesystem::path& mirror);

}  // namespace fetch
